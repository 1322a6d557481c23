"""An owner's first minutes: look around in the made-up company, bring a file, take it back."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import Server, by_key, expect_no_error, open_url, wait_idle
from tests.browser.views import IN_TIME, SAMPLE


def upload(page: Page, name: str, content: bytes) -> None:
    chosen = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files([chosen])


def title(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def test_the_demonstration_company_is_one_click_away(empty_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    open_url(page, empty_server.url)
    by_key(page, "fill_demo").get_by_role("button").click()
    expect(by_key(page, "card_1")).to_be_visible(timeout=IN_TIME)
    wait_idle(page)
    expect_no_error(page)
    assert "to look after today" in title(page)
    expect(page.get_by_test_id("stSidebar")).to_contain_text("made-up company")
    page.get_by_role("link", name="Data", exact=True).click()
    wait_idle(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("800 customers")
    expect(page.get_by_text("Demonstration company (made up)").first).to_be_visible()


def test_a_file_becomes_a_report_and_todays_list_and_can_be_taken_back(
    empty_server: Server, look: Callable[..., Page]
) -> None:
    page = look()
    open_url(page, empty_server.url)
    by_key(page, "to_import").get_by_role("button").click()
    upload(page, SAMPLE.name, SAMPLE.read_bytes())
    by_key(page, "import").get_by_role("button").click(timeout=IN_TIME)
    expect(page.get_by_text("sample_orders.csv is in:")).to_be_visible(timeout=IN_TIME)
    report = page.get_by_test_id("stAlert").filter(has_text="is in:").inner_text()
    rows = len(SAMPLE.read_text(encoding="utf-8").splitlines()) - 1
    assert f"{rows} of {rows} rows stored, 0 duplicates, 0 rejected" in report
    page.get_by_role("link", name="See today's list").click()
    expect(by_key(page, "card_1")).to_be_visible(timeout=IN_TIME)
    wait_idle(page)
    expect_no_error(page)
    page.get_by_role("link", name="Data", exact=True).click()
    by_key(page, "undo_1").get_by_role("button").click()
    by_key(page, "confirm_undo").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing in here yet", timeout=IN_TIME)
    wait_idle(page)
    expect_no_error(page)


@pytest.mark.slow
def test_the_same_file_again_adds_nothing_and_bad_rows_are_told(
    empty_server: Server, look: Callable[..., Page]
) -> None:
    page = look()
    open_url(page, f"{empty_server.url}/data")
    header = b"order_id,date,customer_id,amount,currency\n"
    content = header + b"1,2026-01-05,0007,12.50,EUR\n2,2026-01-31,0008,7.00,EUR\n3,2026-02-31,0009,1.00,EUR\n"
    upload(page, "shop.csv", content)
    by_key(page, "import").get_by_role("button").click(timeout=IN_TIME)
    told = page.get_by_test_id("stAlert").filter(has_text="is in:")
    expect(told).to_contain_text("2 of 3 rows stored, 0 duplicates, 1 rejected", timeout=IN_TIME)
    wait_idle(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 customers, 2 orders")
    expect(page.get_by_text(re.compile(r"row 4, column .date.: .2026-02-31")).first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Rejected rows as CSV").click()
    assert "2026-02-31" in download.value.path().read_text(encoding="utf-8-sig")
    upload(page, "shop.csv", content)
    again = by_key(page, "import").get_by_role("button")
    expect(again).to_have_text(re.compile("No row is new"), timeout=IN_TIME)
    expect(again).to_be_disabled()


@pytest.mark.slow
def test_a_picture_called_csv_gets_one_sentence(empty_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    open_url(page, f"{empty_server.url}/data")
    upload(page, "photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8)
    expect(page.get_by_test_id("stAlert")).to_contain_text("photo.csv", timeout=IN_TIME)
    wait_idle(page)
    expect_no_error(page)
    assert by_key(page, "import").count() == 0
    assert title(page) == "Nothing in here yet"


def test_a_file_above_the_limit_is_refused_with_the_limit(
    empty_server: Server, look: Callable[..., Page], tmp_path: Path
) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(250_000_000)
    page = look()
    open_url(page, f"{empty_server.url}/data")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(large)
    told = page.get_by_test_id("stFileUploader")
    expect(told).to_contain_text(re.compile(r"large\.csv.*200(\.0)? ?MB", re.DOTALL), timeout=IN_TIME)
    wait_idle(page)
    expect_no_error(page)
    assert by_key(page, "import").count() == 0
