"""Addresses, what a server's refusal says, and that no password shows."""

import logging
import socket

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from crm_core.errors import StoreError
from crm_core.store.engines import read_address
from crm_core.store.failures import explain
from crm_core.store.session import Store, open_store
from tests.databases import a_database

PASSWORD = "hunter2"


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("postgres://ada@db.example/shop", "postgresql+psycopg"),
        ("postgresql+psycopg2://ada@db.example/shop", "postgresql+psycopg"),
        ("mysql://ada@db.example/shop", "mysql+pymysql"),
        ("mariadb://ada@db.example/shop", "mysql+pymysql"),
        ("sqlite:///shop.db", "sqlite"),
    ],
)
def test_an_address_gets_the_driver_that_is_installed(url: str, driver: str) -> None:
    assert read_address(url).drivername == driver


@pytest.mark.parametrize(
    "url", ["oracle://ada:hunter2@db.example/shop", "ada:hunter2@db.example", "postgresql//hunter2"]
)
def test_an_address_that_is_none_is_told_by_examples(url: str) -> None:
    with pytest.raises(StoreError, match="Write it like sqlite:") as raised:
        open_store(url)
    assert PASSWORD not in str(raised.value)


@pytest.mark.parametrize("scheme", ["postgresql", "mariadb"])
def test_a_server_that_does_not_answer_is_said_without_the_password(
    scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as taken:  # bound but not listening: nobody answers there
        taken.bind(("127.0.0.1", 0))
        with caplog.at_level(logging.DEBUG), pytest.raises(StoreError, match="does not answer") as raised:
            open_store(f"{scheme}://ada:{PASSWORD}@127.0.0.1:{taken.getsockname()[1]}/shop")
    assert PASSWORD not in str(raised.value)
    assert PASSWORD not in caplog.text
    assert raised.value.__cause__ is None  # the driver's words go no further


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_missing_database_is_said(kind: str) -> None:
    with a_database(kind) as url, pytest.raises(StoreError, match="There is no database at"):
        open_store(url + "_not")


def test_a_mariadb_user_who_may_not_enter_is_said_without_the_password() -> None:
    with a_database("mariadb") as url:
        wrong = read_address(url).set(username="nobody_known", password=PASSWORD)
        with pytest.raises(StoreError, match="does not let us in") as raised:
            open_store(wrong.render_as_string(hide_password=False))
    assert PASSWORD not in str(raised.value)


def test_a_store_tells_its_address_without_the_password() -> None:
    with a_database("postgresql") as url:
        with_password = read_address(url).set(password=PASSWORD).render_as_string(hide_password=False)
        store = open_store(with_password)  # this server trusts everybody
        assert PASSWORD not in f"{store.url} {store.place} {store.engine!r} {store.engine.url}"
        store.close()


def test_a_mistake_of_ours_is_not_taken_for_the_servers() -> None:
    mistake = OperationalError("SELECT 1", {}, Exception("near 'FORM': syntax error"))
    assert explain(mistake, "shop.db") is None


END_CONNECTIONS = {
    "postgresql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    "mysql": "SELECT CONCAT('KILL ', id) FROM information_schema.processlist "
    "WHERE db = DATABASE() AND id <> CONNECTION_ID()",
}


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_restarted_server_is_survived_at_the_next_question(kind: str) -> None:
    """Ending every connection is what a restart does to a program that waits in between."""
    with a_database(kind) as url:
        store, other = open_store(url), open_store(url)
        assert store.revision() == 0
        with store.begin() as session:
            session.execute(text("UPDATE revision SET number = 5"))
        end_connections(other)
        assert store.revision() == 5
        end_connections(other)
        with store.begin() as session:
            session.execute(text("UPDATE revision SET number = 6"))
        assert store.revision() == 6
        store.close()
        other.close()


def end_connections(by: Store) -> None:
    with by.engine.connect() as connection:
        rows = connection.execute(text(END_CONNECTIONS[connection.dialect.name])).scalars().all()
        for kill in rows if connection.dialect.name == "mysql" else ():
            connection.execute(text(kill))


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_text_of_every_kind_survives(kind: str) -> None:
    """Every character, and text that differs only in case, in accents or by a trailing letter stays apart."""
    words = ["Zoë", "zoë", "ZOË", "Zoe", "🙂", "Null", "NA", "日本", "007"]
    with a_database(kind) as url:
        store = open_store(url)
        with store.begin() as session:
            for number, word in enumerate(words, start=1):
                values = {"id": number, "word": word}
                session.execute(
                    text("INSERT INTO customers (id, source, source_id, name) VALUES (:id, 's', :word, :word)"), values
                )
        with store.read() as session:
            found = session.execute(text("SELECT source_id, name FROM customers ORDER BY id")).all()
        assert [tuple(row) for row in found] == [(word, word) for word in words]
        store.close()
