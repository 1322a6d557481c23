"""The owner stops an import, its undo or a restore, whatever it is doing at that moment: nothing of it is left."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crm_core.services.backups import restore_backup
from crm_core.services.imports import import_file, undo_import
from crm_core.services.jobs import Jobs, JobState
from crm_core.store.session import Store, open_store
from tests.faults.shop import FIRST, NOW, SECOND, backup_of_another_shop, bring, snapshot

MOST = 50
Told = Callable[[float, str], None]


def import_second(store: Store, progress: Told) -> None:
    import_file(store, SECOND.encode(), file_name="orders.csv", now=NOW, progress=progress)


def undo_first(store: Store, progress: Told) -> None:
    undo_import(store, 1, now=NOW, progress=progress)


@pytest.fixture(params=["import", "undo", "restore"])
def work(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Store, Told], None]:
    if request.param == "restore":
        file = backup_of_another_shop(tmp_path, open_store)
        return lambda store, progress: restore_backup(store, file, now=NOW, progress=progress)
    return import_second if request.param == "import" else undo_first


def test_what_is_stopped_leaves_nothing(store: Store, work: Callable[[Store, Told], None]) -> None:
    bring(store, FIRST)
    before, jobs, states = snapshot(store), Jobs(), []
    for words in range(1, MOST):
        job = jobs.start("work", lambda job, stop_at=words: work(store, _stopping(job, stop_at)))
        assert job.wait(30)
        states.append(job.state)
        if job.state is not JobState.CANCELLED:
            break
        assert snapshot(store) == before
    assert states[-1] is JobState.DONE
    assert len(states) >= 5
    assert snapshot(store) != before


def _stopping(job, stop_at: int) -> Told:
    """Told as the page is, with the button pressed just before the ``stop_at``-th word."""
    left = [stop_at]

    def tell(share: float, words: str) -> None:
        left[0] -= 1
        if not left[0]:
            job.cancel()
        job.tell(share, words)

    return tell
