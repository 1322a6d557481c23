"""Orders of our own exports: with their lines, rebuilt exactly; or as whole orders, each with one line."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from crm_core.importing.order_lines import fingerprint_lines
from crm_core.importing.report import ChangeCount
from crm_core.importing.text_table import TextColumn
from crm_core.services.import_orders import recompute_amounts
from crm_core.services.import_own_rows import (
    ids_of_customers,
    ids_of_products,
    insert_frame,
    merge_rows,
    number_rows,
    update_rows,
)
from crm_core.store.bulk import insert_columns
from crm_core.store.own_queries import lines_of, rows_by_number, stored_rows
from crm_core.store.tables import Base, Order, OrderLine, Refund, RepeatedLine

__all__ = ["StoredOwnOrders", "store_own_lines", "store_own_orders"]

TABLES = Base.metadata.tables
UPDATED = ["status", "status_raw", "channel", "customer_id"]
OTHER_MONEY = (
    ": order '{order}' is stored already with other lines, which would be counted twice. Take the import that brought "
    "them back first."
)
OTHER_CURRENCY = ": order '{order}' is stored already in another currency. Correct the row."


@dataclass(frozen=True)
class StoredOwnOrders:
    """What was stored. refused: row number -> why not."""

    people: int
    orders: ChangeCount
    refunds: int
    accepted_rows: frozenset[int]
    refused: dict[int, str] = field(default_factory=dict)


def store_own_lines(session: Session, frame: pd.DataFrame, *, import_id: int, existing: str) -> StoredOwnOrders:
    """Orders and their lines. A line is known by its order and its name; an order's rows stand or fall together."""
    stored, known = lines_of(session), rows_by_number(session, TABLES[Order.__tablename__])
    refused = _refused(session, frame, known, stored)
    frame = frame[~frame["row_number"].isin(list(refused))]
    people, ids, is_new, changed = _store_headers(session, frame, known, import_id, existing)
    lines = frame.assign(order_id=ids, product_id=ids_of_products(session, frame, import_id))
    lines = lines[lines["line"].notna()]
    keys = [(order, *line) for order, line in zip(lines["order_id"], lines["line"], strict=True)]
    there = {(order, *line) for order in set(ids) for line in stored.get(order, ())}
    first = ~pd.Series(keys, lines.index, dtype=object).duplicated()
    fresh = first & pd.Series([key not in there for key in keys], lines.index, dtype=bool)
    _insert_lines(session, lines[fresh], import_id)
    _note_lines(session, [key for key, again in zip(keys, (first & ~fresh).tolist(), strict=True) if again], import_id)
    touched = set(lines.loc[fresh, "order_id"].tolist())
    recompute_amounts(session, touched)
    heads = frame[is_new | frame["line"].isna().to_numpy() & np.isin(ids, list(changed))]
    rows = frozenset([*lines.loc[fresh, "row_number"].tolist(), *heads["row_number"].tolist()])
    return StoredOwnOrders(people, _counts(ids, is_new, changed | touched), 0, rows, refused)


def store_own_orders(session: Session, frame: pd.DataFrame, *, import_id: int, existing: str) -> StoredOwnOrders:
    """Whole orders. One that is stored already is left as it is; a new one gets a line for its total, and what was
    given back as a refund on its day."""
    known = rows_by_number(session, TABLES[Order.__tablename__])
    is_new = np.array([key not in known for key in zip(frame["source"], frame["source_id"], strict=True)], bool)
    new = frame[is_new]
    totals = new["amount_minor"].fillna(0).to_numpy(np.int64)
    nothing = TextColumn(np.full(len(new), -1), np.empty(0, object))
    prints = fingerprint_lines(nothing, np.full(len(new), np.nan), totals)
    nobody = dict.fromkeys(("product_source", "product", "product_name", "quantity"))
    whole = new.assign(**nobody, line=[(int(mark), 0) for mark in prints]).astype(object)
    found = store_own_lines(session, whole, import_id=import_id, existing=existing)
    back = new[new["refunded_minor"].fillna(0) > 0]
    people, _ = ids_of_customers(session, back, import_id)
    orders = rows_by_number(session, TABLES[Order.__tablename__])
    keys = zip(back["source"], back["source_id"], strict=True)
    refunds = back.assign(
        order_id=pd.Series([orders[key] for key in keys], back.index, dtype=object),
        customer_id=pd.Series(people, back.index, dtype=object),
        source_id=[
            f"{order}/refunded-{sum_}" for order, sum_ in zip(back["source_id"], back["refunded_minor"], strict=True)
        ],
        refunded_on=back["day"],
        amount_minor=back["refunded_minor"],
    )
    fields = ["customer_id", "order_id", "refunded_on", "currency", "amount_minor"]
    given = merge_rows(session, TABLES[Refund.__tablename__], refunds, fields, import_id=import_id, existing="skip")
    counts = ChangeCount(found.orders.new, 0, len(frame) - len(new))
    return StoredOwnOrders(found.people, counts, given.changes.new, found.accepted_rows, found.refused)


def _refused(
    session: Session, frame: pd.DataFrame, known: dict[tuple[str, str], int], stored: dict[int, set[tuple[int, int]]]
) -> dict[int, str]:
    """Rows of orders that are stored in another currency, or with other lines than the file's: row -> why."""
    headers = stored_rows(session, TABLES[Order.__tablename__], ["currency"])
    refused: dict[int, str] = {}
    for (source, number), rows in frame.groupby(["source", "source_id"], sort=False):
        key = known.get((source, number))
        if key is None:
            continue
        here = stored.get(key, set())
        told: set[tuple[int, int]] = set(rows["line"].dropna())
        why = ""
        if set(rows["currency"]) != {headers[key]["currency"]}:
            why = OTHER_CURRENCY
        elif told - here and here - told:
            why = OTHER_MONEY
        if why:
            refused |= dict.fromkeys(rows["row_number"].tolist(), why.format(order=number))
    return refused


def _store_headers(
    session: Session, frame: pd.DataFrame, known: dict[tuple[str, str], int], import_id: int, existing: str
) -> tuple[int, list[int], "np.ndarray[Any, Any]", set[int]]:
    """How many people are new; per row the order, whether it begins a new one; and the orders that took something."""
    table = TABLES[Order.__tablename__]
    customer_ids, people = ids_of_customers(session, frame, import_id)
    whole = frame.assign(
        customer_id=pd.Series(customer_ids, frame.index, dtype=object), ordered_on=frame["day"], amount_minor=0
    )
    ids, is_new = number_rows(session, table, zip(frame["source"], frame["source_id"], strict=True), known)
    fields = ["source", "source_id", "ordered_on", "status", "status_raw", "channel", "currency", "customer_id"]
    insert_frame(session, table, whole[is_new], ids, is_new, [*fields, "amount_minor"], import_id)
    fresh = {key for key, new in zip(ids, is_new, strict=True) if new}
    begun = np.array([key in fresh for key in ids], bool)
    changed = update_rows(session, table, whole, ids, begun, UPDATED, import_id=import_id, existing=existing)
    return people, ids, is_new, changed


def _insert_lines(session: Session, lines: pd.DataFrame, import_id: int) -> None:
    columns = {name: lines[name].to_numpy(object) for name in ("product_id", "quantity")}
    columns |= {"order_id": lines["order_id"].to_numpy(np.int64)}
    for at, name in enumerate(("fingerprint", "occurrence")):
        columns[name] = np.array([line[at] for line in lines["line"]], np.int64)
    columns["amount_minor"] = lines["amount_minor"].fillna(0).to_numpy(np.int64)
    insert_columns(session, TABLES[OrderLine.__tablename__], {**columns, "import_id": import_id})


def _note_lines(session: Session, keys: list[tuple[int, int, int]], import_id: int) -> None:
    """Remember lines that this import brought again, so that undoing the first import keeps them."""
    cells = np.array(keys, np.int64).reshape(-1, 3)
    columns: dict[str, Any] = {name: cells[:, at] for at, name in enumerate(("order_id", "fingerprint", "occurrence"))}
    insert_columns(session, TABLES[RepeatedLine.__tablename__], {**columns, "import_id": import_id})


def _counts(ids: list[int], is_new: "np.ndarray[Any, Any]", changed: set[int]) -> ChangeCount:
    new = set(np.array(ids)[is_new].tolist()) if len(ids) else set()
    return ChangeCount(len(new), len(changed - new), len(set(ids) - new - changed))
