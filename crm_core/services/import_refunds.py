"""Refunds that a file brings in rows of their own: known again, linked to their orders, stored."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy.orm import Session

from crm_core.store.bulk import insert_columns, next_id
from crm_core.store.import_queries import known_orders, known_refunds
from crm_core.store.tables import Base, Refund

__all__ = ["insert_refunds", "known_refund_ids", "or_null"]

TABLES = Base.metadata.tables
NONE = -1
Keys = npt.NDArray[np.int64]


def known_refund_ids(session: Session, orders: pd.DataFrame, lines: pd.DataFrame, source: str) -> Keys:
    """Per line the stored refund that says the same, or -1. Only negative lines can be one."""
    found = np.full(len(lines), NONE)
    stored = known_refunds(session, source)
    if stored:
        negative = np.flatnonzero(lines["amount_minor"].to_numpy() < 0)
        found[negative] = [stored.get(name, NONE) for name in _refund_names(orders, lines.iloc[negative])]
        # a refund with a number of its own is one refund, also where another file divides it otherwise
        numbered = orders["refund_of"].notna().to_numpy()[lines["order"].to_numpy()] & (found == NONE)
        by_number = {name.rpartition("/")[0]: key for name, key in stored.items()}
        names = orders["source_id"].to_numpy(object)[lines["order"].to_numpy()]
        for at in np.flatnonzero(numbered):
            found[at] = by_number.get(names[at], NONE)
    return found


def insert_refunds(session: Session, orders: pd.DataFrame, lines: pd.DataFrame, import_id: int, source: str) -> int:
    """A refund per negative line, linked to its order where that is stored."""
    table = TABLES[Refund.__tablename__]
    headers = orders.iloc[lines["order"].to_numpy()]
    first = next_id(session, table)
    order_ids, customer_ids = _orders_given_back(session, headers, lines["order_id"].to_numpy(), source)
    columns = {
        "id": np.arange(first, first + len(lines)),
        "source": source,
        "source_id": np.array([*_refund_names(orders, lines), None], object)[:-1],
        "customer_id": or_null(customer_ids),
        "order_id": or_null(order_ids),
        "refunded_on": headers["ordered_on"].to_numpy(),
        "currency": headers["currency"].to_numpy(object),
        "amount_minor": -lines["amount_minor"].to_numpy(),
        "import_id": import_id,
    }
    insert_columns(session, table, columns)
    return int((lines["amount_minor"].to_numpy() < 0).sum())  # a free line beside them gives nothing back


def or_null(keys: Keys) -> npt.NDArray[Any]:
    """Keys with -1 as NULL."""
    if (keys != NONE).all():
        return keys
    cells = keys.astype(object)
    cells[keys == NONE] = None
    return cells


def _refund_names(orders: pd.DataFrame, lines: pd.DataFrame) -> list[str]:
    """How refunds are known: by order, content, and which of several equal ones."""
    names = orders["source_id"].to_numpy(object)[lines["order"].to_numpy()]
    cells = zip(names, lines["fingerprint"], lines["occurrence"], strict=True)
    return [f"{name}/{print_:x}-{occurrence}" for name, print_, occurrence in cells]


def _orders_given_back(session: Session, headers: pd.DataFrame, own: Keys, source: str) -> tuple[Keys, Keys]:
    """Per refund its order and customer: those of the order that it names, else its own."""
    order_ids, customer_ids = own.astype(np.int64), headers["customer_id"].to_numpy(np.int64)
    if headers["refund_of"].isna().all():
        return order_ids, customer_ids
    stored = known_orders(session, source)
    place = stored.index.get_indexer(pd.Index(headers["refund_of"], dtype=object))
    owners = np.array([NONE if key is None else key for key in stored["customer_id"]], np.int64)
    named = np.append(stored["id"].to_numpy(np.int64), NONE)[place]
    owner = np.append(owners, NONE)[place]
    return np.where(named != NONE, named, order_ids), np.where(owner != NONE, owner, customer_ids)
