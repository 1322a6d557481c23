"""Benchmarks against peers, run by `make bench`; `make bench ONLY=import` runs one."""

from typing import NamedTuple

__all__ = ["Row"]


class Row(NamedTuple):
    """One measured line. Cells are words, so that each bench chooses its own units."""

    what: str
    ours: str
    peer: str = "-"
    ratio: str = "-"
    budget: str = "-"
