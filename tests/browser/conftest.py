"""Servers and a watched browser. Every message of the browser's console and every request outward fails a test."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from crm_core.demo import fill_demo
from crm_core.store.session import open_store
from tests.browser.driving import CHROMIUM, PICTURES, Server, find_chromium, serve

LOOKS_FOR_SERVER = re.compile(r"/[a-z]+/_stcore/(?:health|host-config)$")
WALK_SECONDS = 900
OWN_HOSTS = {"localhost", "127.0.0.1", ""}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder are browser tests, and a walk through every view may take its time on a busy machine."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
            item.add_marker(pytest.mark.timeout(WALK_SECONDS))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = find_chromium()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=CHROMIUM)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def demo_today_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration company that ends today, as the button makes it."""
    file = tmp_path_factory.mktemp("demo-today") / "demo.db"
    store = open_store(f"sqlite:///{file}")
    fill_demo(store, last_day=date.today())  # noqa: DTZ011 - the day the browser's pages go by
    store.engine.dispose()
    return file


@pytest.fixture(scope="session")
def demo_server(browser: Browser, demo_today_file: Path) -> Iterator[Server]:
    """One server with the demonstration company, for tests that only look."""
    with serve(demo_today_file.parent, f"sqlite:///{demo_today_file}") as server:
        yield server


@pytest.fixture
def own_demo_server(browser: Browser, demo_today_file: Path, tmp_path: Path) -> Iterator[Server]:
    """A server whose demonstration company the test may change."""
    file = shutil.copy(demo_today_file, tmp_path / "own.db")
    with serve(tmp_path, f"sqlite:///{file}") as server:
        yield server


@pytest.fixture
def empty_server(browser: Browser, tmp_path: Path) -> Iterator[Server]:
    """A server that has never been used."""
    with serve(tmp_path, f"sqlite:///{tmp_path / 'new.db'}") as server:
        yield server


@pytest.fixture(scope="session")
def unused_server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on an empty database, for tests that leave it empty."""
    folder = tmp_path_factory.mktemp("unused")
    with serve(folder, f"sqlite:///{folder / 'new.db'}") as server:
        yield server


@pytest.fixture
def look(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A new window: ``look(dark=True, width=390, height=844)``. It must stay silent and ask nobody else."""
    contexts: list[BrowserContext] = []
    noticed: list[str] = []

    def new_window(*, dark: bool = False, width: int = 1280, height: int = 900) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="en-GB",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: noticed.append(f"page error: {error}"))
        page.on("console", lambda said: noticed.append(_tell(said)) if _is_fault(said) else None)
        page.on("request", lambda asked: noticed.append(f"asked {asked.url}") if _is_outside(asked.url) else None)
        return page

    yield new_window
    for context in contexts:
        context.close()
    assert noticed == []


def _is_fault(said: ConsoleMessage) -> bool:
    """An error in the console; but on a page's address Streamlit first looks for a server below it, finds none, and
    the browser reports that 404 before the right one is asked."""
    return said.type == "error" and not LOOKS_FOR_SERVER.search(said.location.get("url", ""))


def _tell(said: ConsoleMessage) -> str:
    return f"console: {said.text} ({said.location.get('url', '')})"


def _is_outside(url: str) -> bool:
    return (urlparse(url).hostname or "") not in OWN_HOSTS


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where the pictures are, also when all went well."""
    if PICTURES.exists():
        terminalreporter.write_line(f"Pictures of every page: {PICTURES}")
