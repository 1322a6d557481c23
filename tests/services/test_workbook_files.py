"""Excel workbooks: text stays text, days are days, money is a number; what is too large is refused in a sentence."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from crm_core.errors import CrmError
from crm_core.services import workbook_files
from crm_core.services.workbook_files import table_as_xlsx

TEXTS = ["=1+1", "+49301234567", "-12", "@x", "https://shop.example/=x", "007", "_x0041_", "12345678901234567", " 'a"]


def cells(table: pd.DataFrame) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(table_as_xlsx(table, sheet="table")))
    found: list[list[object]] = book.get_sheet_by_name("table").to_python()[1:]
    return found


def test_text_is_never_a_formula_a_link_or_a_number() -> None:
    file = table_as_xlsx(pd.DataFrame({"text": TEXTS}, dtype=object), sheet="table")
    assert [row[0] for row in cells(pd.DataFrame({"text": TEXTS}, dtype=object))] == TEXTS
    sheet = zipfile.ZipFile(io.BytesIO(file)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert 'state="frozen"' in sheet


def test_days_are_days_and_money_is_a_number() -> None:
    row = {"day": date(2024, 1, 5), "at": datetime(2024, 1, 5, 13, 30), "money": Decimal("12.50"), "n": 3}  # noqa: DTZ001
    assert cells(pd.DataFrame([row], dtype=object)) == [[date(2024, 1, 5), row["at"], 12.5, 3.0]]


def test_days_before_excel_knows_any_are_text() -> None:
    assert cells(pd.DataFrame({"day": [date(1850, 2, 3)]})) == [["1850-02-03"]]


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_files, "MOST_ROWS", 2)
    with pytest.raises(CrmError, match="The table 'lines' has 3 rows, and an Excel sheet holds 2; take it as CSV"):
        table_as_xlsx(pd.DataFrame({"n": [1, 2, 3]}), sheet="lines")


def test_a_text_longer_than_a_cell_is_refused_and_not_lost() -> None:
    with pytest.raises(CrmError, match="Row 2 of the table 'notes' has a text of 32,768 characters"):
        table_as_xlsx(pd.DataFrame({"note": ["x" * 32_768]}), sheet="notes")
