"""Columns that are kept beside a person, a product or an order, and treated like every other field."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from crm_core.importing.choices import Existing
from crm_core.store.bulk import insert_columns, next_id
from crm_core.store.custom_field_queries import custom_fields_of, known_custom_fields
from crm_core.store.journal import FieldChange, apply_changes
from crm_core.store.session import Store
from crm_core.store.tables import Base, CustomField, RepeatedRow

__all__ = ["ToldFields", "list_custom_fields", "store_custom_fields"]

TABLES = Base.metadata.tables
NOBODY = -1


@dataclass(frozen=True)
class ToldFields:
    """``owners``: who got or changed a value."""

    owners: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()


def store_custom_fields(
    session: Session,
    values: pd.DataFrame,
    *,
    owner: str,
    import_id: int,
    existing: Existing = Existing.FILL,
    fresh: AbstractSet[int] = frozenset(),
) -> ToldFields:
    """Store what is kept of an import's rows; who got or changed something.

    In: values[owner: our number or -1 for nobody, name, value]. ``owner``: customer_id, product_id or order_id.
    ``fresh``: the owners that this import brought.
    """
    told = values[values["owner"] != NOBODY].drop_duplicates(["owner", "name"])
    if existing is Existing.SKIP:
        told = told[told["owner"].isin(list(fresh))]
    if told.empty:
        return ToldFields()
    known = known_custom_fields(session, owner, told["owner"].unique())
    both = told.merge(known, on=["owner", "name"], how="left")
    is_new = both["id"].isna()
    _insert(session, both[is_new], owner, import_id)
    again = both[~is_new]
    differs = again[(again["value"] != again["stored"]) & (existing is Existing.OVERWRITE)]
    table = CustomField.__tablename__
    changes = [
        FieldChange(table, int(row.id), "value", row.stored, row.value) for row in differs.itertuples(index=False)
    ]
    apply_changes(session, import_id, changes)
    told_again = again[(again["value"] == again["stored"]) | again["id"].isin(differs["id"])]
    _note_repeated(session, told_again["id"].to_numpy(np.int64), import_id)
    return ToldFields(frozenset(both.loc[is_new, "owner"].astype(int)) | frozenset(differs["owner"].astype(int)))


def list_custom_fields(store: Store, owner: str, owner_id: int) -> pd.DataFrame:
    """What is kept of one person, product or order: [name, value], by name."""
    with store.read() as session:
        return custom_fields_of(session, owner, owner_id)


def _insert(session: Session, new: pd.DataFrame, owner: str, import_id: int) -> None:
    table = TABLES[CustomField.__tablename__]
    first = next_id(session, table)
    columns = {
        "id": np.arange(first, first + len(new)),
        owner: new["owner"].to_numpy(np.int64),
        "name": new["name"].to_numpy(object),
        "value": new["value"].to_numpy(object),
        "import_id": import_id,
    }
    insert_columns(session, table, columns)


def _note_repeated(session: Session, ids: "np.ndarray[tuple[int], np.dtype[np.int64]]", import_id: int) -> None:
    """This file says them as well: undoing the import that brought them leaves them to this one."""
    rows = {"import_id": import_id, "table_name": CustomField.__tablename__, "row_id": ids}
    insert_columns(session, TABLES[RepeatedRow.__tablename__], rows)
