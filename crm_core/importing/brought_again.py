"""A download of rejected rows that the owner has mended: read as the file that the rows came from."""

import re
from dataclasses import replace

import numpy as np

from crm_core.importing.apostrophes import rearm_table
from crm_core.importing.text_table import BrokenRow, TextTable
from crm_core.vocabulary import MORE_CELLS, REPORT_COLUMNS

__all__ = ["as_first_brought"]

NOTE = (
    "Rows that were rejected earlier, brought again: what was said of them ('{row}' and '{reason}') is no part of them."
)


def as_first_brought(table: TextTable) -> TextTable:
    """The table without the row numbers and reasons that a download of rejected rows has, where it is one.

    It is one where the reasons name the rows beside them; a file's own columns of these names stay.

    >>> from crm_core.importing.text_table import TextColumn
    >>> def cells(reason):
    ...     return {"row": TextColumn.of(["7"]), "reason": TextColumn.of([reason]), "day": TextColumn.of(["'-"])}
    >>> as_first_brought(TextTable("a.csv", "", cells("may.csv, row 7, column 'day': '-' …"), np.array([2]))).header
    ('day',)
    >>> as_first_brought(TextTable("a.csv", "", cells("too small"), np.array([2]))).header
    ('row', 'reason', 'day')
    """
    names = next((pair for pair in REPORT_COLUMNS if _is_report(table, *pair)), None)
    if names is None:
        return table
    row, reason = names
    columns = {name: column for name, column in table.columns.items() if name not in names}
    note = NOTE.format(row=row, reason=reason)
    # in a workbook too, for it may be the CSV file that was saved as one
    plain = rearm_table(replace(table, columns=columns, from_workbook=False))
    return _without_more(replace(plain, from_workbook=table.from_workbook, notes=(*table.notes, note)))


def _is_report(table: TextTable, row: str, reason: str) -> bool:
    if row not in table.columns or reason not in table.columns or len(table.columns) == len(REPORT_COLUMNS[0]):
        return False
    numbers, reasons = table.columns[row], table.columns[reason]
    said = np.flatnonzero(reasons.codes >= 0).tolist()
    fits = sum(re.search(rf", row {re.escape(numbers.word(at))}\b", reasons.word(at)) is not None for at in said)
    return 2 * fits > len(said)


def _without_more(table: TextTable) -> TextTable:
    """The table without the column of cells beyond the header; a row that still has some stays broken."""
    if MORE_CELLS not in table.columns:
        return table
    more = table.columns[MORE_CELLS].codes >= 0
    columns = {name: column for name, column in table.columns.items() if name != MORE_CELLS}
    broken = [
        BrokenRow(
            int(table.row_numbers[at]),
            f"{table.file_name}, row {table.row_numbers[at]}, column '{MORE_CELLS}': "
            f"'{table.columns[MORE_CELLS].word(int(at))}' is beyond the last column. Move each cell to its column, "
            "empty this one and import the file again.",
            table.cells(int(at)),
        )
        for at in np.flatnonzero(more)
    ]
    stay = np.flatnonzero(~more)
    return replace(
        table,
        columns={name: column.rows(stay) for name, column in columns.items()},
        row_numbers=table.row_numbers[stay],
        broken=tuple(sorted([*table.broken, *broken], key=lambda row: row.row_number)),
    )
