"""Are the cells of a backup what their columns promise? SQLite itself lets any column hold anything.

Asked of a backup before it is restored, in the database's own words, so that a million lines take seconds; texts and
JSON are also read once, as the restore will read them.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import JSON, BigInteger, Column, Date, DateTime, Float, Integer, String, Table

from crm_core.errors import StoreError
from crm_core.store.backup_checks import RESTORE_ANOTHER, open_untrusted
from crm_core.store.copying import TABLES

__all__ = ["check_values"]

LONGEST_TEXT = 1_000_000  # characters in a column without a limit of its own
LONGEST_JSON = 20_000_000
DEEPEST_JSON = 50
DAY = "[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]"
TIME = f"{DAY} [0-2][0-9]:[0-5][0-9]:[0-5][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]"


def check_values(file: Path, *, shown_as: Path) -> None:
    """StoreError unless every cell of a file with our tables is of its column's kind and length."""
    try:
        with open_untrusted(file) as connection:
            for table in TABLES:
                column = _unfit(connection, table)
                if column is not None:
                    raise StoreError(
                        f"{shown_as} holds a value in {table.name}.{column} that can't stand there. {RESTORE_ANOTHER}"
                    )
                _read_texts(connection, table)
    except (sqlite3.Error, ValueError, OverflowError, RecursionError, TypeError):
        raise StoreError(f"{shown_as} holds a text that can't be read. {RESTORE_ANOTHER}") from None


def _unfit(connection: sqlite3.Connection, table: Table) -> str | None:
    """The first column that holds something it may not."""
    rules = {column.name: _rule(column) for column in table.columns}
    cases = " ".join(f"WHEN {rule} THEN '{name}'" for name, rule in rules.items())
    any_of = " OR ".join(f"({rule})" for rule in rules.values())
    # all words are ours; nothing of the file's enters
    row = connection.execute(f'SELECT CASE {cases} END FROM "{table.name}" WHERE {any_of} LIMIT 1').fetchone()  # noqa: S608
    return None if row is None else str(row[0])


def _rule(column: Column[object]) -> str:
    """The condition under which a cell is unfit. NULL is fit here: where it may not be, the file's own check tells."""
    cell, kind = f'"{column.name}"', column.type
    is_a = f"typeof({cell})"
    if isinstance(kind, JSON):
        wrong = f"({is_a} = 'text' AND (length({cell}) > {LONGEST_JSON} OR NOT json_valid({cell})))"
        return f"{is_a} = 'blob' OR {wrong} OR ({is_a} = 'real' AND abs({cell}) = 9e999)"
    if isinstance(kind, Integer):
        bits = 63 if isinstance(kind, BigInteger) else 31
        return f"{is_a} NOT IN ('integer', 'null') OR {cell} NOT BETWEEN {-(2**bits) + 1} AND {2**bits - 1}"
    if isinstance(kind, Float):
        return f"{is_a} NOT IN ('real', 'integer', 'null') OR abs({cell}) = 9e999"
    if isinstance(kind, DateTime):
        return _unlike(cell, TIME, f"datetime({cell}, '+0 days') IS NOT substr({cell}, 1, 19)")
    if isinstance(kind, Date):
        return _unlike(cell, DAY, f"date({cell}, '+0 days') IS NOT {cell}")
    if isinstance(kind, String):
        longest = kind.length or LONGEST_TEXT
        return f"{is_a} NOT IN ('text', 'null') OR length({cell}) > {longest} OR instr({cell}, char(0)) > 0"
    raise TypeError(f"no rule for {column}")


def _unlike(cell: str, pattern: str, more: str) -> str:
    wrong = f"typeof({cell}) <> 'text' OR {cell} NOT GLOB '{pattern}' OR {cell} < '0001' OR {more}"
    return f"{cell} IS NOT NULL AND ({wrong})"


def _read_texts(connection: sqlite3.Connection, table: Table) -> None:
    """Read what must be decoded; an error says that it can't be."""
    plain = [column.name for column in table.columns if isinstance(column.type, String)]
    coded = [column.name for column in table.columns if isinstance(column.type, JSON)]
    for _ in _cells(connection, table, plain):
        pass
    for row in _cells(connection, table, coded):
        for cell in row:
            if isinstance(cell, str):
                _require_flat(json.loads(cell))


def _require_flat(value: object) -> None:
    """ValueError where lists lie in lists so deep that a reader with little room left would fail."""
    level = [value]
    for _ in range(DEEPEST_JSON):
        level = [part for whole in level for part in _parts(whole)]
        if not level:
            return
    raise ValueError("too deep")


def _parts(whole: object) -> Iterable[object]:
    return whole.values() if isinstance(whole, dict) else whole if isinstance(whole, list) else ()


def _cells(connection: sqlite3.Connection, table: Table, names: list[str]) -> Iterator[tuple[object, ...]]:
    if names:
        wanted = ", ".join(f'"{name}"' for name in names)
        yield from connection.execute(f'SELECT {wanted} FROM "{table.name}"')  # noqa: S608 -- our own names
