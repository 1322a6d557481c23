"""One backup file for every kind of database: a SQLite file with Regulars' tables, consistent and checked.

SQLite's own backup function copies page by page while others go on reading and writing; from a server every row is
copied out of one snapshot. The file gets its name only when it was opened again and found whole.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast

from sqlalchemy import Engine, MetaData, Table

from crm_core.errors import StoreError
from crm_core.progress import Progress
from crm_core.store.backup_checks import BackupContents, check_backup
from crm_core.store.copying import TABLES, copy_rows, count_rows, delete_rows, snapshot_of
from crm_core.store.engines import database_file, make_engine
from crm_core.store.failures import explained
from crm_core.store.migrate import HEAD, VERSION_TABLE, upgrade_schema

__all__ = ["leave_one_file", "write_backup"]

PAGES_AT_ONCE = 4_000
ABANDONED_SECONDS = 3_600  # a partial file this much older than ours was left by a program that was killed
PARTIAL = ".partial"


def write_backup(
    engine: Engine,
    file: Path,
    *,
    version: str = HEAD,
    replace: bool = False,
    progress: Progress | None = None,
) -> BackupContents:
    """Copy the whole database into a file, as of one moment; what is in it. StoreError says why not.

    ``version`` is the schema the database has now. Nothing lies at ``file`` before the copy was found whole.
    """
    tell = progress or (lambda _share, _words: None)
    if (file.exists() or file.is_symlink()) and not replace:
        raise StoreError(f"{file} is there already and was left as it is. Choose another name, or add --replace.")
    _refuse_own_file(engine, file)
    place = str(database_file(engine) or engine.url.render_as_string(hide_password=True))
    with _partial(file) as partial, explained(place):
        if engine.dialect.name == "sqlite":
            counts = _copy_pages(engine, partial, version, tell)
        else:
            counts = _copy_tables(engine, partial, version, tell)
        tell(0.7, "Checking the copy")
        found = check_backup(partial, shown_as=file)
        if found.rows_by_table != counts:
            raise StoreError("The copy does not hold every row, so it was not kept. Try again.")
        tell(0.98, "Saving")
        _keep(partial, file)
    return found.at(file)


def _copy_pages(engine: Engine, partial: Path, version: str, tell: Progress) -> dict[str, int]:
    """SQLite to SQLite, from within one reading transaction."""

    def told(_status: int, remaining: int, total: int) -> None:
        tell(0.7 * (1 - remaining / max(total, 1)), "Copying")

    with closing(sqlite3.connect(partial, isolation_level=None)) as copy, snapshot_of(engine) as connection:
        counts = count_rows(connection, _tables_of(version))
        source = cast(sqlite3.Connection, connection.connection.driver_connection)
        try:
            source.backup(copy, pages=PAGES_AT_ONCE, progress=told)
        except sqlite3.Error as error:
            raise _explained_write(error, partial.parent) from None
    leave_one_file(partial)
    return counts


def _copy_tables(engine: Engine, partial: Path, version: str, tell: Progress) -> dict[str, int]:
    """From a server, row by row out of one snapshot."""
    target = make_engine(f"sqlite:///{partial}")
    try:
        with explained(str(partial.parent)):
            upgrade_schema(target, head=version, keep_copy=False)
            tables = _tables_of(version)
            with snapshot_of(engine) as source, target.begin() as copy:
                delete_rows(copy, tables)
                counts = copy_rows(source, copy, tables=tables, progress=lambda share: tell(0.7 * share, "Copying"))
    finally:
        target.dispose()
    leave_one_file(partial)
    return counts


def leave_one_file(file: Path) -> None:
    """Take the write-ahead log into the file, which can then be read where nothing can be written."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _tables_of(version: str) -> tuple[Table, ...]:
    """The tables as they were in a version of the schema."""
    if version == HEAD:
        return TABLES
    engine = make_engine("sqlite://")
    try:
        upgrade_schema(engine, head=version, keep_copy=False)
        found = MetaData()
        found.reflect(engine)
        return tuple(table for table in found.sorted_tables if table.name != VERSION_TABLE)
    finally:
        engine.dispose()


@contextmanager
def _partial(file: Path) -> Iterator[Path]:
    """A new file beside the wanted one, which only its owner may read; gone afterwards unless it got its name."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=PARTIAL)
    except OSError as error:
        raise StoreError(
            f"{file} can't be written ({error.strerror}). Choose another place, or free some space."
        ) from error
    os.close(handle)
    partial = Path(name)
    try:
        _remove_abandoned(partial)
        yield partial
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{partial}{suffix}").unlink(missing_ok=True)


def _remove_abandoned(partial: Path) -> None:
    now = partial.stat().st_mtime
    for other in partial.parent.glob(f".*{PARTIAL}*"):
        if now - other.stat().st_mtime > ABANDONED_SECONDS:
            other.unlink(missing_ok=True)


def _keep(partial: Path, file: Path) -> None:
    """Give the file its name, and make sure that both survive a power cut."""
    try:
        with partial.open("rb+") as written:
            os.fsync(written.fileno())
        partial.replace(file)
        if os.name == "posix":
            folder = os.open(file.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        raise StoreError(f"{file} can't be written ({error.strerror}). Choose another place.") from error


def _refuse_own_file(engine: Engine, file: Path) -> None:
    own = database_file(engine)
    if own is not None and file.exists() and own.exists() and file.samefile(own):
        raise StoreError(f"{file} is the database itself. Choose another name for the backup.")


def _explained_write(error: sqlite3.Error, folder: Path) -> StoreError:
    said = str(error)
    if "full" in said or "disk I/O" in said:
        return StoreError(f"There is not enough space for a backup in {folder}, so none was made. Free some space.")
    if "malformed" in said or "not a database" in said:
        return StoreError(
            "The database is damaged, so no backup of it was made. Put it aside and restore the latest backup."
        )
    return StoreError(f"The backup could not be written to {folder} ({said}). Choose another place.")
