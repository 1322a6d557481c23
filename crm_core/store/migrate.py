"""Bringing a database to the newest schema: Alembic migrations, run when a store is opened.

An up-to-date database costs one small query: Alembic is imported only when there is something to do. A database is
backed up before it is migrated, and a migration that fails leaves no trace. Where schema
changes commit at once (MariaDB, MySQL) each migration is one small step that can be taken twice, so that an
interrupted run is continued at the next start.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from crm_core.errors import StoreError
from crm_core.logs import log_work
from crm_core.store.engines import BUSY_SECONDS, WRITES

__all__ = ["HEAD", "MIGRATIONS", "VERSION_TABLE", "knows_version", "refuse_foreign_file", "upgrade_schema"]

HEAD = "0021"  # the newest migration; a test compares it with the folder
MIGRATIONS = Path(__file__).with_name("migrations")
VERSION_TABLE = "alembic_version"
COMMITS_AT_ONCE = ("mysql", "mariadb")  # each change of the schema
TURN = 7_340_033  # any number: whoever holds the lock of this name on a server migrates


def upgrade_schema(engine: Engine, *, folder: Path = MIGRATIONS, head: str = HEAD, keep_copy: bool = True) -> None:
    """Run the migrations that are missing; StoreError when the database is not ours or newer than this program.

    A database that holds data is backed up first, unless ``keep_copy`` is off: it is a copy itself.
    """
    with engine.connect() as connection:
        stored = _stored_version(connection)
    if stored == head:
        return
    if stored is not None:
        _refuse_newer(folder, stored, head)  # before a copy of it pushes out an older one
        if keep_copy:
            from crm_core.store.automatic_backups import back_up_automatically  # which imports this module

            back_up_automatically(engine, "before-update", version=stored)
    with engine.execution_options(**{WRITES: True}).begin() as connection, _alone(connection):
        stored = _stored_version(connection)  # again, now that nobody else writes
        if stored != head:
            _refuse_newer(folder, stored, head)
            with log_work("migration") if keep_copy else nullcontext(dict[str, int]()) as counts:
                _run_migrations(connection, folder, head)
                counts |= {"to schema": int(head)} if head.isdecimal() else {}


def refuse_foreign_file(path: Path) -> None:
    """StoreError when a file is another program's database, or none; looks without changing a byte of it."""
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} can't be read as a database ({error}). {_way_out()}") from error
    if tables and VERSION_TABLE not in tables:
        raise StoreError(_foreign(str(path), tables))


def knows_version(version: str, *, folder: Path = MIGRATIONS) -> bool:
    """Whether a schema's version is one of this program's."""
    return version in {step.revision for step in _script(folder).walk_revisions()}


def _stored_version(connection: Connection) -> str | None:
    """The version in the database; None when it is empty."""
    tables = inspect(connection).get_table_names()
    if VERSION_TABLE in tables:
        version = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 -- a constant
        return None if version is None else str(version)  # none yet: the first run was interrupted
    if tables:
        raise StoreError(_foreign(connection.engine.url.render_as_string(hide_password=True), set(tables)))
    return None


def _run_migrations(connection: Connection, folder: Path, head: str) -> None:
    """Everything from the stored version to the newest, in the connection's own transaction."""
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    script = _script(folder)
    context = MigrationContext.configure(
        connection, opts={"fn": lambda heads, _context: script._upgrade_revs(head, heads)}
    )
    try:
        with Operations.context(context):
            context.run_migrations()
    except SQLAlchemyError as error:
        at_once = connection.dialect.name in COMMITS_AT_ONCE
        left = "goes on from there at the next start" if at_once else "is as it was"
        raise StoreError(
            f"The database could not be brought to schema {head} and {left} "
            f"({getattr(error, 'orig', None) or type(error).__name__}). {_way_out()}"
        ) from error


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Keep other programs that start at the same time waiting; SQLite does so by the write lock of the transaction."""
    name = connection.dialect.name
    if name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({TURN})"))
        yield
    elif name in COMMITS_AT_ONCE:
        lock = {"name": f"regulars {TURN} {connection.engine.url.database}"[:64], "seconds": BUSY_SECONDS}
        if not connection.scalar(text("SELECT GET_LOCK(:name, :seconds)"), lock):
            raise StoreError("Another program is preparing this database. Try again in a minute.")
        try:
            yield
        finally:
            connection.execute(text("SELECT RELEASE_LOCK(:name)"), {"name": lock["name"]})
    else:
        yield


def _refuse_newer(folder: Path, stored: str | None, head: str) -> None:
    if stored is not None and not knows_version(stored, folder=folder):
        raise StoreError(
            f"This database was written by a newer Regulars (schema {stored}, this program knows {head}). "
            "Update Regulars, or open another database."
        )


def _script(folder: Path) -> Any:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(folder, version_locations=[folder])


def _foreign(place: str, tables: set[str]) -> str:
    found = ", ".join(sorted(tables)[:3])
    return f"{place} belongs to another program (it has the tables {found}) and was left untouched. {_way_out()}"


def _way_out() -> str:
    return "Set REGULARS_DATABASE_URL to another place, or move that file away to start afresh."
