"""A file that Regulars wrote, brought back: every row under the numbers and sources that it had."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy.orm import Session

from crm_core.importing.choices import Existing
from crm_core.importing.own_rows import StagedOwn
from crm_core.importing.report import ChangeCount
from crm_core.services.import_own_fields import store_own_fields
from crm_core.services.import_own_orders import store_own_lines, store_own_orders
from crm_core.services.import_own_rows import (
    ids_of_customers,
    insert_frame,
    insert_identities,
    merge_rows,
    number_rows,
    update_rows,
)
from crm_core.store.bulk import insert_columns
from crm_core.store.own_queries import all_known_by, customers_by_number, rows_by_number, rows_by_place
from crm_core.store.tables import Base, Customer, Order, Product, Refund, RepeatedRow

__all__ = ["OwnStored", "store_own"]

TABLES = Base.metadata.tables
NO_CHANGE = ChangeCount()
STATED = "/refunded-"  # in the names of refunds that an order's own row states
IN_SUM = (
    ": what was given back of order '{order}' is stored already in sum. Take the import that brought the order back "
    "first."
)
Mask = npt.NDArray[np.bool_]
PERSON = ["name", "email", "phone", "postcode", "country", "channel", "birthday", "archived_at"]
DATED = ["birthday", "archived_at"]  # come with a new row only


@dataclass(frozen=True)
class OwnStored:
    """What was stored. refused: row number -> why not; day: the frame's column of days, where it has one."""

    accepted: int
    customers: ChangeCount = NO_CHANGE
    orders: ChangeCount = NO_CHANGE
    refunds: int = 0
    changes: dict[str, ChangeCount] = field(default_factory=dict)
    accepted_rows: frozenset[int] = frozenset()
    refused: dict[int, str] = field(default_factory=dict)


def store_own(
    session: Session, staged: StagedOwn, *, import_id: int, existing: str, tell: Callable[[float, str], None]
) -> OwnStored:
    """Write the rows of an export of ours in the session's transaction, under an import."""
    store: dict[str, Callable[[Session, pd.DataFrame, int, str], OwnStored]] = {
        "customers": _customers,
        "products": _products,
        "refunds": _refunds,
        "order_lines": _order_lines,
        "orders": _orders,
        "custom_fields": _custom_fields,
    }
    tell(0.3, "Storing")
    name = staged.own.name
    if name in store:
        return store[name](session, staged.frame, import_id, existing)
    return _events(session, staged, import_id)


def _customers(session: Session, frame: pd.DataFrame, import_id: int, existing: str) -> OwnStored:
    """People by their number; else by what else is known of them, where nobody of the file has that number."""
    table = TABLES[Customer.__tablename__]
    keys = list(zip(frame["source"], frame["source_id"], strict=True))
    known, held = customers_by_number(session), all_known_by(session)
    taken = {known[key] for key in keys if key in known}
    for key, identities in zip(keys, frame["identities"], strict=True):
        holders = [held[identity] for identity in identities or () if identity in held]
        if key not in known and holders and holders[0] not in taken:
            known[key] = holders[0]
    ids, is_new = number_rows(session, table, keys, known)
    insert_frame(session, table, frame[is_new], ids, is_new, ["source", "source_id", *PERSON], import_id)
    fields = [name for name in PERSON if name not in DATED]
    changed = update_rows(session, table, frame, ids, is_new, fields, import_id=import_id, existing=existing)
    wanted = [(key, ("source", *number)) for key, number in zip(ids, keys, strict=True)]
    rows = zip(ids, frame["identities"], strict=True)
    wanted += [(key, identity) for key, identities in rows for identity in identities or ()]
    changed |= insert_identities(session, wanted, import_id)
    note_repeated(session, table.name, ids, is_new, import_id)
    return _merged("customers", ids, is_new, changed, frame)


def _products(session: Session, frame: pd.DataFrame, import_id: int, existing: str) -> OwnStored:
    table = TABLES[Product.__tablename__]
    ids, is_new = number_rows(
        session, table, zip(frame["source"], frame["source_id"], strict=True), rows_by_number(session, table)
    )
    fields = ["source", "source_id", *[name for name in frame.columns if name in table.c and name != "id"]]
    fields = list(dict.fromkeys(fields))
    insert_frame(session, table, frame[is_new], ids, is_new, fields, import_id)
    texts = [name for name in fields if name not in ("source", "source_id", *DATED)]
    changed = update_rows(session, table, frame, ids, is_new, texts, import_id=import_id, existing=existing)
    return _merged("products", ids, is_new, changed, frame)


def _refunds(session: Session, frame: pd.DataFrame, import_id: int, _existing: str) -> OwnStored:
    table, orders = TABLES[Refund.__tablename__], rows_by_number(session, TABLES[Order.__tablename__])
    refused = _in_sum_already(frame, rows_by_number(session, table))
    frame = frame[~frame["row_number"].isin(list(refused))]
    customer_ids, people = ids_of_customers(session, frame, import_id)
    named = zip(frame["order_source"], frame["order"], strict=True)
    whole = frame.assign(
        customer_id=pd.Series(customer_ids, frame.index, dtype=object),
        order_id=pd.Series([orders.get(key) for key in named], frame.index, dtype=object),
    )
    fields = ["customer_id", "order_id", "refunded_on", "currency", "amount_minor"]
    found = merge_rows(session, table, whole, fields, import_id=import_id, existing="skip")
    note_repeated(session, table.name, found.ids, found.is_new, import_id)
    numbers = frame["row_number"]
    return OwnStored(
        found.accepted,
        customers=ChangeCount(people),
        refunds=found.changes.new,
        accepted_rows=frozenset(numbers[found.is_new].tolist()),
        refused=refused,
    )


def _in_sum_already(frame: pd.DataFrame, stored: dict[tuple[str, str], int]) -> dict[int, str]:
    """Refunds of orders whose refunds are stored in sum, because the orders came without lines: row -> why not."""
    in_sum = {(source, name.partition(STATED)[0]) for source, name in stored if STATED in name}
    return {
        row.row_number: IN_SUM.format(order=row.order)
        for row in frame.itertuples()
        if (row.order_source, row.order) in in_sum and (row.source, row.source_id) not in stored
    }


def _events(session: Session, staged: StagedOwn, import_id: int) -> OwnStored:
    """Conversations, requests and answers: known by their number, else by what they say, and which of several equal
    ones they are."""
    table, frame = TABLES[staged.own.table], staged.frame
    customer_ids, people = ids_of_customers(session, frame, import_id)
    whole = frame.assign(customer_id=pd.Series(customer_ids, frame.index, dtype=object))
    fields = [name for name in whole.columns if name in table.c and name != "id"]
    place = [name for name in fields if name not in ("source", "source_id")]
    known: dict[Any, int] = {}
    for values, found_ids in rows_by_place(session, table, place).items():
        known |= {(values, at): key for at, key in enumerate(found_ids)}
    numbered = "source_id" in table.c
    known |= rows_by_number(session, table) if numbered else {}
    seen: Counter[Any] = Counter()
    keys: list[Any] = []
    for row in whole.to_dict("records"):
        values = tuple(row[name] for name in place)
        number = (row.get("source"), row.get("source_id"))
        keys.append(number if numbered and number[1] is not None else (values, seen[values]))
        seen[values] += 1
    ids, is_new = number_rows(session, table, keys, known)
    insert_frame(session, table, whole[is_new], ids, is_new, fields, import_id)
    note_repeated(session, table.name, ids, is_new, import_id)
    found = _merged(staged.own.name, ids, is_new, set(), frame)
    return OwnStored(
        found.accepted,
        customers=ChangeCount(people),
        changes={table.name: ChangeCount(found.accepted, 0, len(frame) - found.accepted)},
        accepted_rows=found.accepted_rows,
    )


def _custom_fields(session: Session, frame: pd.DataFrame, import_id: int, existing: str) -> OwnStored:
    accepted, refused = store_own_fields(session, frame, import_id=import_id, existing=Existing(existing))
    counts = ChangeCount(len(accepted), 0, len(frame) - len(accepted) - len(refused))
    return OwnStored(len(accepted), changes={"custom_fields": counts}, accepted_rows=accepted, refused=refused)


def _order_lines(session: Session, frame: pd.DataFrame, import_id: int, existing: str) -> OwnStored:
    return _of_orders(store_own_lines(session, frame, import_id=import_id, existing=existing))


def _orders(session: Session, frame: pd.DataFrame, import_id: int, existing: str) -> OwnStored:
    return _of_orders(store_own_orders(session, frame, import_id=import_id, existing=existing))


def _of_orders(found: Any) -> OwnStored:
    return OwnStored(
        len(found.accepted_rows),
        customers=ChangeCount(found.people),
        orders=found.orders,
        refunds=found.refunds,
        accepted_rows=found.accepted_rows,
        refused=found.refused,
    )


def _merged(name: str, ids: list[int], is_new: Mask, changed: set[int], frame: pd.DataFrame) -> OwnStored:
    brought = np.array([new or key in changed for key, new in zip(ids, is_new, strict=True)], bool)
    again = pd.Series(ids).duplicated().to_numpy()
    brought &= ~again
    new = set(pd.Series(ids)[is_new])
    counts = ChangeCount(len(new), len(changed - new), len(set(ids) - new - changed))
    rows = frozenset(frame["row_number"][brought].tolist())
    if name == "customers":
        return OwnStored(len(rows), customers=counts, accepted_rows=rows)
    return OwnStored(len(rows), changes={name: counts}, accepted_rows=rows)


def note_repeated(session: Session, name: str, ids: list[int], is_new: Mask, import_id: int) -> None:
    """Remember rows that this import brought again, so that undoing the first import keeps them."""
    again = sorted(
        {key for key, new in zip(ids, is_new, strict=True) if not new} - set(np.array(ids, np.int64)[is_new].tolist())
    )
    rows = {"import_id": import_id, "table_name": name, "row_id": np.array(again, np.int64)}
    insert_columns(session, TABLES[RepeatedRow.__tablename__], rows)


def day_span(frame: pd.DataFrame) -> tuple[date | None, date | None]:
    """The first and the last day that rows have."""
    name = next((n for n in ("day", "refunded_on", "happened_on", "opened_on", "answered_on") if n in frame), None)
    days = frame[name].dropna() if name else []
    return (min(days), max(days)) if len(days) else (None, None)
