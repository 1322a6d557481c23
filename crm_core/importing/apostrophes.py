"""The apostrophe that keeps a spreadsheet from running a text as a formula: put on going out, taken off coming in."""

import re
from dataclasses import replace

from crm_core.importing.text_table import TextColumn, TextTable

__all__ = ["disarm", "rearm", "rearm_table"]

FORMULA = re.compile(r"'*[=+\-@\t\r]")  # after apostrophes too, so that taking one off gives back what was there
PLAIN_NUMBER = re.compile(r"-(0|[1-9]\d{0,14})(\.\d{1,15})?")  # a spreadsheet shows it as it is written
MARKED = re.compile(r"'+[=+\-@\t\r]")


def disarm(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it, or lose the + of a phone.

    >>> [disarm(text) for text in ("=1+1", "+49301234567", "-12", "-007", "'=1", "Ana")]
    ["'=1+1", "'+49301234567", '-12', "'-007", "''=1", 'Ana']
    """
    return "'" + text if FORMULA.match(text) and not PLAIN_NUMBER.fullmatch(text) else text


def rearm(text: str) -> str:
    """What ``disarm`` was given.

    >>> [rearm(disarm(text)) for text in ("=1+1", "+49301234567", "-12", "'=1", "'tis")]
    ['=1+1', '+49301234567', '-12', "'=1", "'tis"]
    """
    return text[1:] if MARKED.match(text) else text


def rearm_table(table: TextTable) -> TextTable:
    """A table that ``disarm`` went over, as it was before; the cells of a workbook never need it."""
    if table.from_workbook:
        return table
    return replace(table, columns={rearm(name): _rearmed(column) for name, column in table.columns.items()})


def _rearmed(column: TextColumn) -> TextColumn:
    words = [rearm(str(word)) for word in column.words]
    return column if words == list(column.words) else TextColumn.from_words(words, column.codes)
