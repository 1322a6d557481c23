"""Many rows at once: columns in, driver-level inserts out, the same statement on every database."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

__all__ = ["insert_columns", "next_id"]

ROWS_AT_ONCE = 20_000


def next_id(session: Session, table: Table) -> int:
    """The first free surrogate key. Read it inside the writing unit, where nobody else can take it."""
    return int(session.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0) + 1


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
    dialect = session.get_bind().dialect
    statement = insert(table).compile(dialect=dialect, column_keys=list(columns))
    order = list(statement.positiontup or columns)
    connection = session.connection()
    for start in range(0, size, ROWS_AT_ONCE):
        end = min(start + ROWS_AT_ONCE, size)
        cells = [_as_list(columns[name], table.c[name], dialect, start, end) for name in order]
        rows: Any = list(zip(*cells, strict=True))
        if not statement.positional:
            rows = [dict(zip(order, row, strict=True)) for row in rows]
        connection.exec_driver_sql(str(statement), rows)
        if progress:
            progress(end / size)
    return size


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
