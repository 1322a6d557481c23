"""Opening the database: one engine per URL, one session per use, writes that never collide.

``open_store`` brings the schema up to date first. A writing unit is ``with store.begin() as session``: everything in
the block is saved together or not at all, and units follow one another on every kind of database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from crm_core.errors import StoreError
from crm_core.store.engines import WRITES, database_file, make_engine, shown_address
from crm_core.store.failures import explained
from crm_core.store.tables import Revision

__all__ = ["Store", "open_store", "raise_revision"]


class Store:
    """A database with Regulars' tables. Thread-safe; share one per URL."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.file = database_file(engine)
        self._writing = engine.execution_options(**{WRITES: True})
        steady = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
        self._reading = engine.execution_options(**steady)  # all questions of a block see the same data
        self._seen = _which_file(self.file)

    @property
    def url(self) -> str:
        """The address, without its password."""
        return self.engine.url.render_as_string(hide_password=True)

    @property
    def place(self) -> str:
        """What the owner knows it by: the file, or the server's address without its password."""
        return str(self.file or shown_address(self.engine.url))

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A session that commits when the block ends well, and otherwise leaves nothing behind.

        Units wait for one another, so what is read in one stays true until it ends. StoreError says why not.
        """
        self._look_for_file()
        with explained(self.place), Session(self._writing) as session, session.begin():
            if self.engine.dialect.name != "sqlite":  # which took the lock with BEGIN IMMEDIATE
                session.execute(select(Revision.number).with_for_update())
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for questions, which all see the same data; whatever it changes is dropped."""
        self._look_for_file()
        with explained(self.place), Session(self._reading) as session:
            yield session

    def revision(self) -> int:
        """How often the analytical input has changed; caches are keyed by it."""
        with self.read() as session:
            return session.scalar(select(Revision.number)) or 0

    def close(self) -> None:
        """Give all connections back; the next use opens new ones."""
        self.engine.dispose()

    def _look_for_file(self) -> None:
        """SQLite would go on with a file that was deleted, and all of it would be lost at the end."""
        if self.file is None:
            return
        found = _which_file(self.file)
        if found is None:
            raise StoreError(
                f"{self.file} is not there any more. Put it back, or start Regulars again to begin afresh; "
                "backups lie in the folder beside it."
            )
        if found != self._seen:  # another file has taken its place
            self.close()
            self._seen = found


def raise_revision(session: Session) -> None:
    """Count one change of facts, in the transaction that makes it."""
    session.execute(update(Revision).values(number=Revision.number + 1))


def open_store(url: str) -> Store:
    """The store at a database URL, created or migrated when needed; StoreError says in a sentence why not."""
    from crm_core.store.migrate import refuse_foreign_file, upgrade_schema  # which imports this module's neighbours

    engine = make_engine(url)
    file = database_file(engine)
    if file is not None:
        _make_folder(file)
        refuse_foreign_file(file)
    try:
        with explained(str(file or shown_address(engine.url))):
            upgrade_schema(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder {file.parent} can't be made ({error.strerror}). Set REGULARS_DATABASE_URL to another place."
        ) from error


def _which_file(file: Path | None) -> tuple[int, int] | None:
    """What tells one file from another that has taken its name."""
    try:
        found = file.stat() if file is not None else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None
