"""Databases of their own for tests: SQLite files, and databases with random names on the servers at hand.

The servers are those at REGULARS_TEST_POSTGRES_URL and REGULARS_TEST_MARIADB_URL, else at their usual places on this
machine. Everything made here is dropped again.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

import pytest
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import OperationalError

from crm_core.store.engines import read_address
from crm_core.store.session import Store, open_store
from crm_core.store.tables import Base

KINDS = ("sqlite", "postgresql", "mariadb")
SERVERS = {
    "postgresql": ("REGULARS_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres"),
    "mariadb": ("REGULARS_TEST_MARIADB_URL", "mariadb://root@127.0.0.1:3306/mysql"),
}


@cache
def _administer(kind: str) -> Engine | None:
    """A connection that makes and drops databases; None where no server answers."""
    variable, usual = SERVERS[kind]
    engine = create_engine(
        read_address(os.environ.get(variable, usual)), isolation_level="AUTOCOMMIT", pool_size=1, max_overflow=0
    )
    try:
        with engine.connect():
            return engine
    except OperationalError:
        return None


def _server(kind: str) -> Engine:
    engine = _administer(kind)
    if engine is None:
        why = f"no {kind} server answers; start one, or name it in {SERVERS[kind][0]}"
        if os.environ.get("CI") == "true":
            pytest.fail(why, pytrace=False)
        pytest.skip(why)
    return engine


def make_database(kind: str, *, like: str | None = None) -> str:
    """The URL of a new database on a server; on PostgreSQL a copy of the one named ``like``."""
    engine = _server(kind)
    name = f"regulars_test_{secrets.token_hex(6)}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}" + (f" TEMPLATE {like}" if like else "")))
    return engine.url.set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    """Away with it, whoever is still connected."""
    place = read_address(url)
    kind = "postgresql" if place.drivername.startswith("postgresql") else "mariadb"
    force = " WITH (FORCE)" if kind == "postgresql" else ""
    with _server(kind).connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {place.database}{force}"))


@contextmanager
def a_database(kind: str) -> Iterator[str]:
    """A new, empty database on a server while the block lasts."""
    url = make_database(kind)
    try:
        yield url
    finally:
        drop_database(url)


@dataclass
class Emptied:
    """Databases on servers that tests use one after the other; making a schema anew each time takes longer."""

    urls: dict[tuple[str, str], str] = field(default_factory=dict)

    def open(self, kind: str, name: str = "store") -> Store:
        """An empty store there; another for each name."""
        if (kind, name) not in self.urls:
            self.urls[kind, name] = make_database(kind)
        store = open_store(self.urls[kind, name])
        if set(inspect(store.engine).get_table_names()) - {"alembic_version"} != set(Base.metadata.tables):
            store.close()  # a test took tables away or put some there
            drop_database(self.urls.pop((kind, name)))
            return self.open(kind, name)
        empty(store)
        return store

    def drop(self) -> None:
        for url in self.urls.values():
            drop_database(url)


def empty(store: Store) -> None:
    """Delete every row, and start counting again."""
    names = [name for name in Base.metadata.tables if name != "revision"]
    with store.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY"))
        else:
            connection.execute(text("SET FOREIGN_KEY_CHECKS = 0"))
            full = [name for name in names if connection.scalar(text(f"SELECT EXISTS (SELECT 1 FROM {name})"))]
            for name in full:
                connection.execute(text(f"TRUNCATE {name}"))
            connection.execute(text("SET FOREIGN_KEY_CHECKS = 1"))
        connection.execute(text("UPDATE revision SET number = 0"))


def fill_from(store: Store, database: str) -> None:
    """Copy every row of another MariaDB database on the same server."""
    with store.engine.begin() as connection:
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 0"))
        for name in Base.metadata.tables:
            connection.execute(text(f"DELETE FROM {name}"))
            connection.execute(text(f"INSERT INTO {name} SELECT * FROM {database}.{name}"))
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 1"))
