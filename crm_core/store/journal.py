"""Fields that an import changes in rows that were there before, written down so that undo can put them back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from crm_core.store.bulk import insert_columns, next_id
from crm_core.store.edits import as_typed
from crm_core.store.import_queries import batches
from crm_core.store.tables import Base, ImportRun, JournalEntry

__all__ = ["FieldChange", "apply_changes", "confirm_changes", "put_back"]

TABLES = Base.metadata.tables
Place = tuple[str, str, int]  # table, field, row


@dataclass(frozen=True)
class FieldChange:
    """One field of one row, before and after."""

    table: str
    row_id: int
    field: str
    before: Any
    after: Any


def apply_changes(session: Session, import_id: int, changes: Iterable[FieldChange]) -> int:
    """Write the new values and journal the old ones; how many fields. One that stays is only journaled."""
    by_field: dict[tuple[str, str], list[FieldChange]] = defaultdict(list)
    everything = list(changes)
    for change in everything:
        if change.before != change.after:
            by_field[change.table, change.field].append(change)
    for (name, field), group in by_field.items():
        table = TABLES[name]
        statement = update(table).where(table.c.id == bindparam("row")).values({field: bindparam("value")})
        session.connection().execute(statement, [{"row": change.row_id, "value": change.after} for change in group])
    journal = TABLES[JournalEntry.__tablename__]
    first = next_id(session, journal)
    columns = {
        "id": np.arange(first, first + len(everything)),
        "import_id": import_id,
        "table_name": np.array([change.table for change in everything], object),
        "row_id": np.array([change.row_id for change in everything], np.int64),
        "field": np.array([change.field for change in everything], object),
        "before": np.array([_plain(change.before) for change in everything] + [0], object)[:-1],
        "after": np.array([_plain(change.after) for change in everything] + [0], object)[:-1],
    }
    return insert_columns(session, journal, columns)


def confirm_changes(session: Session, told: Iterable[FieldChange]) -> list[FieldChange]:
    """Of fields that a file states as they are stored, those that an earlier import wrote: journaled, they stay when
    that one is taken back. In: before and after alike."""
    asked = {(change.row_id, change.field): change for change in told}
    tables = {change.table for change in asked.values()}
    found = set()
    for batch in batches({row_id for row_id, _ in asked}):
        query = select(JournalEntry.row_id, JournalEntry.field).where(JournalEntry.row_id.in_(batch))
        found |= {(row.row_id, row.field) for row in session.execute(query.where(JournalEntry.table_name.in_(tables)))}
    return [change for key, change in asked.items() if key in found]


def put_back(session: Session, import_id: int) -> tuple[list[FieldChange], int]:
    """Restore what an import changed, newest first, and drop its journal; the changes that had to stay, and how many
    fields are as before.

    A field keeps its value when somebody changed it since, or a later import brought it again. That import's journal
    is given our old value, so that taking it back too leads to where both began.
    """
    query = select(JournalEntry).where(JournalEntry.import_id == import_id).order_by(JournalEntry.id.desc())
    entries = list(session.scalars(query))
    stored, later = _stored_values(session, entries), _later_entries(session, entries)
    kept: list[FieldChange] = []
    restored: dict[Place, Any] = {}
    for entry in entries:
        place = _place(entry)
        if place not in stored:
            continue
        current = stored[place]
        handed = _hand_down(entry, later.get(place, []))
        if not handed and _plain(current) == entry.after:
            stored[place] = restored[place] = as_typed(TABLES[entry.table_name].c[entry.field], entry.before)
        elif entry.before != entry.after:
            kept.append(FieldChange(entry.table_name, entry.row_id, entry.field, entry.before, current))
    _restore(session, restored)
    session.flush()
    session.execute(delete(JournalEntry).where(JournalEntry.import_id == import_id))
    return kept, len(restored)


def _place(entry: JournalEntry) -> Place:
    return entry.table_name, entry.field, entry.row_id


def _stored_values(session: Session, entries: list[JournalEntry]) -> dict[Place, Any]:
    """What each field holds now; a row that is gone has none."""
    rows: dict[tuple[str, str], set[int]] = defaultdict(set)
    for entry in entries:
        rows[entry.table_name, entry.field].add(entry.row_id)
    found: dict[Place, Any] = {}
    for (name, field), ids in rows.items():
        table = TABLES[name]
        for batch in batches(ids):
            query = select(table.c.id, table.c[field]).where(table.c.id.in_(batch))
            found |= {(name, field, row[0]): row[1] for row in session.execute(query)}
    return found


def _later_entries(session: Session, entries: list[JournalEntry]) -> dict[Place, list[JournalEntry]]:
    """What other imports that stand wrote to the same fields since, the first first."""
    if not entries:
        return {}
    query = (
        select(JournalEntry)
        .join(ImportRun, ImportRun.id == JournalEntry.import_id)
        .where(
            JournalEntry.id > entries[-1].id,
            JournalEntry.import_id != entries[-1].import_id,
            JournalEntry.table_name.in_({entry.table_name for entry in entries}),
            ImportRun.undone_at.is_(None),
        )
        .order_by(JournalEntry.id)
    )
    wanted = {_place(entry) for entry in entries}
    found: dict[Place, list[JournalEntry]] = defaultdict(list)
    for entry in session.scalars(query):
        if _place(entry) in wanted:
            found[_place(entry)].append(entry)
    return found


def _hand_down(entry: JournalEntry, later: list[JournalEntry]) -> bool:
    """Give our old value to the next change of the same field, when it followed on ours; whether it did."""
    following = next((other for other in later if other.id > entry.id), None)
    if following is None or following.before != entry.after:
        return False
    following.before = entry.before
    return True


def _restore(session: Session, restored: dict[Place, Any]) -> None:
    by_field: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for (name, field, row_id), value in restored.items():
        by_field[name, field].append({"row": row_id, "value": value})
    for (name, field), rows in by_field.items():
        table = TABLES[name]
        statement = update(table).where(table.c.id == bindparam("row")).values({field: bindparam("value")})
        session.connection().execute(statement, rows)


def _plain(value: Any) -> Any:
    """A cell as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value
