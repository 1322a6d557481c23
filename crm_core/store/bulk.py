"""Many rows at once: columns in, driver-level inserts out; the same statement everywhere but on PostgreSQL, which has
COPY for that (four times as fast)."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from crm_core.store.tables import EditChange

__all__ = ["insert_columns", "insert_rows", "next_id"]

ROWS_AT_ONCE = 20_000


def next_id(session: Session, table: Table) -> int:
    """The first key that no row has or, as far as the history of edits goes, had. Read it inside the writing unit,
    where nobody else can take it."""
    edited = select(func.max(EditChange.row_id)).where(EditChange.table_name == table.name)
    return max(session.scalar(question) or 0 for question in (select(func.max(table.c.id)), edited)) + 1


def insert_columns(
    session: Session, table: Table, columns: Mapping[str, Any], *, progress: Callable[[float], None] | None = None
) -> int:
    """Insert rows given column by column; the number of rows. A single value is repeated; NaN and NaT become NULL.

    In: arrays of one length, and single values. Several times faster than a dictionary per row, because neither
    dictionaries nor per-row processing are needed.
    """
    size = max((len(values) for values in columns.values() if isinstance(values, np.ndarray)), default=0)
    if not size:
        return 0
    connection = session.connection()
    dialect = connection.dialect
    names = [column.name for column in table.c if column.name in columns]  # the order that statements use
    for start in range(0, size, ROWS_AT_ONCE):
        end = min(start + ROWS_AT_ONCE, size)
        cells = [_as_list(columns[name], table.c[name], dialect, start, end) for name in names]
        _write(connection, table, names, list(zip(*cells, strict=True)))
        if progress:
            progress(end / size)
    return size


def insert_rows(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Insert whole rows: every column in the table's order, values as SQLAlchemy reads them."""
    binds = [column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for column in table.c]
    if any(binds):
        cells: list[Any] = list(zip(*rows, strict=True))
        for at, bind in enumerate(binds):
            if bind:
                cells[at] = [bind(cell) for cell in cells[at]]
        rows = list(zip(*cells, strict=True))
    _write(connection, table, [column.name for column in table.c], list(map(tuple, rows)))


def _write(connection: Connection, table: Table, names: list[str], rows: list[tuple[Any, ...]]) -> None:
    write = _copy if connection.dialect.name == "postgresql" else _insert
    write(connection, table, names, rows)


def note_sizes(place: Session | Connection, table: Table) -> None:
    """Tell PostgreSQL how large a table and its neighbours have become; it would plan for empty ones for a minute.

    The others notice by themselves.
    """
    connection = place.connection() if isinstance(place, Session) else place
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE " + ", ".join(table.metadata.tables)))


def _insert(connection: Connection, table: Table, names: list[str], rows: list[tuple[Any, ...]]) -> None:
    statement = insert(table).compile(dialect=connection.dialect, column_keys=names)
    words = str(statement)
    if not statement.positional:  # rows stay tuples: a dictionary per row costs as much as the insert
        words = re.sub(r"%\(\w+\)s", "%s", words)
    connection.exec_driver_sql(words, rows)


def _copy(connection: Connection, table: Table, names: list[str], rows: list[tuple[Any, ...]]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    statement = f"COPY {quote(table.name)} ({', '.join(map(quote, names))}) FROM STDIN"
    try:
        cursor: Any = connection.connection.cursor()
        with cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:
        # as the engine does with statements it sends itself
        raise DBAPIError.instance(statement, None, error, connection.dialect.loaded_dbapi.Error) from error


def _as_list(values: Any, column: Any, dialect: Any, start: int, end: int) -> list[Any]:
    """A slice of a column as the driver takes it."""
    bind = column.type.dialect_impl(dialect).bind_processor(dialect)
    if not isinstance(values, np.ndarray):
        return [bind(values) if bind else values] * (end - start)
    part = values[start:end]
    empty = _are_empty(part)
    if part.dtype.kind == "M":
        part = part.astype("datetime64[D]")
    cells = part.tolist()
    if empty is not None and empty.any():
        cells = [None if hole else cell for cell, hole in zip(cells, empty.tolist(), strict=True)]
    return [bind(cell) for cell in cells] if bind else cells  # also None: in a JSON column it is the value null


def _are_empty(part: np.ndarray[Any, Any]) -> np.ndarray[Any, Any] | None:
    if part.dtype.kind not in "fM":
        return None
    empty: np.ndarray[Any, Any] = np.isnan(part) if part.dtype.kind == "f" else np.isnat(part)
    return empty
