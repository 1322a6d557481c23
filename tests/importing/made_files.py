"""Workbooks and archives made for a test, good ones and hostile ones."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

__all__ = ["SHEET", "edited", "workbook", "zip_of"]

SHEET = "xl/worksheets/sheet1.xml"


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], *, hidden: Sequence[str] = (), **options: Any) -> bytes:
    """An XLSX with these rows; days and times get a number format."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, **options}) as book:
        day, moment = book.add_format({"num_format": "d.m.yy"}), book.add_format({"num_format": "d.m.yyyy h:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(at, column, cell, moment if isinstance(cell, datetime) else day)
                    elif isinstance(cell, str) and cell:
                        sheet.write_string(at, column, cell)
                    else:
                        sheet.write(at, column, cell)
            if name in hidden:
                sheet.hide()
    return file.getvalue()


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """A ZIP file with these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return file.getvalue()


def edited(book: bytes, part: str, old: bytes, new: bytes, *, must: bool = True) -> bytes:
    """The workbook with a part's text replaced where it first stands, which it must do unless told otherwise."""
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    assert old in files[part] or not must
    return zip_of(files | {part: files[part].replace(old, new, 1)})
