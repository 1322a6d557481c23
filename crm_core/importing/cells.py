"""What a file's text or sheet comes to before it is a table: columns, row numbers, rows set aside."""

from dataclasses import dataclass

from crm_core.importing.text_table import BrokenRow, Codes, TextColumn

__all__ = ["Cells", "header_note"]


@dataclass(frozen=True)
class Cells:
    """Columns by name, the row number of every entry, rows with another number of cells, and notes."""

    columns: dict[str, TextColumn]
    row_numbers: Codes
    broken: tuple[BrokenRow, ...]
    notes: tuple[str, ...]


def header_note(rows_above: int) -> tuple[str, ...]:
    """Where the column names stand, when it is not the first row.

    >>> header_note(3)
    ('The column names stand in row 4; the lines above it were left out.',)
    """
    if not rows_above:
        return ()
    return (f"The column names stand in row {rows_above + 1}; the lines above it were left out.",)
