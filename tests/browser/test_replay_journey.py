"""A past day is picked, comes along from page to page and after a reload, and is left again."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from crm_core.wording import day
from tests.browser.driving import Server, by_key, expect_no_error, open_url, wait_idle
from tests.browser.views import IN_TIME

THEN = date.today() - timedelta(days=400)  # noqa: DTZ011 - the day the browser's pages go by


def pick(page: Page, wanted: date) -> None:
    """Type a day, and close the calendar that opens meanwhile."""
    field = page.get_by_test_id("stDateInputField")
    field.locator("[data-type=year]").click()
    page.keyboard.type(wanted.strftime("%Y%m%d"))
    page.keyboard.press("Escape")


def expect_past(page: Page) -> None:
    """The page is of the past day and its address says so."""
    expect(by_key(page, "replay_banner")).to_contain_text(f"You are looking at {day(THEN)}, as it was then.")
    wait_idle(page)
    expect_no_error(page)
    assert f"day={THEN.isoformat()}" in page.url


def go_to(page: Page, title: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    wait_idle(page)


@pytest.mark.slow
def test_a_past_day_comes_along_and_is_left(demo_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    open_url(page, demo_server.url)
    pick(page, THEN)
    expect_past(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"to look after on {day(THEN)}")
    expect(page.get_by_role("button", name="Done")).to_have_count(0)
    by_key(page, "card_1").get_by_role("button").first.click()
    expect(page).to_have_url(re.compile(r"/customer\?id="), timeout=IN_TIME)
    expect_past(page)
    page.get_by_role("link", name="All customers").click()
    expect_past(page)
    page.reload()
    expect_past(page)
    go_to(page, "Segments")
    expect_past(page)
    page.get_by_text("Natural groups", exact=True).click()
    wait_idle(page)
    expect_past(page)
    go_to(page, "Settings")
    expect(by_key(page, "replay_banner")).to_contain_text("This page shows what is stored now")
    go_to(page, "Value & loyalty")
    expect_past(page)
    by_key(page, "leave_replay").get_by_role("button").click()
    expect(by_key(page, "replay_banner")).to_have_count(0)
    wait_idle(page)
    assert "day=" not in page.url
    go_to(page, "Today")
    expect(page.get_by_role("button", name="Done").first).to_be_visible()


@pytest.mark.slow
def test_the_browser_goes_back_through_days_without_a_trap(demo_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    open_url(page, f"{demo_server.url}/segments")
    pick(page, THEN)
    expect_past(page)
    go_to(page, "Recommend")
    expect_past(page)
    for _ in range(4):
        if "/segments" in page.url:
            break
        page.go_back()
        wait_idle(page)
        expect(by_key(page, "replay_banner")).to_be_visible()  # never another day on the way
    assert f"/segments?day={THEN.isoformat()}" in page.url
    for _ in range(4):  # a slow machine may have noted the day twice
        page.go_back()
        wait_idle(page)
        if not by_key(page, "replay_banner").count():
            break
    expect(by_key(page, "replay_banner")).to_have_count(0)
    expect_no_error(page)


@pytest.mark.slow
def test_a_wrong_day_in_the_address_is_told(demo_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    open_url(page, f"{demo_server.url}/segments?day=2999-01-01")
    expect(page.get_by_text("1 Jan 2999 is later than the last day that can be looked at.")).to_be_visible()
    expect(by_key(page, "replay_banner")).to_have_count(0)
