"""Backup on the page Data: make one, look into one, restore it, undo that; and a file that is none."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crm_core.services.backups import backups_of, make_backup, state_of
from crm_core.store.session import Store
from pages.parts.backup_jobs import backup_work
from tests.faults.shop import FIRST, SECOND, bring
from tests.pages.checks import check_sound

OpenPage = Callable[..., AppTest]
NOW = datetime(2026, 3, 14, 10, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_backups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_BACKUP_FOLDER", str(tmp_path / "server-backups"))


def open_backups(store: Store, open_page: OpenPage) -> AppTest:
    return open_page("data.py", store.url, part="Backup")


def finish(page: AppTest, store: Store) -> AppTest:
    job = backup_work(store).running()
    assert job is None or job.wait(30)
    return page.run()


def test_no_backups_yet(store: Store, open_page: OpenPage) -> None:
    page = open_backups(store, open_page)
    check_sound(page)
    assert any(words.value.startswith("None yet. One is made before each update") for words in page.caption)


def test_one_is_made_restored_and_the_restore_undone(store: Store, open_page: OpenPage) -> None:
    bring(store, FIRST)
    page = open_backups(store, open_page)
    page.button(key="make_backup").click().run()
    page = finish(page, store)
    check_sound(page)
    assert page.success[0].value == "Backed up and checked: 2 customers and 3 orders."
    (made,) = backups_of(store)
    bring(store, SECOND)
    page.run()
    page.button(key=f"restore_{made.file.name}").click().run()
    check_sound(page)
    beside = page.table[0].value
    assert beside.loc["Orders"].tolist() == ["5", "3"]
    assert beside.loc["Last order"].tolist() == ["6 Feb 2026", "10 Jan 2026"]
    page.button(key="confirm_restore").click().run()
    page = finish(page, store)
    check_sound(page)
    assert page.success[0].value == "Restored: 2 customers and 3 orders are in now."
    assert state_of(store).orders == 3
    page.button(key="undo_restore").click().run()
    page = finish(page, store)
    assert state_of(store).orders == 5
    page.button(key="put_backup_away").click().run()
    assert not page.success


def test_what_is_in_may_be_kept(store: Store, open_page: OpenPage) -> None:
    made = make_backup(store, now=NOW)
    bring(store, FIRST)
    page = open_backups(store, open_page)
    page.button(key=f"restore_{made.file.name}").click().run()
    page.button(key="keep_present").click().run()
    check_sound(page)
    assert state_of(store).orders == 3


def test_an_uploaded_backup_is_restored(store: Store, open_page: OpenPage, tmp_path: Path) -> None:
    made = make_backup(store, tmp_path / "mine.db", now=NOW)
    bring(store, FIRST)
    page = open_backups(store, open_page)
    page.file_uploader[0].upload("anything.db", made.file.read_bytes())
    page.run()
    page.button(key="look_into_upload").click().run()
    assert page.table[0].value.loc["Customers"].tolist() == ["2", "0"]
    page.button(key="confirm_restore").click().run()
    page = finish(page, store)
    check_sound(page)
    assert state_of(store).orders == 0
    assert [left.name for left in backups_of(store)[0].file.parent.iterdir() if "restoring" in left.name] == []


def test_an_upload_that_is_no_backup_gets_a_sentence(store: Store, open_page: OpenPage) -> None:
    bring(store, FIRST)
    page = open_backups(store, open_page)
    page.file_uploader[0].upload("photo.db", b"\x89PNG\r\n\x1a\n" + bytes(2000))
    page.run()
    page.button(key="look_into_upload").click().run()
    assert page.error[0].value == (
        "photo.db is no backup of Regulars. "
        "Choose a file that Regulars made: on the page Data, or by the command backup."
    )
    assert "confirm_restore" not in [button.key for button in page.button]
    page.button(key="close_refused").click().run()
    check_sound(page)
    assert not page.error
    assert state_of(store).orders == 3
