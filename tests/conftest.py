"""What tests of all layers share: fresh stores, the demonstration company, real files, and pages without a browser."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from crm_core.demo import fill_demo
from crm_core.store.engines import read_address
from crm_core.store.session import Store, open_store
from tests.bases import customer_base, remember_copy
from tests.databases import KINDS, Emptied, drop_database, fill_from, make_database

PROJECT = Path(__file__).resolve().parents[1]
LAST_DAY = date(2026, 3, 14)  # the day on which the tests' demonstration company ends


# On servers the quick part tries what is stored, and the services that write most; the rest takes minutes there: pages
# ask the same services, and real files are large.
MINUTES_ON_SERVERS = {"open_page", "shared_data", "demo_store", "seen_store"}
SERVERS = tuple(kind for kind in KINDS if kind != "sqlite")
WRITERS = {"imports", "import_records", "editing", "edit_undo", "copies", "backups"}
FAULTS = {"failing_writes"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever asks for a store is tried on every kind of database."""
    if "database_kind" not in metafunc.fixturenames:
        return
    folder, _, name = metafunc.module.__name__.rpartition(".test_")
    each_time = {"tests.services": WRITERS, "tests.faults": FAULTS}.get(folder, {name})
    later = name not in each_time or MINUTES_ON_SERVERS & set(metafunc.fixturenames)
    marks = {server: [pytest.mark.slow] if later else [] for server in SERVERS}
    if folder == "tests.pages":  # half of them are tried on each server, and on both in the sweep
        swept = SERVERS[crc32(metafunc.function.__name__.encode()) % len(SERVERS)]
        marks[swept] = [pytest.mark.slow, pytest.mark.sweep]
    kinds = [pytest.param(kind, marks=marks.get(kind, [])) for kind in KINDS]
    metafunc.parametrize("database_kind", kinds, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those who look at the same demonstration company come one after the other: pages keep what they worked out of
    one database until they meet another."""
    items.sort(key=_seen_first)


def _seen_first(item: pytest.Item) -> int:
    if "seen_store" not in getattr(item, "fixturenames", ()):
        return len(KINDS)
    return KINDS.index(item.callspec.params["database_kind"])  # type: ignore[attr-defined]


def pytest_make_parametrize_id(val: object) -> str | None:
    """Packed files hold the time of their making: named by it, one test would be another in each process."""
    return "bytes" if isinstance(val, bytes) and not val.isascii() else None


def _sqlite_url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which kind of database the test's store is: sqlite, postgresql or mariadb."""
    return str(request.param)


@pytest.fixture(scope="session")
def emptied() -> Iterator[Emptied]:
    databases = Emptied()
    yield databases
    databases.drop()


@pytest.fixture
def store(database_kind: str, emptied: Emptied, tmp_path: Path) -> Iterator[Store]:
    """An empty database of its own."""
    on_disk = database_kind == "sqlite"
    opened = open_store(_sqlite_url(tmp_path / "regulars.db")) if on_disk else emptied.open(database_kind)
    yield opened
    _put_away(opened, database_kind)


@pytest.fixture(scope="session", autouse=True)
def own_log(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests, and the programs that they start, leave the owner's log and backups alone, and work
    at nothing that they did not ask for."""
    os.environ["REGULARS_LOG_FILE"] = str(tmp_path_factory.mktemp("log") / "regulars.log")
    os.environ["REGULARS_TEST_MODELS"] = "no"  # nothing goes on working behind a test that has ended
    os.environ["REGULARS_SNAPSHOTS"] = "no"
    os.environ["REGULARS_BACKUP_FOLDER"] = str(tmp_path_factory.mktemp("backups"))


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed database file with the demonstration company; copy it, never write to it."""
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    filled = open_store(_sqlite_url(file))
    fill_demo(filled, last_day=LAST_DAY)
    filled.close()  # closing the last connection also empties the write-ahead log into the file
    return file


@pytest.fixture(scope="session")
def demo_databases() -> Iterator[Callable[[str], str]]:
    """By kind of server, the name of a database with the demonstration company; copy it, never write to it."""
    made: dict[str, str] = {}

    def find(kind: str) -> str:
        if kind not in made:
            made[kind] = make_database(kind)
            filled = open_store(made[kind])
            fill_demo(filled, last_day=LAST_DAY)
            filled.close()
        return str(read_address(made[kind]).database)

    yield find
    for url in made.values():
        drop_database(url)


@pytest.fixture
def demo_store(
    database_kind: str, demo_file: Path, demo_databases: Callable[[str], str], emptied: Emptied, tmp_path: Path
) -> Iterator[Store]:
    """The demonstration company in a database that the test may change."""
    if database_kind == "sqlite":
        opened = open_store(_sqlite_url(shutil.copy(demo_file, tmp_path / "demo.db")))
    elif database_kind == "postgresql":
        opened = open_store(make_database(database_kind, like=demo_databases(database_kind)))
    else:
        opened = emptied.open(database_kind, "demo")
        fill_from(opened, demo_databases(database_kind))
    remember_copy(opened, f"demonstration, {database_kind}")
    yield opened
    _put_away(opened, database_kind)
    if database_kind == "postgresql":
        drop_database(opened.engine.url.render_as_string(hide_password=False))


def _put_away(opened: Store, kind: str) -> None:
    opened.close()
    if kind != "sqlite":  # the next test's database may have the same name and revision
        st.cache_data.clear()
        st.cache_resource.clear()


@pytest.fixture(scope="session")
def seen_demos(
    demo_file: Path, demo_databases: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Store]]:
    """By kind of database, one copy of the demonstration company for all who only look at it."""
    opened: dict[str, Store] = {}

    def find(kind: str) -> Store:
        if kind not in opened:
            if kind == "sqlite":
                url = _sqlite_url(shutil.copy(demo_file, tmp_path_factory.mktemp("seen") / "seen.db"))
            else:
                url = make_database(kind, like=demo_databases(kind) if kind == "postgresql" else None)
            opened[kind] = open_store(url)
            if kind == "mariadb":
                fill_from(opened[kind], demo_databases(kind))
            remember_copy(opened[kind], f"demonstration, {kind}")
        return opened[kind]

    yield find
    for kind, seen in opened.items():
        seen.close()
        if kind != "sqlite":
            drop_database(seen.engine.url.render_as_string(hide_password=False))


@pytest.fixture
def seen_store(database_kind: str, seen_demos: Callable[[str], Store]) -> Iterator[Store]:
    """The demonstration company for a test that only looks: what was worked out of it for one serves the next."""
    seen = seen_demos(database_kind)
    revision = seen.revision()
    yield seen
    assert seen.revision() == revision, "whoever changes the demonstration company asks for demo_store"


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """The path of a real data file by name. They are no part of the product: tests that need one skip without it."""
    folder = Path(os.environ.get("REGULARS_SHARED_DATA", PROJECT.parent / "shared" / "data"))

    def find(name: str) -> Path:
        file = folder / name
        if not file.is_file():
            pytest.skip(f"real data file {name} is not here; name its folder in REGULARS_SHARED_DATA")
        return file

    return find


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open a page inside the frame, without a browser: ``open_page("value.py", store.url, value_alpha="0.7")``.

    ``name`` is the page's file; "today.py" is where the product starts. Further words are the URL's parameters.
    The base of the demonstration company that nobody has changed is worked out once for all.
    """

    def open_it(name: str, store_url: str, **query: Any) -> AppTest:
        monkeypatch.setenv("REGULARS_DATABASE_URL", store_url)
        monkeypatch.setattr("pages.parts.loading.customer_base", customer_base)
        page = AppTest.from_file(str(PROJECT / "pages" / "frame.py"), default_timeout=120)
        for key, value in query.items():
            page.query_params[key] = value
        page.run()
        if name != "today.py":
            for key, value in query.items():
                page.query_params[key] = value
            page.switch_page(name).run()
        return page

    return open_it
