"""Cells are edited, saved and taken back; two windows that edit the same cell both see what the other wrote."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import Server, by_key, open_url, wait_idle

ROW = 35  # height of the table's heading and of each row, in pixels
NAME_X, OTHER_X = 150, 300  # somewhere within the column of names, and within the next


def edit_name(page: Page, row: int, text: str, *, pending: bool = True) -> None:
    """The table is a drawing: click the cell, open it, type, and leave it by Enter. row counts from 0."""
    wait_idle(page)  # what is pending is told above the table and moves it
    box = page.get_by_test_id("stDataFrame").get_by_test_id("data-grid-canvas").bounding_box()
    assert box is not None
    for x in (OTHER_X, NAME_X):  # a click on a chosen cell would open it, and Enter close it
        page.mouse.click(box["x"] + x, box["y"] + ROW * (row + 1) + ROW / 2)
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    typing = page.locator("#portal textarea, #portal input, .gdg-input").first
    typing.wait_for()
    typing.fill(text)
    page.keyboard.press("Enter")
    if pending:
        expect(by_key(page, "save_customers").get_by_role("button")).to_be_enabled()


def save(page: Page) -> None:
    wait_idle(page)
    by_key(page, "save_customers").get_by_role("button").click()
    wait_idle(page)


def open_editor(page: Page, server: Server, search: str) -> None:
    open_url(page, f"{server.url}/customers?mode=Edit&q={search}")
    expect(page.get_by_role("heading", name="Edit customers")).to_be_visible()


def test_an_edit_is_there_after_a_reload_and_gone_after_undo(
    own_demo_server: Server, look: Callable[..., Page]
) -> None:
    page = look()
    open_editor(page, own_demo_server, "D0007")
    edit_name(page, 0, "Zora Test")
    expect(by_key(page, "save_customers")).to_contain_text("Save 1 change")
    save(page)
    expect(page.get_by_text("Saved 1 change.")).to_be_visible()
    open_editor(page, own_demo_server, "Zora Test")
    expect(page.get_by_text("1 customer", exact=True)).to_be_visible()
    open_url(page, f"{own_demo_server.url}/data?part=Changes")
    expect(page.get_by_text("to 'Zora Test'")).to_be_visible()
    by_key(page, "undo_edit_1").get_by_role("button").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    open_editor(page, own_demo_server, "Zora Test")
    expect(page.get_by_text("No customer matches.")).to_be_visible()


@pytest.mark.slow
def test_what_is_typed_back_is_pending_no_more_even_after_a_visit_elsewhere(
    own_demo_server: Server, look: Callable[..., Page]
) -> None:
    page = look()
    open_editor(page, own_demo_server, "D0007")
    box = by_key(page, "save_customers")
    edit_name(page, 0, "Zora Test")
    page.get_by_role("link", name="Data", exact=True).click()
    page.get_by_text("Take tables out").wait_for()
    page.get_by_role("link", name="Customers", exact=True).click()
    wait_idle(page)
    if not page.get_by_role("heading", name="Edit customers").is_visible():
        page.get_by_text("Edit", exact=True).click()
    page.get_by_label("Name, e-mail or number").fill("D0007")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 customer", exact=True)).to_be_visible()
    wait_idle(page)
    expect(box).to_contain_text("Save 1 change")
    edit_name(page, 0, "Someone Else")
    expect(box).to_contain_text("Save 1 change")
    save(page)
    expect(page.get_by_text("Saved 1 change.")).to_be_visible()
    open_editor(page, own_demo_server, "D0007")
    edit_name(page, 0, "Zora Test")
    edit_name(page, 0, "Someone Else", pending=False)
    expect(box.get_by_role("button")).to_be_disabled()


@pytest.mark.slow
def test_two_windows_on_one_cell_see_each_other(own_demo_server: Server, look: Callable[..., Page]) -> None:
    mine, theirs = look(), look()
    for page in (mine, theirs):
        open_editor(page, own_demo_server, "D0007")
    edit_name(mine, 0, "Mine Name")
    edit_name(theirs, 0, "Their Name")
    save(theirs)
    expect(theirs.get_by_text("Saved 1 change.")).to_be_visible()
    save(mine)
    expect(mine.get_by_text("now 'Their Name', yours is 'Mine Name'")).to_be_visible()
    mine.get_by_role("button", name="Use mine").click()
    expect(mine.get_by_text("Saved 1 change.")).to_be_visible()
    open_editor(theirs, own_demo_server, "Mine Name")
    expect(theirs.get_by_text("1 customer", exact=True)).to_be_visible()
