"""Long work on one worker thread, so that a click elsewhere does not abort it.

Each job has a key and tells how far it is.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from queue import SimpleQueue
from typing import Any

from crm_core.errors import CrmError
from crm_core.logs import log_failure

__all__ = ["Job", "JobCancelled", "JobState", "Jobs"]

KEPT = 20  # finished jobs that are remembered


class JobState(StrEnum):
    """How a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobCancelled(Exception):  # noqa: N818 -- not an error: the owner wanted it
    """Raised inside a job at its next word after it was cancelled."""


@dataclass
class Job:
    """One piece of work. ``progress`` is 0..1, ``words`` say what is being done; ``error`` is a sentence."""

    key: str
    state: JobState = JobState.WAITING
    progress: float = 0.0
    words: str = ""
    result: Any = None
    error: str = ""
    _cancelled: threading.Event = field(default_factory=threading.Event, repr=False)
    _ended: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def is_over(self) -> bool:
        """Whether it has ended, well or not."""
        return self._ended.is_set()

    def tell(self, progress: float, words: str) -> None:
        """Say how far the work is; called by the work itself, and the place where it can be cancelled."""
        if self._cancelled.is_set():
            raise JobCancelled
        self.progress, self.words = progress, words

    def cancel(self) -> None:
        """Ask it to stop at its next word."""
        self._cancelled.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end; whether it came in time."""
        return self._ended.wait(seconds)

    def run(self, work: Callable[["Job"], Any]) -> None:
        """Do the work and note how it ended."""
        try:
            self.tell(0.0, "Starting")
            self.state = JobState.RUNNING
            self.result = work(self)
            self.state, self.progress = JobState.DONE, 1.0
        except JobCancelled:
            self.state = JobState.CANCELLED
        except CrmError as error:
            self.state, self.error = JobState.FAILED, str(error)
        except Exception as error:  # the thread must live on
            self.state = JobState.FAILED
            self.error = f"Something went wrong, and your data are unchanged. Error {log_failure(error)} is in the log."
        finally:
            self._ended.set()


class Jobs:
    """A worker thread and the jobs it has, is doing and did, of which the last ``kept`` are remembered."""

    def __init__(self, *, kept: int = KEPT) -> None:
        self._kept = kept
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._queue: SimpleQueue[tuple[Job, Callable[[Job], Any]]] = SimpleQueue()
        self._worker: threading.Thread | None = None

    def start(self, key: str, work: Callable[[Job], Any]) -> Job:
        """Put work in the queue; the job already under that key while it has not ended."""
        with self._lock:
            known = self._jobs.get(key)
            if known is not None and not known.is_over:
                return known
            job = Job(key)
            self._jobs.pop(key, None)
            self._jobs[key] = job
            self._forget_old()
            self._queue.put((job, work))
            if self._worker is None:
                # a daemon: leaving the program must not wait, and one transaction keeps the data whole
                self._worker = threading.Thread(target=self._work, name="regulars-jobs", daemon=True)
                self._worker.start()
            return job

    def do_now(self, key: str, work: Callable[[Job], Any]) -> Job:
        """Do short work at once, on the caller's thread, and remember it like the others."""
        job = Job(key)
        job.run(work)
        with self._lock:
            self._jobs.pop(key, None)
            self._jobs[key] = job
            self._forget_old()
        return job

    def drop(self, unwanted: Callable[[str], bool]) -> None:
        """Cancel and forget the jobs whose key is no longer wanted."""
        with self._lock:
            for key in [key for key in self._jobs if unwanted(key)]:
                self._jobs.pop(key).cancel()

    def find(self, key: str) -> Job | None:
        """The latest job under a key."""
        return self._jobs.get(key)

    def _forget_old(self) -> None:
        over = [key for key, job in self._jobs.items() if job.is_over]
        for key in over[: max(0, len(over) - self._kept)]:
            del self._jobs[key]

    def _work(self) -> None:
        while True:
            job, work = self._queue.get()
            job.run(work)
            del job, work  # waiting for the next must not keep what this one held
