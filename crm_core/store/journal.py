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


def put_back(session: Session, import_id: int) -> list[FieldChange]:
    """Restore what an import changed, newest first, and drop its journal; the changes that had to stay.

    A field keeps its value when somebody changed it since, or a later import brought it again. That import's journal
    is given our old value, so that taking it back too leads to where both began.
    """
    kept = []
    query = select(JournalEntry).where(JournalEntry.import_id == import_id).order_by(JournalEntry.id.desc())
    for entry in session.scalars(query).all():
        table = TABLES[entry.table_name]
        column = table.c[entry.field]
        current = session.execute(select(column).where(table.c.id == entry.row_id)).first()
        if current is None:
            continue
        handed = _hand_down(session, entry)
        if not handed and _plain(current[0]) == entry.after:
            before = as_typed(column, entry.before)
            session.execute(update(table).where(table.c.id == entry.row_id).values({entry.field: before}))
        elif entry.before != entry.after:
            kept.append(FieldChange(entry.table_name, entry.row_id, entry.field, entry.before, current[0]))
    session.execute(delete(JournalEntry).where(JournalEntry.import_id == import_id))
    return kept


def _hand_down(session: Session, entry: JournalEntry) -> bool:
    """Give our old value to the next change of the same field, when it followed on ours; whether it did."""
    following = session.scalars(
        select(JournalEntry)
        .join(ImportRun, ImportRun.id == JournalEntry.import_id)
        .where(
            JournalEntry.id > entry.id,
            JournalEntry.import_id != entry.import_id,
            JournalEntry.table_name == entry.table_name,
            JournalEntry.row_id == entry.row_id,
            JournalEntry.field == entry.field,
            ImportRun.undone_at.is_(None),
        )
        .order_by(JournalEntry.id)
    ).first()
    if following is None or following.before != entry.after:
        return False
    following.before = entry.before
    return True


def _plain(value: Any) -> Any:
    """A cell as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value
