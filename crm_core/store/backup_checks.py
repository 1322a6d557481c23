"""Is this file a whole and honest backup? Looked at as a stranger's: nothing in it is run, nothing beside it is read.

A file may be cut off, foreign, newer, or made to do harm. Its tables are compared with those that this program makes
itself, so triggers, views, rules and columns that are not ours never come as far as a question.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from crm_core.errors import StoreError
from crm_core.store.engines import make_engine
from crm_core.store.migrate import HEAD, VERSION_TABLE, knows_version, upgrade_schema
from crm_core.wording import plural

__all__ = ["BackupContents", "check_backup", "check_header"]

MAGIC = b"SQLite format 3\x00"
HEADER_BYTES = 100
PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
LONGEST_CELL = 50_000_000  # bytes; ours are far shorter
OF_SQLITE = ("sqlite_stat1", "sqlite_stat4")  # what ANALYZE leaves behind
RULES = re.compile(r"\b(check|generated|collate)\b|\bas\s*\(", re.IGNORECASE)
RESTORE_ANOTHER = "Choose a file that Regulars made: on the page Data, or by the command backup."


@dataclass(frozen=True)
class BackupContents:
    """What is in a backup: rows by table, the days of its orders, and its size."""

    file: Path
    version: str
    rows_by_table: dict[str, int]
    first_day: date | None
    last_day: date | None
    size_bytes: int

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(self.rows_by_table.values())

    @property
    def customers(self) -> int:
        """How many customers."""
        return self.rows_by_table.get("customers", 0)

    @property
    def orders(self) -> int:
        """How many orders."""
        return self.rows_by_table.get("orders", 0)

    def at(self, file: Path) -> "BackupContents":
        """The same contents under the name that the file has now."""
        return replace(self, file=file)

    def as_words(self) -> str:
        """What is in it, in one line."""
        held = f"{plural(self.customers, 'customer')} and {plural(self.orders, 'order')}"
        return f"{held} are in {self.file} ({self.size_bytes / 1e6:,.1f} MB), checked."

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "file": str(self.file),
            "rows": self.rows,
            "customers": self.customers,
            "orders": self.orders,
            "bytes": self.size_bytes,
        }


def check_header(file: Path, *, shown_as: Path) -> None:
    """StoreError unless the file begins as a SQLite database and is as long as it says."""
    size = file.stat().st_size
    with file.open("rb") as opened:
        head = opened.read(HEADER_BYTES)
    if not head:
        raise StoreError(f"{shown_as} is empty. {RESTORE_ANOTHER}")
    for mark, name in PACKED.items():
        if head.startswith(mark):
            raise StoreError(f"{shown_as} is packed ({name}). Unpack it, then restore the file inside.")
    if not head.startswith(MAGIC):
        raise StoreError(f"{shown_as} is no backup of Regulars. {RESTORE_ANOTHER}")
    page = int.from_bytes(head[16:18], "big")
    expected = (65_536 if page == 1 else page) * int.from_bytes(head[28:32], "big")
    if len(head) < HEADER_BYTES or size != expected:
        raise StoreError(f"{shown_as} is not whole: it has {size:,} of {expected:,} bytes. {RESTORE_ANOTHER}")


def check_backup(file: Path, *, shown_as: Path) -> BackupContents:
    """What is in a file that nobody else writes to; StoreError unless it is whole and has exactly our tables."""
    check_header(file, shown_as=shown_as)
    try:
        with open_untrusted(file) as connection:
            version = _check_schema(connection, shown_as)
            _check_pages(connection, shown_as)
            return _contents(connection, file, shown_as, version)
    except (sqlite3.Error, UnicodeError, ValueError, OverflowError):
        raise StoreError(f"{shown_as} is damaged and can't be read. {RESTORE_ANOTHER}") from None


@contextmanager
def open_untrusted(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that changes nothing, opens no other file, and trusts nothing that the file says."""
    address = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_CELL)
        connection.setlimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1)
        for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "mmap_size=0"):
            connection.execute(f"PRAGMA {pragma}")
        yield connection


def _check_schema(connection: sqlite3.Connection, shown_as: Path) -> str:
    """The version; StoreError unless tables, columns and indexes are those of that version, and nothing else."""
    kinds = dict(connection.execute("SELECT name, type FROM sqlite_master"))
    if VERSION_TABLE not in kinds:
        raise StoreError(f"{shown_as} belongs to another program. {RESTORE_ANOTHER}")
    for name, kind in kinds.items():
        if kind not in ("table", "index"):
            what = f"a {kind} ({_plain(name)})"
            raise StoreError(f"{shown_as} holds {what}, which no backup of ours has. {RESTORE_ANOTHER}")
    found = _describe(connection)
    if _rules_in(connection):
        raise StoreError(f"{shown_as} holds rules of its own, which no backup of ours has. {RESTORE_ANOTHER}")
    versions = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchall()  # noqa: S608 -- a constant
    if len(versions) != 1 or not isinstance(versions[0][0], str):
        raise StoreError(f"{shown_as} does not say which version it is. {RESTORE_ANOTHER}")
    version = str(versions[0][0])
    if not knows_version(version):
        raise StoreError(
            f"{shown_as} was written by a newer Regulars (schema {_plain(version)}, this program knows {HEAD}). "
            "Update Regulars, then restore it."
        )
    ours = _declared(version)
    odd = sorted(name for name in ours.keys() | found.keys() if ours.get(name) != found.get(name))
    if odd:
        raise StoreError(f"{shown_as} has other tables than ours (see {_plain(odd[0])}). {RESTORE_ANOTHER}")
    return version


@cache
def _declared(version: str) -> dict[str, Any]:
    """Our own tables of a version, described."""
    engine = make_engine("sqlite://")
    try:
        upgrade_schema(engine, head=version, keep_copy=False)
        with engine.connect() as connection:
            return _describe(connection.connection.driver_connection)
    finally:
        engine.dispose()


def _describe(connection: Any) -> dict[str, Any]:
    """By table: its columns, kind, foreign keys and indexes, as SQLite understood them."""
    tables = {name: rest for name, *rest in connection.execute("SELECT name, type, wr, strict FROM pragma_table_list")}
    return {
        name: (kind, _rows(connection, "table_xinfo", name), _keys(connection, name), _indexes(connection, name))
        for name, kind in tables.items()
        if name not in ("sqlite_schema", "sqlite_temp_schema", *OF_SQLITE)
    }


def _rows(connection: Any, pragma: str, name: str) -> list[Any]:
    return sorted(connection.execute(f"SELECT * FROM pragma_{pragma}(?)", [name]).fetchall())  # noqa: S608 -- ours


def _keys(connection: Any, table: str) -> list[Any]:
    """Foreign keys, whatever their order of creation."""
    return sorted(row[1:] for row in _rows(connection, "foreign_key_list", table))


def _indexes(connection: Any, table: str) -> list[Any]:
    described = []
    for _, name, unique, origin, partial in connection.execute("SELECT * FROM pragma_index_list(?)", [table]):
        shown = "" if name.startswith("sqlite_autoindex_") else name
        described.append((shown, unique, origin, partial, _rows(connection, "index_xinfo", name)))
    return sorted(described)


def _rules_in(connection: sqlite3.Connection) -> bool:
    """Whether a table computes or checks something, which reading or checking it would run."""
    words = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
    return any(RULES.search(text) for (text,) in words)


def _check_pages(connection: sqlite3.Connection, shown_as: Path) -> None:
    if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        raise StoreError(f"{shown_as} is damaged. {RESTORE_ANOTHER}")
    if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise StoreError(f"{shown_as} is damaged: rows name others that are not there. {RESTORE_ANOTHER}")


def _contents(connection: sqlite3.Connection, file: Path, shown_as: Path, version: str) -> BackupContents:
    rows = {
        name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 -- our own names
        for name in _declared(version)
        if name != VERSION_TABLE
    }
    if rows["revision"] != 1:
        raise StoreError(f"{shown_as} does not count its changes as ours do. {RESTORE_ANOTHER}")
    first, last = connection.execute("SELECT min(ordered_on), max(ordered_on) FROM orders").fetchone()
    return BackupContents(shown_as, version, rows, _as_day(first), _as_day(last), file.stat().st_size)


def _as_day(cell: object) -> date | None:
    return None if cell is None else date.fromisoformat(str(cell))


def _plain(name: str) -> str:
    """A name from a stranger's file, short and without surprises."""
    return re.sub(r"[^\w .-]", "?", name)[:40]
