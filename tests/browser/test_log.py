"""The log of a running server tells what happened, and nothing about anybody."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from crm_core import __version__
from tests.browser.driving import FAILED, Server, by_key, find_personal, open_url, people_in, read_log, serve, wait_idle
from tests.browser.test_first_steps import upload
from tests.browser.views import IN_TIME, SAMPLE

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (?:INFO|WARNING|ERROR) \S")


@pytest.mark.slow
def test_start_import_and_undo_are_told_in_numbers(empty_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    open_url(page, f"{empty_server.url}/data")
    upload(page, SAMPLE.name, SAMPLE.read_bytes())
    by_key(page, "import").get_by_role("button").click(timeout=IN_TIME)
    expect(page.get_by_text("sample_orders.csv is in:")).to_be_visible(timeout=IN_TIME)
    wait_idle(page)
    by_key(page, "undo_1").get_by_role("button").click()
    by_key(page, "confirm_undo").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing in here yet", timeout=IN_TIME)
    wait_idle(page)
    told = empty_server.log.read_text(encoding="utf-8").splitlines()
    assert all(LINE.match(line) for line in told)
    words = [line.split(maxsplit=2)[2] for line in told]
    assert words[0] == f"Regulars {__version__} started, database: sqlite"
    assert any(re.fullmatch(r"import done in .* s: import 1, rows \d+, stored \d+, .*", line) for line in words)
    assert any(line.startswith("undo done in ") for line in words)


def test_a_failure_behind_a_button_shows_an_id_and_logs_no_data(
    demo_today_file: Path, tmp_path: Path, look: Callable[..., Page]
) -> None:
    file = shutil.copy(demo_today_file, tmp_path / "broken.db")
    with serve(tmp_path, f"sqlite:///{file}", sound=False) as server:
        page = look()
        open_url(page, server.url)
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(
                "CREATE TRIGGER no_more BEFORE INSERT ON actions BEGIN SELECT RAISE(ABORT, 'no anna@example.org'); END"
            )
        by_key(page, "card_1").get_by_role("button", name="Done").click()
        sentence = page.get_by_text("Something went wrong here").first
        expect(sentence).to_be_visible()
        number = re.search(r"error ([0-9a-f]{8}) is in the log", sentence.inner_text())
        wait_idle(page)
        assert number is not None
        logged = server.log.read_text(encoding="utf-8")
        assert f"ERROR error {number[1]}: " in logged
        assert "pages/parts/action_cards.py:" in logged
        told = read_log(server)
        assert "Traceback" not in told
        assert "INSERT" not in told


def test_what_must_not_be_logged_is_seen(demo_today_file: Path) -> None:
    people = people_in(f"sqlite:///{demo_today_file}")
    assert len(people) > 1_000
    assert find_personal(f"INFO wrote to {people[0]}", people) == [people[0]]
    assert find_personal("sent to ana@example.org", []) == ["ana@e"]
    assert find_personal("Password=x", []) == ["Password"]
    assert find_personal("2026-03-14T05:42:33Z INFO import done in 1.2 s: rows 40", people) == []
    assert FAILED.search("2026-03-14T05:42:33Z ERROR error 1a2b3c4d: ValueError")
