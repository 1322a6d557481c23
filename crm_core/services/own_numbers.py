"""Columns that an owner brought, as numbers: read as the import reads them, and never what only numbers the rows."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crm_core.importing.amounts import read_numbers
from crm_core.importing.text_table import TextColumn

__all__ = ["OwnNumbers", "read_own_numbers"]

MOSTLY_NUMBERS = 0.9  # of the filled cells; the others are text among numbers and count as unknown
MOSTLY_FILLED = 0.5
MOSTLY_EMPTY = "mostly empty"
IDENTIFIER = re.compile(r"(^|[^a-z])(id|ids|nr|phone|tel|telephone|mobile|zip|postcode|plz|iban)([^a-z]|$)")
CAMEL_IDENTIFIER = re.compile(r"[a-z](ID|Id|Nr|No)$")
ZEROS_AHEAD = re.compile(r"0\d+")


@dataclass(frozen=True)
class OwnNumbers:
    """A number per row, NaN where none stands; or why the column can't be compared, in a few words.

    text_cells: filled cells that are no number.
    """

    values: NDArray[np.float64]
    why_not: str = ""
    text_cells: int = 0

    @property
    def measure(self) -> bool:
        """Whether they measure something, be it of a few rows only."""
        return self.why_not in ("", MOSTLY_EMPTY)


def read_own_numbers(column: TextColumn, name: str) -> OwnNumbers:
    """A column's numbers, decimals and thousands as the column writes them.

    >>> read_own_numbers(TextColumn.of(["1.234,5", "7", ""]), "Income").values.tolist()
    [1234.5, 7.0, nan]
    >>> [read_own_numbers(TextColumn.of(cells), name).why_not for name, cells in
    ...  [("Town", ["Graz", "Linz"]), ("Number", ["007", "008"]), ("CustomerID", ["5", "9"]), ("Age", ["", ""])]]
    ['text', 'numbers its rows', 'numbers its rows', 'empty']
    """
    filled = column.codes >= 0
    if not filled.any():
        return OwnNumbers(np.full(len(column), np.nan), "empty")
    words = [str(word) for word in column.words]
    numbers = [np.nan if number is None else float(number) for number in read_numbers(column).numbers]
    values = np.append(np.array(numbers, np.float64), np.nan)[column.codes]
    known = np.isfinite(values)
    text_cells = int((filled & ~known).sum())
    if known.sum() < MOSTLY_NUMBERS * filled.sum():
        return OwnNumbers(values, "text", text_cells)
    if is_identifier(name, words, values[known]):
        return OwnNumbers(values, "numbers its rows", text_cells)
    if known.sum() <= MOSTLY_FILLED * len(column):
        return OwnNumbers(values, MOSTLY_EMPTY, text_cells)
    return OwnNumbers(values, "", text_cells)


def is_identifier(name: str, words: list[str], values: NDArray[np.float64]) -> bool:
    """Whether numbers only tell rows apart: by their name, by zeros ahead, or because they count up without a gap."""
    if IDENTIFIER.search(name.lower()) or CAMEL_IDENTIFIER.search(name):
        return True
    if any(ZEROS_AHEAD.fullmatch(word) for word in words):
        return True
    return len(values) > 2 and bool((np.diff(values) == 1).all())
