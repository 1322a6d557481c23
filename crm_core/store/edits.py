"""What the owner changes by hand, written down with what was there before, so that it can be traced and taken back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Table, and_, delete, func, insert, select, update
from sqlalchemy.orm import Session

from crm_core.store.bulk import insert_columns, next_id
from crm_core.store.tables import Base, Edit, EditChange

__all__ = [
    "LINKS",
    "RowChange",
    "add_row",
    "as_typed",
    "change_field",
    "change_line",
    "from_image",
    "next_hand_number",
    "read_image",
    "record_edit",
    "take_out",
    "the_row",
]

TABLES = Base.metadata.tables
HAND = "by hand"  # the source of rows that the owner typed in
# what points to a row: table, column, and whether it goes when the row goes (else it stays and points to nobody)
LINKS: dict[str, tuple[tuple[str, str, bool], ...]] = {
    "customers": (
        ("orders", "customer_id", False),
        ("refunds", "customer_id", False),
        ("customer_identities", "customer_id", True),
        ("custom_fields", "customer_id", True),
        ("interactions", "customer_id", True),
        ("tickets", "customer_id", True),
        ("survey_answers", "customer_id", True),
        ("actions", "customer_id", True),
        ("predictions", "customer_id", True),
        ("standings", "customer_id", True),
        ("offers", "customer_id", True),
        ("different_people", "first_id", True),
        ("different_people", "second_id", True),
    ),
    "products": (
        ("order_lines", "product_id", False),
        ("custom_fields", "product_id", True),
        ("offers", "product_id", True),
        ("never_offered", "product_id", True),
    ),
    "orders": (
        ("refunds", "order_id", False),
        ("import_repeated_lines", "order_id", True),
        ("custom_fields", "order_id", True),
        ("order_lines", "order_id", True),
    ),
}


@dataclass(frozen=True)
class RowChange:
    """One field before and after; or, with ``field`` None, a whole row that was added (no before) or taken out (no
    after). Of an order line, ``row_id`` is its order's, and ``before`` and ``after`` name the line: fingerprint,
    occurrence, value."""

    table: str
    row_id: int
    field: str | None
    before: Any
    after: Any


def record_edit(
    session: Session, kind: str, table_name: str, changes: Iterable[RowChange], *, rows: int, now: datetime, by: str
) -> int:
    """Write one edit with all its changes down; its number."""
    everything = list(changes)
    edits, entries = TABLES[Edit.__tablename__], TABLES[EditChange.__tablename__]
    edit_id = next_id(session, edits)
    row = {"id": edit_id, "made_at": now, "made_by": by, "kind": kind, "table_name": table_name, "row_count": rows}
    session.execute(insert(edits).values(**row))
    first = next_id(session, entries)
    columns = {
        "id": np.arange(first, first + len(everything)),
        "edit_id": edit_id,
        "table_name": _cells(everything, lambda change: change.table),
        "row_id": np.array([change.row_id for change in everything], np.int64),
        "field": _cells(everything, lambda change: change.field),
        "before": _cells(everything, lambda change: change.before),
        "after": _cells(everything, lambda change: change.after),
    }
    insert_columns(session, entries, columns)
    return edit_id


def change_field(session: Session, table_name: str, row_id: int, field: str, value: Any) -> RowChange:
    """Set one field of a row that is there."""
    table = TABLES[table_name]
    here = table.c.id == row_id
    before = session.execute(select(table.c[field]).where(here)).scalar_one()
    session.execute(update(table).where(here).values({field: value}))
    return RowChange(table_name, row_id, field, _plain(before), _plain(value))


def change_line(session: Session, order_id: int, field: str, value: Any) -> RowChange:
    """Set one field of an order's only line. Its fingerprint stays, so that the file it came in knows it again."""
    lines = TABLES["order_lines"]
    row = session.execute(select(lines).where(lines.c.order_id == order_id)).mappings().one()
    key = {"fingerprint": row["fingerprint"], "occurrence": row["occurrence"]}
    session.execute(update(lines).where(the_row(lines, order_id, key)).values({field: value}))
    return RowChange("order_lines", order_id, field, {**key, "value": row[field]}, {**key, "value": value})


def add_row(session: Session, table_name: str, values: Mapping[str, Any]) -> RowChange:
    """Insert a row; one with a number of its own gets the next."""
    table = TABLES[table_name]
    row = dict(values)
    if "id" in table.c:
        row["id"] = next_id(session, table)
    session.execute(insert(table).values(row))
    whole = {column.name: _plain(row.get(column.name)) for column in table.c}
    return RowChange(table_name, _number_of(row), None, None, whole)


def take_out(session: Session, table_name: str, row_id: int) -> list[RowChange]:
    """Delete a row with all that goes with it, and let go what stays; the row itself comes last."""
    changes: list[RowChange] = []
    for name, column, goes in LINKS[table_name]:
        linked = TABLES[name]
        mine = linked.c[column] == row_id
        rows = session.execute(select(linked).where(mine).order_by(*linked.primary_key)).mappings().all()
        if goes:
            changes += [RowChange(name, _number_of(row), None, _image(row), None) for row in rows]
            session.execute(delete(linked).where(mine))
        elif rows:
            changes += [_let_go(name, column, row) for row in rows]
            session.execute(update(linked).where(mine).values({column: None}))
    image = read_image(session, table_name, row_id)
    session.execute(delete(TABLES[table_name]).where(TABLES[table_name].c.id == row_id))
    return [*changes, RowChange(table_name, row_id, None, image, None)]


def read_image(session: Session, table_name: str, row_id: int) -> dict[str, Any] | None:
    """A row as it is written down; None when it is not there."""
    table = TABLES[table_name]
    row = session.execute(select(table).where(table.c.id == row_id)).mappings().one_or_none()
    return None if row is None else _image(row)


def from_image(table: Table, image: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row that was written down, as the database takes them."""
    return {column.name: as_typed(column, image[column.name]) for column in table.c}


def the_row(table: Table, row_id: int, image: Mapping[str, Any] | None = None) -> ColumnElement[bool]:
    """Where a row is: by its number, or by all of its key where it has none."""
    if "id" in table.c:
        return table.c.id == row_id
    known = {"order_id": row_id, **(image or {})}
    return and_(*[column == known[column.name] for column in table.primary_key])


def next_hand_number(session: Session, table_name: str) -> str:
    """The number of the next row that the owner types in: H1, H2, ... None is given twice."""
    added = select(func.count()).where(Edit.kind == "add", Edit.table_name == table_name)
    return f"H{int(session.scalar(added) or 0) + 1}"


def _let_go(name: str, column: str, row: Any) -> RowChange:
    if name != "order_lines":
        return RowChange(name, row["id"], column, row[column], None)
    key = {"fingerprint": row["fingerprint"], "occurrence": row["occurrence"]}
    return RowChange(name, row["order_id"], column, {**key, "value": row[column]}, {**key, "value": None})


def _number_of(row: Any) -> int:
    return int(row["id"] if "id" in row else row["order_id"])


def _image(row: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    """A cell as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def as_typed(column: Any, value: Any) -> Any:
    """A value that was written down, as its column takes it."""
    kind = column.type.python_type
    if value is not None and issubclass(kind, date):
        return (datetime if issubclass(kind, datetime) else date).fromisoformat(value)
    return value


def _cells(changes: list[RowChange], read: Callable[[RowChange], Any]) -> "np.ndarray[Any, Any]":
    return np.array([*[read(change) for change in changes], 0], object)[:-1]
