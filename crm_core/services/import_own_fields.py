"""Further fields of people, products and orders, brought back from an export of ours."""

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from crm_core.importing.choices import Existing
from crm_core.services.custom_fields import store_custom_fields
from crm_core.store.custom_field_queries import known_custom_fields
from crm_core.store.own_queries import customers_by_number, rows_by_number
from crm_core.store.tables import Base, Order, Product

__all__ = ["store_own_fields"]

TABLES = Base.metadata.tables
OWNERS = {"customer_id": "customer", "product_id": "product", "order_id": "order"}  # column of ours -> of the file
UNKNOWN = ": there is no {noun} '{number}' of '{source}' in here. Bring the {noun}s first, then this file again."
NOBODY = ": it names no customer, product or order. Correct the row."
Kept = tuple[frozenset[int], dict[int, str]]


def store_own_fields(session: Session, frame: pd.DataFrame, *, import_id: int, existing: Existing) -> Kept:
    """Store the fields of who is in here: the row numbers that brought something, and those refused with the reason.

    In: frame[row_number, customer, product, order: one of them, source, field, value].
    """
    known = {
        "customer_id": customers_by_number(session),
        "product_id": rows_by_number(session, TABLES[Product.__tablename__]),
        "order_id": rows_by_number(session, TABLES[Order.__tablename__]),
    }
    named = frame[list(OWNERS.values())].notna().any(axis=1)
    refused = dict.fromkeys(frame.loc[~named, "row_number"].tolist(), NOBODY)
    accepted: set[int] = set()
    for owner, noun in OWNERS.items():
        mine = frame[frame[noun].notna()]
        ids = [known[owner].get(key) for key in zip(mine["source"], mine[noun], strict=True)]
        there = np.array([key is not None for key in ids], bool)
        for row in mine[~there].itertuples():
            words = UNKNOWN.format(noun=noun, number=getattr(row, noun), source=row.source)
            refused[int(row.row_number)] = words
        told = mine[there].assign(owner=[key for key in ids if key is not None]).rename(columns={"field": "name"})
        told = told.astype({"owner": "int64"})
        accepted |= _bringing(session, told, owner, existing)
        values = told[["owner", "name", "value"]]
        store_custom_fields(session, values, owner=owner, import_id=import_id, existing=existing)
    return frozenset(accepted), refused


def _bringing(session: Session, told: pd.DataFrame, owner: str, existing: Existing) -> set[int]:
    """The rows that are not stored yet, or otherwise where the owner wants that replaced."""
    if existing is Existing.SKIP or told.empty:
        return set()
    stored = known_custom_fields(session, owner, told["owner"].unique())
    both = told.drop_duplicates(["owner", "name"]).merge(stored, on=["owner", "name"], how="left")
    brings = both["id"].isna() | ((both["value"] != both["stored"]) & (existing is Existing.OVERWRITE))
    return set(both.loc[brings, "row_number"].astype(int))
