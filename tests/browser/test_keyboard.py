"""All of it without a mouse: every control is reached by the Tab key, has a name, and shows that it is the one."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import Server, by_key, expect_no_error, open_url, wait_idle
from tests.browser.keys import HERE, MOST_STEPS, walk
from tests.browser.views import IN_TIME, addresses


def tab_to(page: Page, name: str) -> None:
    """Press Tab until a control of that name has the focus."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here and name in here["name"] and not here["what"].startswith("<main"):  # which is called by all its words
            return
    raise AssertionError(f"{name} was not reached")


@pytest.mark.slow
def test_every_control_is_reached_named_and_marked(demo_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    poor = {}
    for name, address in addresses(demo=True):
        open_url(page, f"{demo_server.url}/{address}")
        at = page.url
        way = walk(page)
        assert page.url == at, "walking by must not lead away"
        assert len(way.stops) > 10
        if way.missed or way.nameless or way.unseen:
            poor[name] = {"missed": way.missed, "nameless": way.nameless, "unseen": way.unseen}
    assert poor == {}


def test_what_the_keyboard_can_not_reach_is_seen(demo_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    open_url(page, f"{demo_server.url}/settings")
    page.get_by_role("heading", level=1).evaluate(
        """title => title.insertAdjacentHTML('afterend', '<button tabindex="-1">out of reach</button>'
        + '<button style="width: 30px; outline: none" class="bare"></button>')"""
    )
    way = walk(page)
    assert [what for what in way.missed if "out of reach" in what] != []
    assert [what for what in way.nameless if "bare" in what] != []
    assert [what for what in way.unseen if "bare" in what] != []


@pytest.mark.slow
def test_a_morning_by_keyboard_alone(own_demo_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    open_url(page, own_demo_server.url)
    tab_to(page, "Done")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Dealt with (1)")).to_be_visible()
    wait_idle(page)

    page.reload()
    wait_idle(page)
    tab_to(page, "Value & loyalty")
    page.keyboard.press("Enter")
    expect(by_key(page, "value_alpha")).to_be_visible()
    wait_idle(page)
    before = page.get_by_text("Only the ratio counts").inner_text()
    tab_to(page, "Weight of value (α)")
    if page.evaluate("document.activeElement.tagName") == "BUTTON":  # its question mark comes first
        tab_to(page, "Weight of value (α)")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Only the ratio counts")).not_to_have_text(before)
    wait_idle(page)

    page.reload()
    wait_idle(page)
    tab_to(page, "Customers")
    page.keyboard.press("Enter")
    tab_to(page, "Name, e-mail or number")
    page.keyboard.type("berg")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("match “berg”")
    wait_idle(page)
    tab_to(page, "Open a person")
    page.keyboard.press("ArrowDown")
    wait_idle(page)  # the list opens
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/customer\?id="), timeout=IN_TIME)
    wait_idle(page)
    expect_no_error(page)
    expect(page.get_by_role("heading", name="What happened so far")).to_be_visible(timeout=IN_TIME)
