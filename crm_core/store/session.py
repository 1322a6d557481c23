"""Opening the database: one engine per URL, one session per use, writes that never collide.

``open_store`` brings the schema up to date first. A writing unit is ``with store.begin() as session``: everything in
the block is saved together or not at all.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from crm_core.errors import StoreError
from crm_core.store.tables import Revision

__all__ = ["Store", "open_store"]

BUSY_TIMEOUT_MS = 60_000
WAL_RETRY_SECONDS = 0.02
WRITES = "regulars_writes"  # execution option of connections that are going to write


class Store:
    """A database with Regulars' tables. Thread-safe; share one per URL."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = engine.execution_options(**{WRITES: True})

    @property
    def url(self) -> str:
        """The address, without its password."""
        return self.engine.url.render_as_string(hide_password=True)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A session that commits when the block ends well, and otherwise leaves nothing behind."""
        with Session(self._writing) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for questions; whatever it changes is dropped."""
        with Session(self.engine) as session:
            yield session

    def revision(self) -> int:
        """How often the analytical input has changed; caches are keyed by it."""
        with self.read() as session:
            return session.scalar(select(Revision.number)) or 0


def raise_revision(session: Session) -> None:
    """Count one change of facts, in the transaction that makes it."""
    session.execute(update(Revision).values(number=Revision.number + 1))


def open_store(url: str) -> Store:
    """The store at a database URL, created or migrated when needed; StoreError says in a sentence why not."""
    from crm_core.store.migrate import refuse_foreign_file, upgrade_schema  # which imports this module

    place = make_url(url)
    if place.get_backend_name() == "sqlite" and place.database not in (None, "", ":memory:"):
        Path(str(place.database)).parent.mkdir(parents=True, exist_ok=True)
        refuse_foreign_file(Path(str(place.database)))
    engine = create_engine(place, pool_pre_ping=place.get_backend_name() != "sqlite")
    if place.get_backend_name() == "sqlite":
        _prepare_sqlite(engine)
    store = Store(engine)
    try:
        upgrade_schema(store.engine)
    except StoreError:
        engine.dispose()
        raise
    except DatabaseError as error:
        engine.dispose()
        raise StoreError(
            f"{store.url} can't be opened as a Regulars database ({error.orig}). "
            "Move that file away to start afresh, or set REGULARS_DATABASE_URL to another one."
        ) from error
    return store


def _prepare_sqlite(engine: Engine) -> None:
    """Pragmas per connection, and BEGIN IMMEDIATE for writing units.

    A plain BEGIN takes the write lock at the first write, when its snapshot may be stale: SQLite then fails at once
    in spite of the busy timeout.
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for pragma in (
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "synchronous=NORMAL",
            "secure_delete=ON",
            "cache_size=-32000",  # KiB: an import's indexes are built in memory instead of spilling
        ):
            connection.execute(f"PRAGMA {pragma}")
        _write_ahead(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _write_ahead(connection: Any) -> None:
    """Switch the file to write-ahead logging, which readers and a writer can share.

    SQLite does not wait for the switch as it waits for other locks: when two programs open a new file at once, one of
    them is told "locked" straight away, so this one asks again until the busy timeout is over.
    """
    give_up_at = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(WAL_RETRY_SECONDS)
        else:
            return
