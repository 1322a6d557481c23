"""Every page stands in its frame, even when its address is the first thing that a fresh server is asked for."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pages.parts.display import PAGES
from tests.browser.driving import Server, open_url, serve

HIDDEN = {"customer"}


def expect_frame(page: Page) -> None:
    """The sidebar names every page by its title, not by its file."""
    menu = page.get_by_test_id("stSidebarNav")
    for path, (_, title, _) in PAGES.items():
        if path not in HIDDEN:
            expect(menu.get_by_role("link", name=title, exact=True)).to_be_visible()
    assert page.title().endswith("Regulars") or page.title() in {title for _, title, _ in PAGES.values()}


@pytest.mark.parametrize(
    "path",
    [
        "customer",  # whose address carries a number
        *(
            pytest.param("" if name == "today" else name, marks=pytest.mark.slow)
            for name in PAGES
            if name != "customer"
        ),
    ],
)
def test_a_page_opened_first_stands_in_the_frame(
    path: str, demo_today_file: Path, tmp_path: Path, look: Callable[..., Page]
) -> None:
    query = "?id=1" if path == "customer" else ""
    with serve(tmp_path, f"sqlite:///{demo_today_file}") as fresh:
        page = look()
        open_url(page, f"{fresh.url}/{path}{query}")
        expect_frame(page)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.url.startswith(f"{fresh.url}/{path}{query}")
        page.close()  # before its server goes, which it would miss aloud


@pytest.mark.slow
def test_a_search_in_the_address_of_the_first_visit_is_kept(
    demo_today_file: Path, tmp_path: Path, look: Callable[..., Page]
) -> None:
    with serve(tmp_path, f"sqlite:///{demo_today_file}") as fresh:
        page = look()
        open_url(page, f"{fresh.url}/customers?q=berg")
        expect_frame(page)
        expect(page.get_by_role("heading", level=1)).to_contain_text("berg")
        page.close()


def test_the_interface_answers_beside_the_pages(demo_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    page.goto(f"{demo_server.url}/api/docs")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("GET /health")
    page.goto(f"{demo_server.url}/api/health")
    expect(page.locator("body")).to_contain_text('"database":"reachable"')
