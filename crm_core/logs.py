"""The log: what the product did and where it failed, in numbers only.

No name, address, amount or setting of the owner is ever written, nor the text of an error, which may hold any of
them: an error is told by its type and the places it passed, under an id that the screen shows too.
"""

import logging
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from threading import Lock
from traceback import extract_tb

from crm_core import __version__

__all__ = ["log_failure", "log_work", "logger", "start_log"]

BYTES, FILES = 1_000_000, 3
DATABASES = ("sqlite", "postgresql", "mysql", "mariadb")
PROJECT = f"{Path(__file__).resolve().parents[1]}/"
logger = logging.getLogger("regulars")
_starting = Lock()
_started: set[Path] = set()


def start_log(file: Path, *, database_url: str) -> None:
    """Let the log go to a file, once a process; where that can't be written, say so once and go on without."""
    with _starting:
        if file in _started:
            return
        _started.add(file)
        logger.setLevel(logging.INFO)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            handler = RotatingFileHandler(file, maxBytes=BYTES, backupCount=FILES - 1, encoding="utf-8")
        except OSError as error:
            print(  # noqa: T201 -- there is no log to say it in
                f"The log {file} can't be written ({error.strerror}); Regulars runs without one. "
                "Set REGULARS_LOG_FILE to another place.",
                file=sys.stderr,
            )
            return
        style = logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")
        style.converter = time.gmtime
        handler.setFormatter(style)
        logger.addHandler(handler)
    logger.info("Regulars %s started, database: %s", __version__, _kind(database_url))


def _kind(database_url: str) -> str:
    """Only what kind it is: the rest of the address may hold a password, or a person's name in a path.

    >>> _kind("postgresql+psycopg://anna:secret@localhost/shop")
    'postgresql'
    """
    kind = database_url.partition(":")[0].partition("+")[0].lower()
    return kind if kind in DATABASES else "another kind"


def log_failure(error: BaseException) -> str:
    """Log an unexpected error by its type, those it came from, and places; the id it stands under."""
    number = uuid.uuid4().hex[:8]
    logger.error("error %s: %s\n%s", number, " from ".join(_types(error)), "\n".join(_places(error)))
    return number


def _types(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield type(error).__name__
        error = error.__cause__ or error.__context__


def _places(error: BaseException) -> Iterator[str]:
    for place in extract_tb(error.__traceback__, limit=-50):
        yield f"  {place.filename.removeprefix(PROJECT)}:{place.lineno} {place.name}"


@contextmanager
def log_work(what: str) -> Iterator[dict[str, int]]:
    """Log the beginning and end of a piece of work; put ids and counts, nothing else, into what is yielded."""
    logger.info("%s begun", what)
    started, counts = time.monotonic(), dict[str, int]()
    try:
        yield counts
    except BaseException as error:
        logger.info("%s not done after %.1f s: %s", what, time.monotonic() - started, type(error).__name__)
        raise
    told = ", ".join(f"{name} {number:d}" for name, number in counts.items())
    logger.info("%s done in %.1f s%s", what, time.monotonic() - started, f": {told}" if told else "")
