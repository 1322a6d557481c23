"""Cells as platforms write them: texts marked as text, blanks that mean the row above, times of UTC."""

import re

import numpy as np

from crm_core.importing.presets import Rows
from crm_core.importing.rejections import Mask
from crm_core.importing.text_table import BrokenRow, TextColumn, TextTable

__all__ = ["broken_row", "filled_down", "first_filled", "in_utc", "within_words"]

AS_TEXT = re.compile(r"""="(?P<quoted>[^"]*)"|'(?P<rest>[\d+].*)""", re.DOTALL)  # how exports keep spreadsheets off
TIME_WITHOUT_ZONE = re.compile(r".*\d:\d{2}(?::\d{2})?")
NOBODY = "/"  # how WeChat writes that a cell is blank


def first_filled(columns: list[TextColumn]) -> TextColumn:
    """Each row's first filled cell, without what marks it as text.

    >>> found = first_filled([TextColumn.of(["'+3161", ""]), TextColumn.of(["x", '="0351"'])])
    >>> found.word(0), found.word(1)
    ('+3161', '0351')
    """
    found = _without_marks(columns[0])
    for column in columns[1:]:
        found = found.or_else(_without_marks(column))
    return found


def _without_marks(column: TextColumn) -> TextColumn:
    words = [_unmarked(str(word)) for word in column.words]
    return column if words == list(column.words) else TextColumn.from_words(words, column.codes)


def _unmarked(word: str) -> str:
    match = AS_TEXT.fullmatch(word)
    return (match["quoted"] or match["rest"] or "") if match else "" if word == NOBODY else word


def filled_down(column: TextColumn) -> TextColumn:
    """Blank cells take the cell above.

    >>> filled = filled_down(TextColumn.of(["", "a", "", "b"]))
    >>> [filled.word(row) for row in range(4)]
    ['', 'a', 'a', 'b']
    """
    last = np.maximum.accumulate(np.where(column.codes >= 0, np.arange(len(column)), 0))
    return TextColumn(column.codes[last], column.words)


def in_utc(column: TextColumn) -> TextColumn:
    """Times of day without a zone, as times of UTC.

    >>> in_utc(TextColumn.of(["2026-03-14 23:30", "2026-03-15"])).words.tolist()
    ['2026-03-14 23:30 UTC', '2026-03-15']
    """
    words = [f"{word} UTC" if TIME_WITHOUT_ZONE.fullmatch(str(word)) else str(word) for word in column.words]
    return TextColumn.from_words(words, column.codes)


def within_words(column: TextColumn, rows: Rows) -> Mask:
    """Which rows a preset means.

    >>> within_words(TextColumn.of(["Paid", "", "Refund of 3"]), Rows("", ("refund",), within=True)).tolist()
    [False, False, True]
    """
    wanted = [word.casefold() for word in rows.words]
    folded = [str(word).casefold() for word in column.words]
    if not wanted:
        hits = [True] * len(folded)
    elif rows.within:
        hits = [any(part in word for part in wanted) for word in folded]
    else:
        hits = [word in wanted for word in folded]
    mask: Mask = np.array([*hits, False], bool)[column.codes]
    return ~mask if rows.but else mask


def broken_row(table: TextTable, at: int, why: str) -> BrokenRow:
    """A row that is left out for a reason."""
    number = int(table.row_numbers[at])
    return BrokenRow(number, f"{table.file_name}, row {number} is left out: {why}.", table.cells(at))
