"""The schema: upgraded equals declared, nothing lost on the way, other programs' files left alone."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, inspect, text

from crm_core.errors import StoreError
from crm_core.store.automatic_backups import list_backups
from crm_core.store.engines import make_engine
from crm_core.store.migrate import HEAD, MIGRATIONS, upgrade_schema
from crm_core.store.session import open_store
from crm_core.store.tables import Base
from tests.databases import a_database

FAILS_HALFWAY = f'''
"""Add a table and then fail."""
from alembic import op
revision = "next"
down_revision = "{HEAD}"
def upgrade():
    op.execute("CREATE TABLE halfway (id INTEGER)")
    op.execute("INSERT INTO no_such_table VALUES (1)")
'''
ADDS_A_TABLE = FAILS_HALFWAY.replace('    op.execute("INSERT INTO no_such_table VALUES (1)")\n', "")


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def folder_with(tmp_path: Path, another: str) -> Path:
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "next.py").write_text(another)
    return folder


def tables_in(path: Path) -> set[str]:
    with sqlite3.connect(path) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


@pytest.fixture
def new_url(database_kind: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database that nobody has used yet, of every kind."""
    if database_kind == "sqlite":
        yield url_of(tmp_path / "new.db")
    else:
        with a_database(database_kind) as url:
            yield url


def test_upgraded_empty_database_equals_declared_tables(new_url: str) -> None:
    store = open_store(new_url)
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    assert store.revision() == 0
    store.close()


def test_head_constant_is_the_newest_migration() -> None:
    assert ScriptDirectory(MIGRATIONS, version_locations=[MIGRATIONS]).get_current_head() == HEAD


def test_up_to_date_database_opens_without_alembic(tmp_path: Path) -> None:
    url = url_of(tmp_path / "new.db")
    open_store(url)
    opening = f"from crm_core.store.session import open_store; open_store({url!r})"
    script = f"import sys; {opening}; assert 'alembic' not in sys.modules"
    assert run([sys.executable, "-c", script], check=False).returncode == 0


def test_another_programs_file_is_refused_and_left_untouched(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (id INTEGER)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"theirs\.db belongs to another program.*recipes.*left untouched"):
        open_store(url_of(path))
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "picture.db"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000))
    with pytest.raises(StoreError, match=r"picture\.db can't be read as a database"):
        open_store(url_of(path))
    assert path.read_bytes().startswith(b"\x89PNG")


def test_a_newer_schema_is_refused(new_url: str) -> None:
    store = open_store(new_url)
    with store.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(StoreError, match="newer Regulars"):
        open_store(new_url)


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_another_programs_database_on_a_server_is_refused_and_left_untouched(kind: str) -> None:
    with a_database(kind) as url:
        engine = make_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE recipes (id INTEGER)"))
        with pytest.raises(StoreError, match=r"belongs to another program .*recipes"):
            open_store(url)
        assert inspect(engine).get_table_names() == ["recipes"]
        engine.dispose()


def test_an_upgrade_keeps_every_row(new_url: str) -> None:
    """A database of the first version with a customer in it, brought to the newest."""
    engine = make_engine(new_url)
    with engine.begin() as connection:
        run_steps(connection, lambda script: script._upgrade_revs("0001", None))
        connection.execute(text("INSERT INTO customers (id, source, source_id, name) VALUES (7, 's', 'C7', 'Zoë')"))
    engine.dispose()
    store = open_store(new_url)
    with store.read() as session:
        columns = text("SELECT id, source_id, name, archived_at FROM customers")
        assert [tuple(row) for row in session.execute(columns)] == [(7, "C7", "Zoë", None)]
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
    store.close()


def test_a_run_that_was_interrupted_where_schema_changes_commit_at_once_is_continued() -> None:
    """MariaDB keeps what was done up to the failure, so the next start goes on from there."""
    with a_database("mariadb") as url:
        engine = make_engine(url)

        @event.listens_for(engine, "before_cursor_execute")
        def stop(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            if "CREATE TABLE IF NOT EXISTS tickets" in " ".join(statement.split()):
                raise RuntimeError("the power went")

        with pytest.raises(RuntimeError, match="power"):
            upgrade_schema(engine)
        tables = set(inspect(engine).get_table_names())
        assert "customers" in tables
        assert "tickets" not in tables
        engine.dispose()
        store = open_store(url)
        assert set(inspect(store.engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
        assert store.revision() == 0
        store.close()


def test_a_failing_migration_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    store = open_store(url_of(path))
    before = tables_in(path)
    with pytest.raises(StoreError, match="is as it was"):
        upgrade_schema(store.engine, folder=folder_with(tmp_path, FAILS_HALFWAY), head="next")
    assert tables_in(path) == before
    with store.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD


def test_a_database_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    store = open_store(url_of(path))
    with store.begin() as session:
        session.execute(text("INSERT INTO settings VALUES ('currency', '\"GBP\"')"))
    upgrade_schema(store.engine, folder=folder_with(tmp_path, ADDS_A_TABLE), head="next")
    assert "halfway" in tables_in(path)
    (made,) = list_backups(store.engine)
    assert made.reason == "before-update"
    copy = made.file
    assert "halfway" not in tables_in(copy)
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT value FROM settings").fetchall() == [('"GBP"',)]


def test_a_new_database_needs_no_copy(tmp_path: Path) -> None:
    open_store(url_of(tmp_path / "new.db"))
    assert not (tmp_path / "backups").exists()


def test_each_migration_can_be_taken_back(new_url: str) -> None:
    engine = make_engine(new_url)
    upgrade_schema(engine)
    with engine.begin() as connection:
        run_steps(connection, lambda script: script._downgrade_revs("base", HEAD))
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade_schema(engine)
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    engine.dispose()


def run_steps(connection: Connection, steps: Callable[[ScriptDirectory], Any]) -> None:
    """Some of the migrations, as Alembic runs them."""
    script = ScriptDirectory(MIGRATIONS, version_locations=[MIGRATIONS])
    context = MigrationContext.configure(connection, opts={"fn": lambda _heads, _context: steps(script)})
    with Operations.context(context):
        context.run_migrations()


def test_columns_stand_in_one_order_in_every_process(tmp_path: Path) -> None:
    made = "import sys; from crm_core.store.session import open_store; open_store(sys.argv[1]).close()"
    schemas = []
    for seed in ("0", "1", "3"):
        file = tmp_path / f"{seed}.db"
        environment = os.environ | {"PYTHONHASHSEED": seed}
        run(
            [sys.executable, "-c", made, f"sqlite:///{file}"],
            check=True,
            env=environment,
            cwd=Path(__file__).resolve().parents[2],
        )
        with closing(sqlite3.connect(file)) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            columns = "SELECT name FROM pragma_table_info(?) ORDER BY cid"
            schemas.append({table: connection.execute(columns, (table,)).fetchall() for table in tables})
    assert schemas[0] == schemas[1] == schemas[2]
