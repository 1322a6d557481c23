"""Small linear algebra on one thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import scipy.linalg  # noqa: F401 - brings a BLAS of its own, which has to be there when libraries are looked for
from threadpoolctl import ThreadpoolController

__all__ = ["WORKERS", "one_thread"]

WORKERS = 2  # pieces of work side by side, each on one thread


@contextmanager
def one_thread() -> Iterator[None]:
    """BLAS on one thread within the block: for small matrices its threads wait longer for each other than they work.

    Measured on two busy cores: the optimiser's own steps take 85 ms with threads and 3 ms without.
    """
    with _controller().limit(limits=1, user_api="blas"):
        yield


@cache
def _controller() -> ThreadpoolController:
    """Looking for the loaded libraries takes 20 ms, so it happens once."""
    return ThreadpoolController()
