"""Connections: one engine per address, with what each kind of database needs to be safe and to behave alike.

SQLite, PostgreSQL, MariaDB and MySQL. Writing units are marked by an execution option, so that SQLite can take its
write lock at once; on servers ``Store.begin`` takes its turn.
"""

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from crm_core.errors import StoreError

__all__ = ["BUSY_SECONDS", "WRITES", "database_file", "make_engine", "read_address", "shown_address"]

BUSY_SECONDS = 60  # how long a writer waits for another one before it says so
WAL_RETRY_SECONDS = 0.02
CONNECT_SECONDS = 10
WRITES = "regulars_writes"  # execution option of connections that are going to write
DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
}
POOL = {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 5, "pool_recycle": 1800}


def read_address(url: str) -> URL:
    """A database's address with the driver we use; StoreError when it is none.

    >>> read_address("postgres://ada:secret@db.example/shop").drivername
    'postgresql+psycopg'
    """
    try:
        place = make_url(url)
    except (ArgumentError, ValueError):  # the text may hold a password: it is not repeated
        raise StoreError(f"The database's address can't be read. {_examples()}") from None
    name = place.drivername.split("+")[0]
    if name == "sqlite":
        return place.set(drivername="sqlite")
    if name not in DRIVERS:
        raise StoreError(f"{name} databases are not supported. {_examples()}")
    return place.set(drivername=DRIVERS[name])


def shown_address(place: URL) -> str:
    """An address as the owner writes it: without the driver that we put in, and without its password.

    >>> shown_address(read_address("postgresql://ada:secret@db.example/shop"))
    'postgresql://ada:***@db.example/shop'
    """
    return place.set(drivername=place.get_backend_name()).render_as_string(hide_password=True)


def database_file(engine: Engine) -> Path | None:
    """The file of a SQLite database; None for servers and databases in memory."""
    place = engine.url.database
    if engine.dialect.name != "sqlite" or not place or place == ":memory:" or place.startswith("file:"):
        return None
    return Path(place)


def make_engine(url: str) -> Engine:
    """An engine for an address. Nothing is connected yet."""
    place = read_address(url)
    try:
        if place.drivername == "sqlite":
            engine = create_engine(place, hide_parameters=True)
            _prepare_sqlite(engine)
            return engine
        arguments = _postgres() if place.drivername.startswith("postgresql") else _mariadb()
        return create_engine(place, hide_parameters=True, connect_args=arguments, **POOL)
    except (ArgumentError, NoSuchModuleError):
        raise StoreError(f"The database's address can't be used. {_examples()}") from None


def _postgres() -> dict[str, Any]:
    choices = {"lock_timeout": f"{BUSY_SECONDS}s", "timezone": "UTC", "jit": "off"}
    return {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "Regulars",
        "options": " ".join(f"-c {name}={value}" for name, value in choices.items()),
    }


def _mariadb() -> dict[str, Any]:
    choices = {
        "innodb_lock_wait_timeout": BUSY_SECONDS,
        "lock_wait_timeout": BUSY_SECONDS,
        "time_zone": "'+00:00'",
        "sql_mode": "'TRADITIONAL,ONLY_FULL_GROUP_BY'",  # refuse what does not fit instead of cutting it
    }
    return {
        "connect_timeout": CONNECT_SECONDS,
        "charset": "utf8mb4",
        "init_command": "SET SESSION " + ", ".join(f"{name}={value}" for name, value in choices.items()),
    }


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
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "synchronous=NORMAL",
            "secure_delete=ON",
            "trusted_schema=OFF",
            "cache_size=-32000",  # KiB: an import's indexes are built in memory instead of spilling
        ):
            connection.execute(f"PRAGMA {pragma}")
        # SQLite's own knows English letters only
        connection.create_function("lower", 1, _lower, deterministic=True)
        _write_ahead(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


def _write_ahead(connection: Any) -> None:
    """Switch the file to write-ahead logging, which readers and a writer can share.

    SQLite does not wait for the switch as it waits for other locks: when two programs open a new file at once, one of
    them is told "locked" straight away, so this one asks again until the busy timeout is over.
    """
    give_up_at = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up_at:
                raise
            time.sleep(WAL_RETRY_SECONDS)
        else:
            return


def _examples() -> str:
    return "Write it like sqlite:////home/me/shop.db, postgresql://user:password@host/shop or mariadb://user@host/shop."
