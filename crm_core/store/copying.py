"""Every row from one database into another, whatever kinds they are, in parts that fit in memory."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, func, select, update
from sqlalchemy.exc import DataError, IntegrityError

from crm_core.errors import StoreError
from crm_core.store.bulk import insert_rows, note_sizes
from crm_core.store.tables import Base

__all__ = ["TABLES", "compare_copies", "copy_rows", "count_rows", "delete_rows", "raise_revision_above", "snapshot_of"]

ROWS_AT_ONCE = 10_000
TABLES: tuple[Table, ...] = tuple(Base.metadata.sorted_tables)  # those that others name come first
SUMMED = ("amount_minor", "number", "row_count", "occurrence")  # whole numbers whose sums tell copies apart


@contextmanager
def snapshot_of(engine: Engine) -> Iterator[Connection]:
    """A connection whose questions all see the data of one moment."""
    steady = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.execution_options(**steady).connect() as connection:
        yield connection


def count_rows(connection: Connection, tables: Sequence[Table] = TABLES) -> dict[str, int]:
    """Rows by table."""
    return {table.name: int(connection.scalar(select(func.count()).select_from(table)) or 0) for table in tables}


def copy_rows(
    source: Connection,
    target: Connection,
    *,
    tables: Sequence[Table] = TABLES,
    progress: Callable[[float], None] | None = None,
) -> dict[str, int]:
    """Insert every row of the source's tables into the target's empty ones; the rows by table.

    Runs in the connections' own transactions. StoreError when the target does not take a row, or when not all
    arrived.
    """
    expected = count_rows(source, tables)
    whole, done = max(sum(expected.values()), 1), 0
    for table in tables:
        query = select(table).order_by(*table.primary_key.columns)
        result = source.execute(query, execution_options={"yield_per": ROWS_AT_ONCE})
        for rows in result.partitions():
            _insert(target, table, rows)
            done += len(rows)
            if progress:
                progress(min(done / whole, 1.0))
    arrived = count_rows(target, tables)
    if arrived != expected:
        names = ", ".join(name for name in expected if arrived[name] != expected[name])
        raise StoreError(f"Not every row arrived (in {names}), so nothing was changed. Try again.")
    note_sizes(target, tables[0])
    return arrived


def delete_rows(
    target: Connection, tables: Sequence[Table] = TABLES, *, progress: Callable[[float], None] | None = None
) -> None:
    """Empty the tables, in the connection's own transaction."""
    for at, table in enumerate(reversed(tables), start=1):
        target.execute(delete(table))
        if progress:
            progress(at / len(tables))


def raise_revision_above(target: Connection, before: int) -> None:
    """Count one change more than either database had, so that nothing kept from before is taken for new."""
    revision = Base.metadata.tables["revision"]
    brought = target.scalar(select(revision.c.number)) or 0
    target.execute(update(revision).values(number=max(brought, before) + 1))


def compare_copies(source: Connection, target: Connection) -> None:
    """StoreError unless rows, and the sums of amounts and counters, are the same in both."""
    for table in TABLES:
        here, there = _sums(source, table), _sums(target, table)
        if here != there:
            raise StoreError(f"The copy of {table.name} differs from the original, so it was not kept. Try again.")


def _sums(connection: Connection, table: Table) -> list[int]:
    summed = [func.sum(table.c[name]) for name in SUMMED if name in table.c]
    row = connection.execute(select(func.count(), *summed).select_from(table)).one()
    return [int(value or 0) for value in row]


def _insert(target: Connection, table: Table, rows: Sequence[Any]) -> None:
    try:
        insert_rows(target, table, rows)
    except (IntegrityError, DataError) as error:
        raise StoreError(
            f"A row of {table.name} does not fit into the {target.dialect.name} database, so nothing was changed: "
            "it has a text that is too long, or one that differs from another only in trailing spaces."
        ) from error
