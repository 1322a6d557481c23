"""Rows of our own exports met with those that are stored: found again, filled in by the owner's choice, or new."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Table
from sqlalchemy.orm import Session

from crm_core.importing.report import ChangeCount
from crm_core.store.bulk import insert_columns, next_id
from crm_core.store.edit_queries import hand_edited
from crm_core.store.journal import FieldChange, apply_changes
from crm_core.store.own_queries import all_known_by, customers_by_number, rows_by_number, stored_rows
from crm_core.store.tables import Base, Customer, Identity, Product

__all__ = [
    "Merged",
    "ids_of_customers",
    "ids_of_products",
    "insert_frame",
    "insert_identities",
    "merge_rows",
    "update_rows",
]

TABLES = Base.metadata.tables
SKIP, OVERWRITE = "skip", "overwrite"
Number = tuple[str, str]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Merged:
    """Per row of a frame: its id, whether it is new, and whether a stored row took something of it."""

    ids: list[int]
    is_new: Mask
    is_updated: Mask

    @property
    def accepted(self) -> int:
        """How many rows brought something."""
        return int((self.is_new | self.is_updated).sum())

    @property
    def changes(self) -> ChangeCount:
        """New, updated and unchanged rows of the table."""
        new = {key for key, fresh in zip(self.ids, self.is_new, strict=True) if fresh}
        updated = {key for key, taken in zip(self.ids, self.is_updated, strict=True) if taken} - new
        return ChangeCount(len(new), len(updated), len(set(self.ids) - new - updated))


def merge_rows(
    session: Session, table: Table, frame: pd.DataFrame, fields: list[str], *, import_id: int, existing: str
) -> Merged:
    """Rows known by source and number: insert those that are not stored, bring what is blank to those that are.

    In: frame[source, source_id, fields]. A number that stands twice in the file is one row, its first.
    """
    stored = rows_by_number(session, table)
    ids, is_new = number_rows(session, table, zip(frame["source"], frame["source_id"], strict=True), stored)
    insert_frame(session, table, frame[is_new], ids, is_new, ["source", "source_id", *fields], import_id)
    changed = update_rows(session, table, frame, ids, is_new, fields, import_id=import_id, existing=existing)
    return Merged(ids, is_new, np.isin(ids, list(changed)) & ~is_new)


def number_rows(
    session: Session, table: Table, keys: Iterable[Any], stored: Mapping[Any, int]
) -> tuple[list[int], Mask]:
    """Each key's id, and which is the first of a new row."""
    known, following = dict(stored), next_id(session, table)
    ids, is_new = [], []
    for key in keys:
        is_new.append(key not in known)
        if key not in known:
            known[key], following = following, following + 1
        ids.append(known[key])
    return ids, np.array(is_new, bool)


def insert_frame(
    session: Session,
    table: Table,
    new: pd.DataFrame,
    ids: list[int],
    is_new: Mask,
    fields: list[str],
    import_id: int,
) -> None:
    """Insert the new rows of a frame under an import."""
    mine = np.array([key for key, fresh in zip(ids, is_new, strict=True) if fresh], np.int64)
    columns = {field: new[field].to_numpy(object) for field in fields}
    insert_columns(session, table, {"id": mine, "import_id": import_id, **columns})


def update_rows(
    session: Session,
    table: Table,
    frame: pd.DataFrame,
    ids: list[int],
    is_new: Mask,
    fields: list[str],
    *,
    import_id: int,
    existing: str,
) -> set[int]:
    """Bring to stored rows what the file knows of them: blanks only, or all but what the owner edited; their ids."""
    if existing == SKIP or all(is_new):
        return set()
    fields = [field for field in fields if field != "archived_at"]  # what is put away is the owner's word alone
    stored, by_hand = stored_rows(session, table, fields), hand_edited(session, table.name)
    changes: dict[tuple[int, str], FieldChange] = {}
    for key, new, row in zip(ids, is_new, frame[fields].to_dict("records"), strict=True):
        now = stored.get(key)
        if new or now is None:
            continue
        for field, value in row.items():
            old, name = now[field], str(field)
            wanted = old is None or (existing == OVERWRITE and old != value)
            if value is not None and wanted and (key, name) not in by_hand:
                changes.setdefault((key, name), FieldChange(table.name, key, name, old, value))
    apply_changes(session, import_id, changes.values())
    return {key for key, _ in changes}


def ids_of_customers(session: Session, frame: pd.DataFrame, import_id: int) -> tuple[list[int | None], int]:
    """Per row the customer it names, None where it names nobody; how many are new, known by their number alone.

    In: frame[customer_source, customer, and where known person: their name].
    """
    names = frame["person"] if "person" in frame else pd.Series(None, frame.index, dtype=object)
    known = customers_by_number(session)
    table = TABLES[Customer.__tablename__]
    ids, new = _named(session, table, known, frame["customer_source"], frame["customer"], names, import_id)
    insert_identities(session, [(key, ("source", *number)) for number, key in new.items()], import_id)
    return ids, len(new)


def ids_of_products(session: Session, frame: pd.DataFrame, import_id: int) -> list[int | None]:
    """Per row the product it names, None where it names none. In: frame[product_source, product, product_name]."""
    table = TABLES[Product.__tablename__]
    known, names = rows_by_number(session, table), frame["product_name"]
    return _named(session, table, known, frame["product_source"], frame["product"], names, import_id)[0]


def _named(
    session: Session,
    table: Table,
    known: Mapping[Number, int],
    sources: pd.Series,
    numbers: pd.Series,
    names: pd.Series,
    import_id: int,
) -> tuple[list[int | None], dict[Number, int]]:
    """Per row the id of what it names by source and number, and those that are new, with the first name there is."""
    keys = [None if number is None else (source, number) for source, number in zip(sources, numbers, strict=True)]
    new: dict[Number, str | None] = {}
    for key, name in zip(keys, names, strict=True):
        if key is not None and key not in known:
            new[key] = new.get(key) or name
    first = next_id(session, table)
    ids = dict(zip(new, range(first, first + len(new)), strict=True))
    fields = ["source", "source_id", "name"]
    frame = pd.DataFrame([(*key, name) for key, name in new.items()], columns=fields, dtype=object)
    insert_frame(session, table, frame, list(ids.values()), np.ones(len(ids), bool), fields, import_id)
    every = {**known, **ids}
    return [None if key is None else every[key] for key in keys], ids


def insert_identities(session: Session, wanted: Iterable[tuple[int, tuple[str, str, str]]], import_id: int) -> set[int]:
    """Ways to recognise customers that nobody holds yet: (customer, (kind, issuer, value)); who got one."""
    table, held = TABLES[Identity.__tablename__], all_known_by(session)
    new: dict[tuple[str, str, str], int] = {}
    for customer_id, identity in wanted:
        if identity not in held:
            new.setdefault(identity, customer_id)
    first = next_id(session, table)
    columns: dict[str, Any] = {
        "id": np.arange(first, first + len(new)),
        "customer_id": np.array(list(new.values()), np.int64),
        "import_id": import_id,
    }
    for at, name in enumerate(("kind", "issuer", "value")):
        columns[name] = np.array([*[identity[at] for identity in new], None], object)[:-1]
    insert_columns(session, table, columns)
    return set(new.values())
