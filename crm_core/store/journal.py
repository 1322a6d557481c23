"""Fields that an import changes in rows that were there before, written down so that undo can put them back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from crm_core.store.bulk import insert_columns, next_id
from crm_core.store.tables import Base, ImportRun, JournalEntry

__all__ = ["FieldChange", "apply_changes", "put_back"]

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
    """Write the new values and journal the old ones; how many fields."""
    by_field: dict[tuple[str, str], list[FieldChange]] = defaultdict(list)
    for change in changes:
        by_field[change.table, change.field].append(change)
    everything = [change for group in by_field.values() for change in group]
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
        "before": np.array([change.before for change in everything] + [0], object)[:-1],
        "after": np.array([change.after for change in everything] + [0], object)[:-1],
    }
    return insert_columns(session, journal, columns)


def put_back(session: Session, import_id: int) -> list[FieldChange]:
    """Restore what an import changed, newest first, and drop its journal; the changes that had to stay.

    A field keeps its value when somebody changed it since. When a later import did, that import's journal is given
    our old value, so that taking it back too leads to where both began.
    """
    kept = []
    query = select(JournalEntry).where(JournalEntry.import_id == import_id).order_by(JournalEntry.id.desc())
    for entry in session.scalars(query).all():
        table = TABLES[entry.table_name]
        column = table.c[entry.field]
        current = session.execute(select(column).where(table.c.id == entry.row_id)).first()
        if current is not None and current[0] == entry.after:
            session.execute(update(table).where(table.c.id == entry.row_id).values({entry.field: entry.before}))
        elif current is not None:
            _hand_down(session, entry)
            kept.append(FieldChange(entry.table_name, entry.row_id, entry.field, entry.before, current[0]))
    session.execute(delete(JournalEntry).where(JournalEntry.import_id == import_id))
    return kept


def _hand_down(session: Session, entry: JournalEntry) -> None:
    """Give our old value to the next change of the same field, when it followed on ours."""
    following = session.scalars(
        select(JournalEntry)
        .join(ImportRun, ImportRun.id == JournalEntry.import_id)
        .where(
            JournalEntry.id > entry.id,
            JournalEntry.table_name == entry.table_name,
            JournalEntry.row_id == entry.row_id,
            JournalEntry.field == entry.field,
            ImportRun.undone_at.is_(None),
        )
        .order_by(JournalEntry.id)
    ).first()
    if following is not None and following.before == entry.after:
        following.before = entry.before
