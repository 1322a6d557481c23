"""What tests of faults share: the operation that a fault hits."""

from pathlib import Path

import pytest

from crm_core.store.session import Store, open_store
from tests.faults.shop import (
    FIRST,
    Work,
    backup_of_another_shop,
    bring,
    bring_back_from,
    bring_both,
    bring_later_tickets,
    bring_people,
    bring_second,
    bring_tickets,
    merge_two,
    restore_from,
    undo_last,
    undo_merge,
    undo_tickets,
)


@pytest.fixture(autouse=True)
def own_backups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Backups of servers' databases: the same database serves several tests, which must not see each other's."""
    monkeypatch.setenv("REGULARS_BACKUP_FOLDER", str(tmp_path / "server-backups"))
    return tmp_path / "server-backups"


@pytest.fixture(
    params=[
        "import",
        "undo",
        "import of people",
        "undo of people",
        "restore",
        "merge",
        "undo of a merge",
        "tickets",
        "undo of tickets",
        "own export",
    ]
)
def operation(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Work:
    """What the fault hits, with the store in the state before it."""
    bring(store, FIRST)
    if request.param == "restore":
        return restore_from(backup_of_another_shop(tmp_path, open_store))
    if request.param == "own export":
        return bring_back_from(tmp_path, open_store)
    if request.param == "import of people":
        return bring_people
    if request.param == "undo of people":
        bring_people(store)
        return undo_last
    if request.param == "undo":
        bring_second(store)
        return undo_last
    if "tickets" in request.param:
        bring_tickets(store)
        if request.param == "tickets":
            return bring_later_tickets
        bring_later_tickets(store)
        return undo_tickets
    if "merge" in request.param:
        bring_both(store)
        if request.param == "merge":
            return merge_two
        merge_two(store)
        return undo_merge
    return bring_second
