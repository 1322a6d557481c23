"""What a platform states of whole orders, kept true: an order comes to its total, refunds to what was given back.

Both are what is so by now, not what is new, so that a later export of the same orders adds only the difference.
"""

from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_core.importing.order_lines import fingerprint_lines
from crm_core.importing.text_table import TextColumn
from crm_core.store.bulk import insert_columns, next_id
from crm_core.store.edit_queries import hand_edited
from crm_core.store.import_queries import batches
from crm_core.store.tables import Base, Order, OrderLine, Refund, RepeatedLine, RepeatedRow

__all__ = ["balance_orders", "store_stated_refunds"]

TABLES = Base.metadata.tables
LINE_KEY = ["order_id", "fingerprint", "occurrence"]
STATED = "refunded"  # begins the name of a refund that an order's own row states


def balance_orders(session: Session, told: pd.DataFrame, *, import_id: int) -> "pd.Series[int]":
    """Give orders a line without product for what their total is more or less than their lines: order_id -> amount.

    An order that a file of totals brought keeps its total when another file brings its lines. Orders whose amount the
    owner edited stay. In: told[order_id, was_known, brought_minor: by new lines, total_minor, extras_minor].
    """
    bare = _bare_lines(session, told.loc[told["was_known"], "order_id"])
    _note_bare_lines(session, bare, import_id)
    missing = _missing(session, told, set(bare["order_id"].tolist()))
    by_hand = {row_id for row_id, field in hand_edited(session, Order.__tablename__) if field == "amount_minor"}
    added = missing[(missing != 0) & ~missing.index.isin(list(by_hand))]
    _insert_balances(session, added, import_id)
    return added


def store_stated_refunds(session: Session, told: pd.DataFrame, *, import_id: int, source: str) -> "pd.Series[int]":
    """Add to each order's refunds what is missing to the stated sum, on the order's day: order_id -> amount added.

    In: told[order_id, source_id, customer_id: or -1, ordered_on, currency, refunded_minor].
    """
    told = told[told["refunded_minor"] > 0]
    known = _refunds(session, told["order_id"])
    _note_refunds(session, known, set(told["source_id"]), import_id)
    given = known.groupby("order_id")["amount_minor"].sum()
    missing = told["refunded_minor"].to_numpy() - given.reindex(told["order_id"], fill_value=0).to_numpy(np.int64)
    new = told.assign(missing=missing)[missing > 0]
    table = TABLES[Refund.__tablename__]
    first = next_id(session, table)
    customers = np.array([None if key < 0 else key for key in new["customer_id"]] + [None], object)[:-1]
    names = [f"{order}/{STATED}-{total}" for order, total in zip(new["source_id"], new["refunded_minor"], strict=True)]
    columns = {
        "id": np.arange(first, first + len(new)),
        "source": source,
        "source_id": np.array([*names, None], object)[:-1],
        "customer_id": customers,
        "order_id": new["order_id"].to_numpy(np.int64),
        "refunded_on": new["ordered_on"].to_numpy(),
        "currency": new["currency"].to_numpy(object),
        "amount_minor": new["missing"].to_numpy(np.int64),
        "import_id": import_id,
    }
    insert_columns(session, table, columns)
    return new.set_index("order_id")["missing"]


def _missing(session: Session, told: pd.DataFrame, has_bare: set[int]) -> "pd.Series[int]":
    """Per order what a further line has to bring."""
    now = told["order_id"].map(_sums(session, told["order_id"])).fillna(0).astype(np.int64)
    to_total = told["total_minor"] - now
    keeps = told["was_known"] & told["order_id"].isin(has_bare)  # a file of totals brought it: lines only divide it
    otherwise = np.where(keeps, -told["brought_minor"], np.where(told["was_known"], 0, told["extras_minor"].fillna(0)))
    missing = to_total.fillna(pd.Series(otherwise, told.index, dtype="Int64")).astype(np.int64)
    return missing.set_axis(told["order_id"])


def _bare_lines(session: Session, order_ids: pd.Series) -> pd.DataFrame:
    """The stored lines without product: [order_id, fingerprint, occurrence, import_id]."""
    columns = (OrderLine.order_id, OrderLine.fingerprint, OrderLine.occurrence, OrderLine.import_id)
    rows: list[Any] = []
    for batch in batches(order_ids):
        query = select(*columns).where(OrderLine.order_id.in_(batch), OrderLine.product_id.is_(None))
        rows += session.execute(query).all()
    return pd.DataFrame(rows, columns=[*LINE_KEY, "import_id"], dtype=object)


def _note_bare_lines(session: Session, bare: pd.DataFrame, import_id: int) -> None:
    """This file needs them as well: undoing the import that brought them leaves them to this one."""
    noted = set()
    for batch in batches(bare["order_id"].unique()):
        query = select(RepeatedLine.order_id, RepeatedLine.fingerprint, RepeatedLine.occurrence)
        mine = query.where(RepeatedLine.import_id == import_id, RepeatedLine.order_id.in_(batch))
        noted |= {tuple(row) for row in session.execute(mine)}
    others = bare[bare["import_id"] != import_id]
    keys = [key for key in others[LINE_KEY].itertuples(index=False, name=None) if key not in noted]
    cells = np.array(keys, np.int64).reshape(-1, 3)
    columns = {name: cells[:, at] for at, name in enumerate(LINE_KEY)}
    insert_columns(session, TABLES[RepeatedLine.__tablename__], {**columns, "import_id": import_id})


def _sums(session: Session, order_ids: pd.Series) -> dict[int, int]:
    """What orders' lines come to by now."""
    found: dict[int, int] = {}
    for batch in batches(order_ids):
        total = func.coalesce(func.sum(OrderLine.amount_minor), 0)
        query = select(OrderLine.order_id, total).where(OrderLine.order_id.in_(batch)).group_by(OrderLine.order_id)
        found |= {order_id: int(amount) for order_id, amount in session.execute(query)}
    return found


def _insert_balances(session: Session, added: "pd.Series[int]", import_id: int) -> None:
    if added.empty:
        return
    order_ids, amounts = added.index.to_numpy(np.int64), added.to_numpy(np.int64)
    nothing = TextColumn(np.full(len(added), -1), np.empty(0, object))
    prints = fingerprint_lines(nothing, np.full(len(added), np.nan), amounts)
    equal = _equal_lines(session, dict(zip(order_ids.tolist(), prints.tolist(), strict=True)))
    columns = {
        "order_id": order_ids,
        "fingerprint": prints,
        "occurrence": np.array([equal.get(order_id, 0) for order_id in order_ids.tolist()], np.int64),
        "quantity": np.full(len(added), np.nan),
        "amount_minor": amounts,
        "import_id": import_id,
    }
    insert_columns(session, TABLES[OrderLine.__tablename__], columns)


def _equal_lines(session: Session, prints: dict[int, int]) -> dict[int, int]:
    """Per order the first free number among lines with this fingerprint."""
    found: dict[int, int] = {}
    for batch in batches(prints):
        query = select(OrderLine.order_id, OrderLine.fingerprint, func.max(OrderLine.occurrence)).where(
            OrderLine.order_id.in_(batch)
        )
        for order_id, fingerprint, last in session.execute(query.group_by(OrderLine.order_id, OrderLine.fingerprint)):
            if prints[order_id] == fingerprint:
                found[order_id] = last + 1
    return found


def _refunds(session: Session, order_ids: pd.Series) -> pd.DataFrame:
    """The orders' refunds by now: [id, order_id, source_id, amount_minor]."""
    rows: list[Any] = []
    for batch in batches(order_ids):
        columns = (Refund.id, Refund.order_id, Refund.source_id, Refund.amount_minor)
        rows += session.execute(select(*columns).where(Refund.order_id.in_(batch))).all()
    table = pd.DataFrame(rows, columns=["id", "order_id", "source_id", "amount_minor"], dtype=object)
    return table.astype({"amount_minor": np.int64})


def _note_refunds(session: Session, known: pd.DataFrame, orders: set[str], import_id: int) -> None:
    """This file states them as well."""
    own = [key for key, name in zip(known["id"], known["source_id"], strict=True) if _is_stated(name, orders)]
    rows = {"import_id": import_id, "table_name": Refund.__tablename__, "row_id": np.array(own, np.int64)}
    insert_columns(session, TABLES[RepeatedRow.__tablename__], rows)


def _is_stated(name: str, orders: set[str]) -> bool:
    order, _, rest = name.rpartition("/")
    return order in orders and rest.startswith(f"{STATED}-")
