"""Moving to another database: from each kind to each, everything, and never over what is there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from crm_core.errors import StoreError
from crm_core.services import copies
from crm_core.services.copies import copy_store
from crm_core.services.imports import undo_import
from crm_core.store import copying
from crm_core.store.session import Store, open_store
from crm_core.store.tables import Setting
from tests.databases import KINDS, a_database
from tests.faults.shop import FIRST, SECOND, address, bring, snapshot

NOW = datetime(2026, 3, 14, tzinfo=UTC)


@pytest.mark.parametrize("kind", KINDS[1:])
def test_there_and_back_again(kind: str, tmp_path: Path) -> None:
    """From a file to a server and from there into a new file."""
    store, back = (open_store(f"sqlite:///{tmp_path / name}.db") for name in ("shop", "back"))
    bring(store, FIRST)
    bring(store, SECOND)
    before = snapshot(store)
    with a_database(kind) as url:
        server = open_store(url)
        report = copy_store(store, server)
        assert snapshot(server) == before
        assert report.as_dict() | {"to": ""} == {
            "to": "",
            "rows": sum(map(len, before.values())),
            "customers": 3,
            "orders": 5,
        }
        copy_store(server, back)
        assert snapshot(back) == before
        bring(server, FIRST.replace("o1", "n1"))  # new rows find free keys
        undo_import(server, 2, now=NOW)
        server.close()
    store.close()
    back.close()


def test_between_servers(tmp_path: Path) -> None:
    with a_database("postgresql") as from_url, a_database("mariadb") as to_url:
        one, other = open_store(from_url), open_store(to_url)
        bring(one, FIRST)
        with one.begin() as session:
            session.add(Setting(key="naïve ✓ 😀", value={"text": "ü 😀", "number": 0.1, "none": None}))
        copy_store(one, other)
        assert snapshot(other) == snapshot(one)
        one.close()
        other.close()


def test_a_database_that_holds_anything_is_left_as_it_is(store: Store, tmp_path: Path) -> None:
    source = open_store(f"sqlite:///{tmp_path / 'source.db'}")
    bring(source, FIRST)
    with store.begin() as session:
        session.add(Setting(key="alpha", value=0.5))
    before = snapshot(store)
    with pytest.raises(StoreError, match=r"is not empty \(rows: 1 in settings\), so nothing was copied"):
        copy_store(source, store)
    assert snapshot(store) == before
    source.close()


def test_a_database_is_not_copied_onto_itself(store: Store) -> None:
    bring(store, FIRST)
    before = snapshot(store)
    again = open_store(address(store))
    with pytest.raises(StoreError, match="is not empty"):
        copy_store(store, again)
    assert snapshot(store) == before
    again.close()


def test_a_copy_that_differs_is_not_kept(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the server had changed an amount on the way."""
    source = open_store(f"sqlite:///{tmp_path / 'source.db'}")
    bring(source, FIRST)
    whole = copying.copy_rows

    def change_one(*arguments, **more):
        rows = whole(*arguments, **more)
        arguments[1].execute(text("UPDATE order_lines SET amount_minor = amount_minor + 1"))
        return rows

    before = snapshot(store)
    monkeypatch.setattr(copies, "copy_rows", change_one)
    with pytest.raises(StoreError, match="The copy of order_lines differs from the original"):
        copy_store(source, store)
    assert snapshot(store) == before
    source.close()


def test_the_password_is_not_told(tmp_path: Path) -> None:
    with a_database("postgresql") as url:
        store, server = open_store(f"sqlite:///{tmp_path / 'shop.db'}"), open_store(url.replace("@", ":secret@"))
        report = copy_store(store, server)
        assert "+psycopg" not in report.as_words()
        assert "secret" not in report.as_words() + str(report.as_dict())
        bring(store, FIRST)
        copy_store(store, server)
        with pytest.raises(StoreError, match="is not empty") as refused:
            copy_store(store, server)
        assert "secret" not in str(refused.value)
        store.close()
        server.close()
