"""What tests of all layers share: fresh stores, the demonstration company, real files, and pages without a browser."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm_core.demo import fill_demo
from crm_core.store.session import Store, open_store

PROJECT = Path(__file__).resolve().parents[1]
LAST_DAY = date(2026, 3, 14)  # the day on which the tests' demonstration company ends


def _sqlite_url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty database of its own."""
    opened = open_store(_sqlite_url(tmp_path / "regulars.db"))
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed database file with the demonstration company; copy it, never write to it."""
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    filled = open_store(_sqlite_url(file))
    fill_demo(filled, last_day=LAST_DAY)
    filled.engine.dispose()  # closing the last connection also empties the write-ahead log into the file
    return file


@pytest.fixture
def demo_store(demo_file: Path, tmp_path: Path) -> Iterator[Store]:
    """The demonstration company in a database that the test may change."""
    opened = open_store(_sqlite_url(shutil.copy(demo_file, tmp_path / "demo.db")))
    yield opened
    opened.engine.dispose()


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
    """

    def open_it(name: str, store_url: str, **query: Any) -> AppTest:
        monkeypatch.setenv("REGULARS_DATABASE_URL", store_url)
        page = AppTest.from_file(str(PROJECT / "pages" / "frame.py"), default_timeout=30)
        for key, value in query.items():
            page.query_params[key] = value
        page.run()
        if name != "today.py":
            for key, value in query.items():
                page.query_params[key] = value
            page.switch_page(name).run()
        return page

    return open_it
