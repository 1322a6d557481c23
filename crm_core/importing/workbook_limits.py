"""What an XLSX would take to open, told from its parts before any of them is opened: sizes, cells, entities.

A workbook of 3 MB may unpack to more than 1 GB, and one stray cell in its far corner makes a reader fill 17 billion.
"""

import re
import zipfile
from dataclasses import dataclass

from crm_core.errors import ImportFileError
from crm_core.importing.packed_files import unpacked_chunks, zip_parts
from crm_core.wording import count

__all__ = ["MOST_CELLS", "check_workbook"]

MOST_CELLS = 12_000_000
MOST_UNPACKED = 600_000_000
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
LONGEST_TAG = 65_536
PLACED = re.compile(rb"<(?:\w+:)?c\s(?:[^<>]*?\s)?r\s*=\s*[\"']([A-Za-z]+)([0-9]+)[\"'][^<>]*(?<!/)>")
UNPLACED = re.compile(rb"<(?:\w+:)?c(?:\s(?![^<>]*\br\s*=)[^<>]*(?<!/))?>")
CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
ROW = re.compile(rb"<(?:\w+:)?row[\s>][^<>]*")
ROW_NUMBER = re.compile(rb"\sr\s*=\s*[\"']([0-9]+)[\"']")
ENTITIES = (b"<!DOCTYPE", b"<!ENTITY", b"<\0!\0D\0O\0C", b"\0<\0!\0D\0O\0C")
WAY_OUT = "Export it as CSV and import that."


def check_workbook(data: bytes, file_name: str) -> None:
    """ImportFileError when opening the workbook would take too much, or a part of it is damaged."""
    parts = zip_parts(data, file_name)
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise ImportFileError(f"{file_name} unpacks to more than {MOST_UNPACKED // 10**6} MB. {WAY_OUT}")
    for part in parts:
        _check_part(data, part, file_name)


@dataclass
class _Extent:
    """How far the filled cells of a part reach, and how many there are."""

    row: int = 0
    column: int = 0
    cells: int = 0

    def add(self, text: bytes) -> None:
        """Take in a piece that ends between two tags."""
        placed = PLACED.findall(text)
        self.cells += len(placed)
        if placed:
            letters = max({letters for letters, _ in placed}, key=_column_number)
            digits = max({number for _, number in placed}, key=_number)
            self.reach(_number(digits), _column_number(letters))
        if UNPLACED.search(text):
            self._add_unplaced(text)

    def _add_unplaced(self, text: bytes) -> None:
        """Cells that do not say where they stand follow each other in their row, wherever that row says it is."""
        counts = [len(CELL.findall(row)) for row in ROW.split(text)]
        self.cells += sum(counts)
        numbers = [_number(found[1]) for tag in ROW.finditer(text) if (found := ROW_NUMBER.search(tag[0]))]
        self.reach(max([self.row + len(counts), *numbers]), max(counts))

    def reach(self, row: int, column: int) -> None:
        """Note a corner."""
        self.row, self.column = max(self.row, row), max(self.column, column)


def _check_part(data: bytes, part: zipfile.ZipInfo, file_name: str) -> None:
    """One part, piece by piece; never the whole of it in memory."""
    extent, rest = _Extent(), b""
    for piece in unpacked_chunks(data, part, file_name, most=MOST_UNPACKED):
        text = rest + piece
        _refuse_entities(text, part, file_name)
        at = text.rfind(b"<")
        if len(text) - at > LONGEST_TAG and at >= 0 and b">" not in text[at:]:
            raise ImportFileError(f"{file_name} is damaged inside ('{part.filename}'). {WAY_OUT}")
        whole, rest = (text[:at], text[at:]) if at >= 0 else (text, b"")
        extent.add(whole)
        _refuse_far_cells(extent, file_name)
    extent.add(rest)
    _refuse_far_cells(extent, file_name)


def _refuse_entities(text: bytes, part: zipfile.ZipInfo, file_name: str) -> None:
    if any(mark in text for mark in ENTITIES):
        raise ImportFileError(f"{file_name} holds definitions that no spreadsheet needs ('{part.filename}'). {WAY_OUT}")


def _refuse_far_cells(extent: _Extent, file_name: str) -> None:
    if extent.row > MOST_ROWS or extent.column > MOST_COLUMNS:
        raise ImportFileError(f"{file_name} has a cell outside every sheet, so it is damaged. {WAY_OUT}")
    if max(extent.row * extent.column, extent.cells) > MOST_CELLS:
        raise ImportFileError(
            f"{file_name} has a sheet that reaches to {_column_letters(extent.column)}{extent.row}, which is more than "
            f"{count(MOST_CELLS)} cells. Delete what stands far outside the table, or export it as CSV."
        )


def _number(digits: bytes) -> int:
    """A row's number; one with absurdly many digits is just too large.

    >>> _number(b"12"), _number(b"9" * 30) > MOST_ROWS
    (12, True)
    """
    return int(digits[:12])


def _column_number(letters: bytes) -> int:
    """A column's number from its letters.

    >>> _column_number(b"A"), _column_number(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters[:8].upper():
        number = number * 26 + letter - 64
    return number


def _column_letters(number: int) -> str:
    """A column's letters from its number.

    >>> _column_letters(28), _column_letters(16384)
    ('AB', 'XFD')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
