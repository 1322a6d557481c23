"""The total line that an export puts below its orders, told from a customer who is called Total."""

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from crm_core.importing.text_table import BrokenRow, TextColumn, TextTable
from crm_core.vocabulary import MORE_CELLS

__all__ = ["set_totals_aside"]

LAST_ROWS = 10
TOTAL = re.compile(
    r"(?:(?:grand|sub|sous|net|gross|overall|order|orders)[\s-]*)?"
    r"(?:totals?|totale|totaal|sum|summe|endsumme|zwischensumme|gesamt|gesamtsumme|insgesamt|suma|somme|somma|razem|"
    r"celkem|итого|всего|合计|合計|总计|總計|総計)(?![\w])",
    re.IGNORECASE,
)
FIGURE = re.compile(r"(?=.*\d)[^\w]*(?:[A-Za-z]{1,3}\s*)?[-+(]?[\d\s.,'’]+[^\w]*(?:[A-Za-z€$£]{1,3})?|\d+\s\w+")


def set_totals_aside(table: TextTable) -> TextTable:
    """The table without the total lines among its last rows; they are rejected as what they are.

    A total line begins with a word for it, holds only figures besides, and lacks what all other rows have.
    """
    always = _always_filled(table)
    places = [at for at in range(max(0, len(table) - LAST_ROWS), len(table)) if _is_total(table, at, always)]
    last = max([*table.row_numbers[-1:].tolist(), *(row.row_number for row in table.broken[-1:])], default=0)
    broken = [
        _as_total(row, table.file_name)
        if row.row_number > last - LAST_ROWS and MORE_CELLS not in row.cells and _reads_like_total(row.cells)
        else row
        for row in table.broken
    ]
    if not places:
        return replace(table, broken=tuple(broken))
    broken += [_as_total(BrokenRow(int(table.row_numbers[at]), "", table.cells(at)), table.file_name) for at in places]
    kept = np.delete(np.arange(len(table)), places)
    return replace(
        table,
        columns={name: column.rows(kept) for name, column in table.columns.items()},
        row_numbers=table.row_numbers[kept],
        broken=tuple(sorted(broken, key=lambda row: row.row_number)),
    )


def _always_filled(table: TextTable) -> dict[str, TextColumn]:
    """The columns that no row but the last ones leaves blank."""
    return {
        name: column
        for name, column in table.columns.items()
        if (column.codes[: max(1, len(table) - LAST_ROWS)] >= 0).all()
    }


def _is_total(table: TextTable, at: int, always: Mapping[str, TextColumn]) -> bool:
    if at == 0 or not any(column.codes[at] < 0 for column in always.values()):
        return False
    return _reads_like_total(table.cells(at))


def _reads_like_total(cells: Mapping[str, str]) -> bool:
    filled = [cell.strip() for cell in cells.values() if cell.strip()]
    if not filled or not TOTAL.match(filled[0]):
        return False
    return len(filled[0]) <= 60 and all(FIGURE.fullmatch(cell) for cell in filled[1:])


def _as_total(row: BrokenRow, file_name: str) -> BrokenRow:
    return replace(row, reason=f"{file_name}, row {row.row_number} is a total line, not an order.")
