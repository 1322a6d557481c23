"""Tables as Excel workbooks: days as days, money as numbers, and every text as text, never as a formula or a link."""

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from crm_core.errors import CrmError
from crm_core.wording import count

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

__all__ = ["MOST_ROWS", "table_as_xlsx", "tables_as_xlsx"]

MOST_ROWS = 1_048_575  # below the names
MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767
LONGEST_SHEET_NAME = 31
WIDEST, NARROWEST, LOOKED_AT = 48, 9, 200
FIRST_DAY = date(1900, 3, 1)  # from which on Excel's days are right
DIGITS = 15  # as many as Excel keeps
TAKE_CSV = "take it as CSV"
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}


def table_as_xlsx(table: pd.DataFrame, *, sheet: str) -> bytes:
    """The table as a workbook with one sheet, without its index."""
    return tables_as_xlsx({sheet: lambda: table})


def tables_as_xlsx(tables: Mapping[str, Callable[[], pd.DataFrame]]) -> bytes:
    """A workbook with a sheet for each table, made one after the other; CrmError where one is too large for Excel."""
    from xlsxwriter import Workbook  # needed for this alone

    file = io.BytesIO()
    book = Workbook(file, OPTIONS)
    formats = _Formats.of(book)
    try:
        for name, table in tables.items():
            _write(book.add_worksheet(name[:LONGEST_SHEET_NAME]), table(), formats, name)
    finally:
        book.close()  # also lets its temporary files go
    return file.getvalue()


@dataclass(frozen=True)
class _Formats:
    """How cells look. money: by number of decimals."""

    heading: "Format"
    day: "Format"
    moment: "Format"
    money: dict[int, "Format"]

    @classmethod
    def of(cls, book: "Workbook") -> "_Formats":
        numbers = ("0", "0.0", "0.00", "0.000", "0.0000")
        money = {places: book.add_format({"num_format": shown}) for places, shown in enumerate(numbers)}
        return cls(
            book.add_format({"bold": True}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            money,
        )


def _write(sheet: "Worksheet", table: pd.DataFrame, formats: _Formats, name: str) -> None:
    rows, columns = table.shape
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        much = f"{count(rows)} rows" if rows > MOST_ROWS else f"{count(columns)} columns"
        most = count(MOST_ROWS if rows > MOST_ROWS else MOST_COLUMNS)
        raise CrmError(f"The table '{name}' has {much}, and an Excel sheet holds {most}; {TAKE_CSV}.")
    for at, heading in enumerate(table.columns):
        sheet.write_string(0, at, str(heading), formats.heading)
        sheet.set_column(at, at, _width(str(heading), table.iloc[:LOOKED_AT, at]))
    sheet.freeze_panes(1, 0)
    cells = [_cells(table.iloc[:, at]) for at in range(columns)]
    for row, values in enumerate(zip(*cells, strict=True), start=1):
        for at, value in enumerate(values):
            _write_cell(sheet, row, at, value, formats, name)


def _cells(column: pd.Series) -> Iterable[Any]:
    """A column's cells as Python has them, None where there is nothing."""
    return [None if hole else cell for cell, hole in zip(column.tolist(), column.isna().tolist(), strict=True)]


def _write_cell(sheet: "Worksheet", row: int, at: int, value: Any, formats: _Formats, name: str) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, at, value)
    elif isinstance(value, date) and _day_of(value) >= FIRST_DAY:
        whole = not isinstance(value, datetime)
        sheet.write_datetime(row, at, value, formats.day if whole else formats.moment)
    elif isinstance(value, Decimal) and len(value.as_tuple().digits) <= DIGITS:
        places = -min(int(value.as_tuple().exponent), 0)
        sheet.write_number(row, at, float(value), formats.money.get(places))
    elif isinstance(value, float) or (isinstance(value, int) and abs(value) < 10**DIGITS):
        sheet.write_number(row, at, value)
    else:
        text = value.isoformat(" ") if isinstance(value, datetime) else str(value)
        if len(text) > LONGEST_TEXT:
            raise CrmError(
                f"Row {count(row + 1)} of the table '{name}' has a text of {count(len(text))} characters, and a cell "
                f"in Excel holds {count(LONGEST_TEXT)}; {TAKE_CSV}."
            )
        sheet.write_string(row, at, text)


def _day_of(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _width(heading: str, column: pd.Series) -> int:
    """Characters that show a column's first cells."""
    texts = [str(cell) for cell in _cells(column) if cell is not None]
    return min(max([len(heading), NARROWEST, *[len(text.partition("\n")[0]) for text in texts]]) + 2, WIDEST)
