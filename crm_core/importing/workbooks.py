"""XLSX workbooks: which sheet is read, and its cells as the text that Excel shows or means."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from crm_core.errors import ImportFileError
from crm_core.importing.cells import Cells, header_note
from crm_core.importing.columns import recognise_columns
from crm_core.importing.header_row import ROWS_LOOKED_AT, distinct_names, find_header
from crm_core.importing.text_table import TextColumn
from crm_core.importing.workbook_limits import check_workbook

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

__all__ = ["read_workbook"]

ROWS_AT_ONCE = 10_000
DIGITS = 15  # as many as Excel keeps
DAMAGED = "is a damaged Excel workbook. Open it in Excel or LibreOffice, save it again as XLSX or CSV, and import that."
Value = str | float | bool | date | datetime | time | timedelta | None
Row = Sequence[Value]


@dataclass(frozen=True)
class _Sheet:
    """A sheet's first rows, the rest of them, and where its names stand."""

    name: str
    first: list[list[str]]
    rest: Iterator[Row]
    header_at: int

    @property
    def names(self) -> list[str]:
        """The cells of the row of names."""
        return self.first[self.header_at] if self.first else []

    @property
    def has_table(self) -> bool:
        """Whether names and rows are there."""
        return any(self.names) and any(any(row) for row in self.first[self.header_at + 1 :])


def read_workbook(data: bytes, file_name: str) -> Cells:
    """The cells of a workbook's first sheet that holds a table, once its sizes are within the limits."""
    check_workbook(data, file_name)
    try:
        sheet, others = _choose_sheet(data, file_name)
        return _cells(sheet, others)
    except ImportFileError:
        raise
    except MemoryError as error:
        raise ImportFileError(f"{file_name} needs more memory than there is. Export it as CSV.") from error
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise  # an interrupt; calamine's panics on damaged files are no Exception either
        raise ImportFileError(f"{file_name} {DAMAGED}") from error


def _choose_sheet(data: bytes, file_name: str) -> tuple[_Sheet, list[str]]:
    """The first visible sheet whose columns are known as those of orders, else the first with a table."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # here, as CSV needs none of it

    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        seen = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
        names = seen or [sheet.name for sheet in sheets]
        chosen: _Sheet | None = None
        for name in names:
            sheet = _open_sheet(book.get_sheet_by_name(name))
            if sheet.has_table and not recognise_columns(tuple(distinct_names(sheet.names))).missing:
                chosen = sheet
                break
            if sheet.has_table and (chosen is None or min(2, _width(sheet)) > _width(chosen)):
                chosen = sheet
    if chosen is None:
        where = f"the sheet '{names[0]}' is" if len(names) == 1 else "its sheets are"
        raise ImportFileError(
            f"{file_name} has no table: {where} blank below the first row. Export it again with its orders."
        )
    return chosen, [name for name in names if name != chosen.name]


def _open_sheet(sheet: "CalamineSheet") -> _Sheet:
    rows = iter(sheet.iter_rows())
    first = [[_as_text(cell) for cell in row] for row in islice(rows, ROWS_LOOKED_AT)]
    return _Sheet(sheet.name, first, rows, find_header(first))


def _width(sheet: _Sheet) -> int:
    return sum(bool(name.strip()) for name in sheet.names)


def _cells(sheet: _Sheet, others: list[str]) -> Cells:
    below = sheet.header_at + 1
    parts = [[_encode(column) for column in zip(*sheet.first[below:], strict=True)]]
    while rows := list(islice(sheet.rest, ROWS_AT_ONCE)):
        parts.append([_encode([_as_text(cell) for cell in column]) for column in zip(*rows, strict=True)])
    names = distinct_names(sheet.names)
    columns = {}
    for at, name in enumerate(names):
        column = TextColumn.from_arrow(
            pa.chunked_array([part[at] for part in parts]).unify_dictionaries().combine_chunks()
        )
        if sheet.names[at].strip() or (column.codes >= 0).any():
            columns[name] = column
    size = len(next(iter(columns.values())))
    notes = (f"Read the sheet '{sheet.name}', not {_sheet_words(others)}.",) if others else ()
    return Cells(columns, np.arange(below + 1, below + 1 + size), (), notes + header_note(sheet.header_at))


def _encode(cells: "tuple[str, ...] | list[str]") -> pa.DictionaryArray:
    return pa.array(cells, pa.string()).dictionary_encode()


def _sheet_words(names: list[str]) -> str:
    quoted = [f"'{name}'" for name in names[:5]] + (["more"] if len(names) > 5 else [])
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _as_text(cell: Value) -> str:
    """A cell's text: numbers with at most 15 digits and no exponent, days as 2025-02-28.

    >>> [_as_text(cell) for cell in ("007", 5.0, 0.1 + 0.2, 1e-7, True, None, date(2025, 2, 28))]
    ['007', '5', '0.3', '0.0000001', 'TRUE', '', '2025-02-28']
    >>> _as_text(datetime(2025, 2, 28, 13, 44, 59, 999_999)), _as_text(timedelta(hours=30))
    ('2025-02-28 13:45:00', '30:00:00')
    """
    if isinstance(cell, str):
        return cell.replace("\0", "")
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return (cell + timedelta(milliseconds=500)).replace(microsecond=0).isoformat(" ")
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return cell.isoformat()


def _number_text(number: float) -> str:
    if abs(number) < 10**DIGITS and number == int(number):
        return str(int(number))
    shown = format(number, f".{DIGITS}g")
    return format(Decimal(shown), "f") if "e" in shown else shown
