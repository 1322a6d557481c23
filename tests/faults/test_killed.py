"""kill -9 in the middle of an import, an undo, a migration and a restore: afterwards the data are before or after."""

import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from crm_core.services.backups import backups_of, look_into
from crm_core.store.engines import make_engine
from crm_core.store.migrate import HEAD, upgrade_schema
from crm_core.store.session import Store, open_store
from crm_core.store.tables import Base
from tests.databases import KINDS, a_database
from tests.faults.dying import WELL, die_after_commit, die_at_change, die_at_commit, in_child
from tests.faults.shop import (
    Work,
    address,
    snapshot,
    version_of,
    without_revision,
)

KILLED = -signal.SIGKILL
CHANGES = (1, 3, 6, 9)  # before which of the operation's changes it dies
SOME = (2, 4, 1, 3)  # the same for migrations: between a step and the note that it was taken, and others


def test_what_was_killed_left_nothing_and_can_be_done_again(store: Store, operation: Work) -> None:
    before, place, name = snapshot(store), address(store), str(store.engine.url.database)

    def work() -> None:
        operation(open_store(place))

    store.close()
    for number in CHANGES:
        assert in_child(lambda number=number: (die_at_change(number, name), work())) == KILLED
        assert snapshot(store) == before
        store.close()
    assert in_child(lambda: (die_at_commit(name), work())) == KILLED
    assert snapshot(store) == before
    store.close()
    assert in_child(lambda: die_after_commit(work)) == KILLED
    after = snapshot(store)
    assert without_revision(after) != without_revision(before)
    assert (
        int(after["revision"][0].strip("()").split(", ")[1])
        == int(before["revision"][0].strip("()").split(", ")[1]) + 1
    )


@pytest.fixture(params=KINDS)
def old_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the first version with a customer in it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
        fill_old(url)
        yield url
        return
    with a_database(request.param) as url:
        fill_old(url)
        yield url


def fill_old(url: str) -> None:
    engine = make_engine(url)
    upgrade_schema(engine, head="0001", keep_copy=False)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO customers (id, source, source_id, name) VALUES (1, 'shop', 'c1', 'Ana')"))
        connection.execute(text("INSERT INTO settings VALUES ('alpha', '0.25')"))
    engine.dispose()


def tables_of(engine: Engine) -> dict[str, set[str]]:
    found = inspect(engine)
    return {table: {column["name"] for column in found.get_columns(table)} for table in found.get_table_names()}


@pytest.mark.parametrize("numbers", [SOME, pytest.param(range(1, 100), marks=pytest.mark.slow)], ids=["some", "every"])
def test_a_killed_migration_is_before_or_continued(old_database: str, numbers: Sequence[int]) -> None:
    """Where schema changes commit at once (MariaDB) the next start goes on from there; elsewhere nothing is left."""
    engine = make_engine(old_database)
    before, name = tables_of(engine), str(engine.url.database)
    engine.dispose()
    killed = 0
    for number in numbers:
        ended = in_child(lambda number=number: (die_at_change(number, name), open_store(old_database)))
        if ended == WELL:
            break
        assert ended == KILLED
        killed += 1
        if engine.dialect.name != "mysql":
            assert (tables_of(engine), version_of(engine)) == (before, "0001")
        engine.dispose()
    assert killed >= 3
    store = open_store(old_database)
    assert version_of(store) == HEAD
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
    kept = snapshot(store)
    assert "'Ana'" in kept["customers"][0]
    assert kept["settings"] == ["('alpha', 0.25)"]
    made = backups_of(store)
    assert {backup.reason for backup in made} == {"before-update"}
    assert len(made) <= 5
    assert look_into(store, made[-1].file).customers == 1
    store.close()
    engine.dispose()
