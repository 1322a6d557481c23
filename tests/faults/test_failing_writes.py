"""The k-th change of the database fails, for every k: nothing of the operation is left, and it can be done again."""

import sqlite3
from collections.abc import Callable
from itertools import takewhile

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from crm_core.errors import StoreError
from crm_core.store import bulk
from crm_core.store.session import Store
from tests.faults.dying import CHANGES
from tests.faults.shop import Work, revision_in, snapshot, without_revision

SOME = (1, 2, 4, 7, 11, 16)  # of the changes, on servers and in the quick part
MOST = 500


class Failing:
    """Lets a chosen change of a store's database fail as a full disk would."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at, self.seen = 0, 0
        event.listen(store.engine, "before_cursor_execute", self._statement)
        copy: Callable[..., None] = bulk._copy

        def counted(connection, *rest) -> None:
            if connection.engine.url == store.engine.url:
                self._count()
            copy(connection, *rest)

        monkeypatch.setattr(bulk, "_copy", counted)

    def next(self, at: int) -> None:
        """From now on the ``at``-th change fails; 0: none."""
        self.at, self.seen = at, 0

    def _statement(self, connection, cursor, statement, *rest) -> None:
        if CHANGES.match(statement):
            self._count()

    def _count(self) -> None:
        self.seen += 1
        if self.seen == self.at:
            raise OperationalError("a change", None, sqlite3.OperationalError("database or disk is full"))


@pytest.fixture
def failing(store: Store, monkeypatch: pytest.MonkeyPatch) -> Failing:
    return Failing(store, monkeypatch)


def fail_at(store: Store, operation: Work, failing: Failing, number: int, before: dict[str, list[str]]) -> bool:
    """Whether the operation had that many changes; if so it failed and left nothing."""
    failing.next(number)
    try:
        operation(store)
    except StoreError as error:
        said = str(error)
    else:
        return False
    failing.next(0)
    assert "is full, so nothing was changed" in said
    assert snapshot(store) == before
    return True


def check_after(store: Store, before: dict[str, list[str]]) -> None:
    after = snapshot(store)
    assert without_revision(after) != without_revision(before)
    assert revision_in(after) == revision_in(before) + 1


def test_a_change_that_fails_leaves_nothing(store: Store, operation: Work, failing: Failing) -> None:
    before = snapshot(store)
    failed = list(takewhile(bool, (fail_at(store, operation, failing, number, before) for number in SOME)))
    assert len(failed) >= 4
    if len(failed) == len(SOME):
        failing.next(0)
        operation(store)
    check_after(store, before)


@pytest.mark.slow
def test_every_single_change_may_fail(store: Store, operation: Work, failing: Failing) -> None:
    before = snapshot(store)
    for number in range(1, MOST):
        if not fail_at(store, operation, failing, number, before):
            break
    assert 10 <= number < MOST
    check_after(store, before)
