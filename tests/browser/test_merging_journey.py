"""Two customers are found, merged and told apart again, from a person's own page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import Server, by_key, open_url, wait_idle


@pytest.mark.slow
def test_two_customers_are_merged_and_taken_apart(own_demo_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    open_url(page, f"{own_demo_server.url}/customer?id=7")
    name = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Merge with somebody").click()
    expect(page.get_by_role("heading", name="Are these the same person?")).to_be_visible()
    wait_idle(page)
    page.get_by_label("Merge with: name, e-mail or number").fill("D0011")
    page.keyboard.press("Enter")
    wait_idle(page)
    by_key(page, "merge_7_11").get_by_role("button").click()
    expect(page.get_by_text("is merged into").first).to_contain_text(name)
    wait_idle(page)
    open_url(page, f"{own_demo_server.url}/data?part=Changes")
    expect(page.get_by_text("merged into")).to_contain_text(name)
    by_key(page, "undo_edit_1").get_by_role("button").click()
    expect(page.get_by_text("Taken back.", exact=True)).to_be_visible()
    for number in (7, 11):
        open_url(page, f"{own_demo_server.url}/customer?id={number}")
        expect(page.get_by_text("Which customer?")).to_have_count(0)
