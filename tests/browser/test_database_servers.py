"""The product on a database server: every page opens, few connections stay, a restart is survived at the next click."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import text

from crm_core.demo import fill_demo
from crm_core.store.session import Store, open_store
from pages.parts.display import PAGES
from tests.browser.driving import Server, expect_no_error, main_text, open_url, serve, wait_idle
from tests.databases import a_database
from tests.store.test_engines import end_connections

MOST_CONNECTIONS = 15
VIEWS = 20
CONNECTIONS = {
    "postgresql": "SELECT COUNT(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    "mysql": "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()",
}
OPEN_TRANSACTIONS = {
    "postgresql": "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND xact_start IS NOT NULL",
    "mysql": "SELECT COUNT(*) FROM information_schema.innodb_trx JOIN information_schema.processlist "
    "ON id = trx_mysql_thread_id WHERE db = DATABASE() AND id <> CONNECTION_ID()",
}


@pytest.fixture(params=["postgresql", "mariadb"])
def filled(request: pytest.FixtureRequest) -> Iterator[Store]:
    with a_database(request.param) as url:
        store = open_store(url)
        fill_demo(store, last_day=date.today())  # noqa: DTZ011 - the day the browser's pages go by
        yield store
        store.close()


@pytest.fixture
def server(filled: Store, browser: Browser, tmp_path: Path) -> Iterator[Server]:
    url = filled.engine.url.render_as_string(hide_password=False)
    filled.close()  # what is counted is the server's own
    with serve(tmp_path, url) as running:
        yield running


def ask(store: Store, questions: dict[str, str]) -> int:
    with store.engine.connect() as connection:
        return int(connection.scalar(text(questions[connection.dialect.name])) or 0)


@pytest.mark.slow
def test_twenty_views_leave_few_connections_and_no_open_transaction(
    server: Server, filled: Store, look: Callable[..., Page]
) -> None:
    page = look()
    paths = [path for path in PAGES if path != "customer"]
    for view in range(VIEWS):
        path = paths[view % len(paths)]
        open_url(page, server.url if path == "today" else f"{server.url}/{path}")
    assert 1 <= ask(filled, CONNECTIONS) <= MOST_CONNECTIONS
    assert ask(filled, OPEN_TRANSACTIONS) == 0


@pytest.mark.slow
def test_a_restarted_server_is_survived_at_the_next_click(
    server: Server, filled: Store, look: Callable[..., Page]
) -> None:
    page = look()
    open_url(page, server.url)
    end_connections(filled)
    page.get_by_role("link", name="Customers", exact=True).click()
    page.get_by_role("heading", name="customers").wait_for()
    wait_idle(page)
    expect_no_error(page)
    assert "customers" in main_text(page)
