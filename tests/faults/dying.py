"""Programs that die: a child process that kills itself as kill -9 would, at a chosen statement."""

import os
import re
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, event

from crm_core.errors import CrmError
from crm_core.store import bulk

CHANGES = re.compile(r"\s*(INSERT|UPDATE|DELETE|CREATE|ALTER|DROP)\b", re.IGNORECASE)
WELL, REFUSED, WRONG = 0, 3, 4


def in_child(work: Callable[[], Any]) -> int:
    """Do something in a process of its own: WELL, REFUSED (a CrmError), WRONG, or minus the signal it died of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of forking beside threads
        child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    ended = WRONG
    try:
        work()
        ended = WELL
    except CrmError:
        ended = REFUSED
    except BaseException:
        with suppress(OSError):
            traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(ended)


def die_at_change(number: int, database: str) -> None:
    """From now on this process dies just before its ``number``-th change of the database of that name."""
    left = [number]

    def count() -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    at_every_change(database, count)


def at_every_change(database: str, do: Callable[[], None]) -> None:
    """Call something just before each statement that changes the database of that name, COPY included."""

    @event.listens_for(Engine, "before_cursor_execute")
    def _look(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if connection.engine.url.database == database and CHANGES.match(statement):
            do()

    copy = bulk._copy

    def counted(connection: Connection, *rest: Any) -> None:
        if connection.engine.url.database == database:
            do()
        copy(connection, *rest)

    bulk._copy = counted  # COPY is not a statement of SQLAlchemy's


def die_at_commit(database: str) -> None:
    """From now on this process dies just before it commits changes to the database of that name."""
    changed: list[bool] = []
    at_every_change(database, lambda: changed.append(True))

    @event.listens_for(Engine, "commit")
    def _die(connection: Any) -> None:
        if changed and connection.engine.url.database == database:
            os.kill(os.getpid(), signal.SIGKILL)


def die_after_commit(work: Callable[[], Any]) -> None:
    """Do the work, then die before anything can be tidied up."""
    work()
    os.kill(os.getpid(), signal.SIGKILL)
