"""Opening the database from several programs at once, and writing units that never collide."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from crm_core.store.session import Store, open_store, raise_revision


def test_a_new_file_that_another_program_is_writing_is_waited_for(tmp_path: Path) -> None:
    """SQLite refuses the switch to write-ahead logging at once while somebody writes; we ask again."""
    file = tmp_path / "new.db"
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.4, writer.execute, ["ROLLBACK"])
        release.start()
        store = open_store(f"sqlite:///{file}")
        release.join()
    assert store.revision() == 0
    store.engine.dispose()


def test_two_hundred_concurrent_writes_all_arrive(store: Store) -> None:
    """Read, then write, from five threads: a plain BEGIN would fail with "locked" in most of them."""

    def write() -> None:
        for _ in range(40):
            with store.begin() as session:
                session.execute(text("SELECT number FROM revision")).all()
                raise_revision(session)

    threads = [threading.Thread(target=write) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert store.revision() == 200


def test_a_block_that_fails_leaves_nothing_behind(store: Store) -> None:
    def stop_half_way() -> None:
        with store.begin() as session:
            raise_revision(session)
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        stop_half_way()
    assert store.revision() == 0


def test_the_pragmas_are_set_on_every_connection(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'shop.db'}")
    with store.read() as session:
        pragmas = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "secure_delete", "busy_timeout", "trusted_schema")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 60_000,
        "trusted_schema": 0,
    }
    store.close()
