"""XLSX: cells as the text they mean, the sheet that is read, and workbooks that would take too much."""

from datetime import date, datetime
from typing import Any

import pytest

from crm_core.errors import ImportFileError
from crm_core.importing import workbook_limits
from crm_core.importing.reader import read_table
from crm_core.importing.text_table import TextTable
from tests.importing.made_files import SHEET, edited, workbook, zip_of

ORDERS: list[list[Any]] = [
    ["order_id", "customer_id", "day", "amount"],
    [1001, "007", date(2024, 5, 1), 12.5],
    [1002, "a", date(2024, 5, 2), 3],
]
BOOK = workbook({"Orders": ORDERS})
MOMENT, MIDNIGHT = datetime.fromisoformat("2024-05-01T13:45:07"), datetime.fromisoformat("2024-05-01")


def read(data: bytes, name: str = "orders.xlsx") -> TextTable:
    return read_table(data, file_name=name)


@pytest.mark.parametrize("from_1904", [False, True])
def test_cells_are_the_text_they_mean(from_1904: bool) -> None:
    rows: list[list[Any]] = [
        ["text", "whole", "exact", "sum", "day", "moment", "yes", "small", "long"],
        ["007", 5, 12.1, 0.1 + 0.2, date(2024, 2, 29), MOMENT, True, 1e-7, 123456789012345],
        ["NA", -5, -0.5, "1.10", date(1999, 12, 31), MIDNIGHT, None, 1e20, "0012345678901234567890"],
    ]
    table = read(workbook({"A": rows}, date_1904=from_1904))
    expected = [
        ["007", "5", "12.1", "0.3", "2024-02-29", "2024-05-01 13:45:07", "TRUE", "0.0000001", "123456789012345"],
        ["NA", "-5", "-0.5", "1.10", "1999-12-31", "2024-05-01", "", "100000000000000000000", "0012345678901234567890"],
    ]
    assert [list(table.cells(at).values()) for at in range(2)] == expected


def test_row_numbers_are_the_sheets_own() -> None:
    table = read(workbook({"A": [["May in my shop"], [], *ORDERS[:2], [], ORDERS[2], ["Total", None, None, 15.5]]}))
    assert table.header == ("order_id", "customer_id", "day", "amount")
    assert table.row_numbers.tolist() == [4, 6]
    assert [row.reason for row in table.broken] == ["orders.xlsx, row 7 is a total line, not an order."]
    assert table.notes == ("The column names stand in row 3; the lines above it were left out.",)


def test_a_table_away_from_the_corner_is_read() -> None:
    table = read(workbook({"A": [[], [None, None, "id", "name"], [None, None, 1, "a"]]}))
    assert table.header == ("id", "name")
    assert table.row_numbers.tolist() == [3]


def test_many_rows_are_read_in_turn() -> None:
    table = read(workbook({"A": [["id", "name"], *[[n, f"c{n % 10}"] for n in range(25_000)]]}))
    assert len(table) == 25_000
    assert table.cells(24_999) == {"id": "24999", "name": "c9"}


@pytest.mark.parametrize(
    ("others", "hidden"),
    [
        ({"About": [["My Shop"], ["All orders"]]}, []),
        ({"Empty": []}, []),
        ({"Legend": [["status", "meaning"], ["p", "paid"]]}, []),
        ({"Header only": [["order_id", "customer_id", "day", "amount"]]}, []),
    ],
)
def test_the_sheet_with_the_orders_is_read_and_named(others: dict[str, list[list[str]]], hidden: list[str]) -> None:
    table = read(workbook({**others, "Orders": ORDERS}, hidden=hidden))
    assert table.cells(0) == {"order_id": "1001", "customer_id": "007", "day": "2024-05-01", "amount": "12.5"}
    assert table.notes == (f"Read the sheet 'Orders', not '{next(iter(others))}'.",)


def test_a_hidden_sheet_is_not_read() -> None:
    table = read(workbook({"Orders": ORDERS, "Old": ORDERS[:2]}, hidden=["Old"]))
    assert (len(table), table.notes) == (2, ())


@pytest.mark.parametrize("name", ["orders.csv", "orders.xls", "orders"])
def test_content_decides_not_the_name(name: str) -> None:
    assert len(read(BOOK, name)) == 2
    assert len(read(b"id\tname\n1\ta\n", name)) == 1


def test_a_workbook_in_a_zip_is_read() -> None:
    table = read(zip_of({"may/orders.xlsx": BOOK}), "orders.zip")
    assert (len(table), table.notes) == (2, ("Read 'may/orders.xlsx' from the ZIP file.",))


def test_rows_and_cells_that_do_not_say_where_they_stand_are_read() -> None:
    rows = b'<row><c t="str"><v>id</v></c><c t="str"><v>name</v></c></row><row><c><v>1</v></c><c><v>2</v></c></row>'
    book = workbook({"A": [["x"]]})
    bare = edited(book, SHEET, b'<row r="1" spans="1:1"><c r="A1" t="s"><v>0</v></c></row>', rows)
    assert read(bare).cells(0) == {"id": "1", "name": "2"}


FAR = b'<c r="XFD1048576"><v>1</v></c></row></sheetData>'


@pytest.mark.parametrize(
    ("part", "old", "new", "words"),
    [
        (SHEET, b"</row></sheetData>", FAR, r"reaches to XFD1048576, which is more than 12,000,000 cells"),
        (SHEET, b"</row></sheetData>", FAR.replace(b'"', b"'"), r"reaches to XFD1048576"),
        (SHEET, b"</row></sheetData>", FAR.replace(b"<c ", b"<c s='1'  "), r"reaches to XFD1048576"),
        (SHEET, b"</row></sheetData>", FAR.replace(b"XFD", b"xfd"), r"reaches to XFD1048576"),
        (SHEET, b"</row></sheetData>", FAR.replace(b"XFD1048576", b"A99999999"), r"outside every sheet"),
        (
            SHEET,
            b"</row></sheetData>",
            b'</row><row r="1048576">' + b"<c><v>1</v></c>" * 40 + b"</row></sheetData>",
            "AN1",
        ),
        (SHEET, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', r"definitions that no spreadsheet needs"),
        ("xl/sharedStrings.xml", b"<sst", b"<!DOCTYPE x><sst", r"holds definitions .*xl/sharedStrings.xml"),
        (SHEET, b"<sheetData>", b"<sheetData " + b"x" * 3_000_000, r"is damaged inside"),
        (SHEET, b"</sheetData>", b"</sheetDat", r"is a damaged Excel workbook"),
        (
            SHEET,
            b"<worksheet",
            b"<worksheet x='" + b" " * 60_000_000 + b"'",
            r"unpacks to more than 200 times",
        ),
    ],
)
def test_a_hostile_workbook_is_one_sentence(part: str, old: bytes, new: bytes, words: str) -> None:
    with pytest.raises(ImportFileError, match=words):
        read(edited(BOOK, part, old, new))


def test_formatted_blank_cells_in_the_far_corner_do_no_harm() -> None:
    blank = FAR.replace(b"><v>1</v></c>", b' s="1"/>')
    assert len(read(edited(BOOK, SHEET, b"</row></sheetData>", blank))) == 2


def test_a_stated_range_that_is_too_large_does_no_harm() -> None:
    assert len(read(edited(BOOK, SHEET, b'ref="A1:D3"', b'ref="A1:XFD1048576"'))) == 2


def test_a_workbook_too_large_in_all_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_limits, "MOST_UNPACKED", 1_000)
    with pytest.raises(ImportFileError, match=r"unpacks to more than .* Export it as CSV"):
        read(BOOK)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (workbook({"A": []}), r"has no table: the sheet 'A' is blank below the first row"),
        (workbook({"A": ORDERS[:1], "B": []}), r"has no table: its sheets are blank"),
        (BOOK[:-30], r"is a damaged ZIP or XLSX file"),
        (BOOK[: len(BOOK) // 2], r"is a damaged ZIP or XLSX file"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), r"is protected by a password. Open it in Excel"),
        (OLE + "Workbook".encode("utf-16-le"), r"is an old Excel file \(\.xls\). Open it"),
        (OLE, r"is an old Office document"),
        (b"\xef\xbb\xbf \n<HTML><table><tr><td>1</td></tr></table>", r"is a web page, whatever its name says"),
        ("<html><table>".encode("utf-16"), r"is a web page"),
        (b'<?xml version="1.0"?><Workbook>', r"is XML, not a table"),
        (b'[{"id": 1}]', r"is JSON, not a table"),
        (
            zip_of({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
            r"OpenDocument spreadsheet \(\.ods\)",
        ),
        (zip_of({"[Content_Types].xml": b"", "xl/workbook.bin": b""}), r"binary Excel workbook \(\.xlsb\)"),
        (zip_of({"[Content_Types].xml": b"", "word/document.xml": b""}), r"Office document, but no spreadsheet"),
        (zip_of({"Index/Tables/DataList.iwa": b""}), r"Apple Numbers"),
    ],
)
def test_other_documents_are_named_with_the_way_out(data: bytes, words: str) -> None:
    with pytest.raises(ImportFileError, match=words):
        read(data, "orders.xls")
