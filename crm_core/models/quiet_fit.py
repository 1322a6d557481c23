"""Many small fits in a row: on one thread, and without the warnings of those that don't converge."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from crm_core.models.one_thread import one_thread

__all__ = ["quiet_fit"]


@contextmanager
def quiet_fit() -> Iterator[None]:
    """Within the block no library warns: who fits there asks whether it converged, and falls back."""
    with warnings.catch_warnings(action="ignore"), one_thread():
        yield
