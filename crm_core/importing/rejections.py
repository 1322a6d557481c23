"""Rows that are not accepted, each with one sentence that says why and what to do."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crm_core.importing.text_table import TextTable

__all__ = ["RejectedRow", "Rejections"]

Mask = npt.NDArray[np.bool_]
LONGEST_SHOWN = 200  # characters of a cell within a sentence; the rejected row has all of it


@dataclass(frozen=True)
class RejectedRow:
    """A row as it stood in the file, and the reason."""

    row_number: int
    reason: str
    cells: dict[str, str]


class Rejections:
    """Collects reasons while a table is checked; the first reason of a row stays."""

    def __init__(self, table: TextTable) -> None:
        self._table = table
        self._reasons: dict[int, str] = {}
        self.mask: Mask = np.zeros(len(table), bool)

    def add(self, rows: Mask, reason: Callable[[int], str]) -> None:
        """Reject rows; ``reason(position)`` is what follows the file's name and the row number."""
        for position in np.flatnonzero(rows & ~self.mask):
            number = self._table.row_numbers[position]
            self._reasons[int(position)] = f"{self._table.file_name}, row {number}{reason(int(position))}"
        self.mask |= rows

    def add_cell(self, rows: Mask, column: str, problem: str) -> None:
        """Reject rows for what stands in one column."""
        cells = self._table.columns[column]
        self.add(
            rows,
            lambda position: (
                f", column '{column}': '{_shortened(cells.word(position))}' {problem}"
                if cells.codes[position] >= 0
                else f", column '{column}' is blank. Fill the cell and import the file again."
            ),
        )

    def rows(self) -> list[RejectedRow]:
        """All rejected rows in the file's order, those with too many or too few cells included."""
        found = [RejectedRow(row.row_number, row.reason, row.cells) for row in self._table.broken]
        found += [
            RejectedRow(int(self._table.row_numbers[position]), reason, self._table.cells(position))
            for position, reason in self._reasons.items()
        ]
        return sorted(found, key=lambda row: row.row_number)


def _shortened(word: str) -> str:
    return word if len(word) <= LONGEST_SHOWN else f"{word[:LONGEST_SHOWN]}…"
