"""Rows of a file that are one person, and whom of the stored customers they are."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

__all__ = ["NOBODY", "PersonGroups"]

NOBODY = -1
Keys = npt.NDArray[np.int64]


class PersonGroups:
    """Joins rows into persons. Two stored customers are never joined: they are noted in ``doubles``."""

    def __init__(self, stored: Keys, has_email: npt.NDArray[np.bool_]) -> None:
        self._above = list(range(len(stored)))
        self._stored, self._has_email = stored.tolist(), has_email.tolist()
        self.doubles: dict[tuple[int, int], None] = {}

    def top(self, row: int) -> int:
        """The row that stands for a row's group."""
        while self._above[row] != row:
            self._above[row] = self._above[self._above[row]]
            row = self._above[row]
        return row

    def stored(self, row: int) -> int:
        """The stored customer whom a row is, or -1."""
        return int(self._stored[self.top(row)])

    def has_email(self, row: int) -> bool:
        """Whether a row's group has an e-mail."""
        return bool(self._has_email[self.top(row)])

    def join(self, one: int, other: int) -> None:
        """Make two rows' groups one person, unless they are two stored ones."""
        one, other = self.top(one), self.top(other)
        if one == other:
            return
        known, also = self._stored[one], self._stored[other]
        if NOBODY not in (known, also) and known != also:
            self._note(known, also)
            return
        low, high = sorted((one, other))
        self._above[high] = low
        self._stored[low] = max(known, also)
        self._has_email[low] = self._has_email[one] or self._has_email[other]

    def give(self, row: int, stored: int) -> None:
        """Say whom a row's group is, unless it is somebody else already."""
        row = self.top(row)
        if self._stored[row] == NOBODY:
            self._stored[row] = stored
        elif self._stored[row] != stored:
            self._note(self._stored[row], stored)

    def tops(self) -> Keys:
        """Per row the row that stands for its group."""
        return np.array([self.top(row) for row in range(len(self._above))] or [0], np.int64)[: len(self._above)]

    def ids(self, rows: Iterable[int] | None = None) -> Keys:
        """Per row the stored customer, or -1."""
        asked = range(len(self._above)) if rows is None else rows
        return np.array([*(self.stored(row) for row in asked), NOBODY], np.int64)[:-1]

    def _note(self, one: int, other: int) -> None:
        low, high = sorted((one, other))
        self.doubles[low, high] = None
