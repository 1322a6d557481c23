"""Bytes as a table of text: what is kept as it is, and what is refused in a sentence."""

import gzip

import pytest

from crm_core.errors import ImportFileError
from crm_core.importing.reader import read_table


def cells(data: bytes) -> list[dict[str, str]]:
    table = read_table(data, file_name="orders.csv")
    return [table.cells(position) for position in range(len(table))]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_usual_files_are_read(delimiter: str, line_end: str, mark: bytes) -> None:
    text = line_end.join(delimiter.join(row) for row in (["id", "name"], ["007", "Ana Núñez"], ["8", "Null"]))
    assert cells(mark + text.encode()) == [{"id": "007", "name": "Ana Núñez"}, {"id": "8", "name": "Null"}]


def test_nothing_is_guessed_about_cells() -> None:
    assert cells(b"id,name\n0010,NA\nnan,null\n1e5,  x \n") == [
        {"id": "0010", "name": "NA"},
        {"id": "nan", "name": "null"},
        {"id": "1e5", "name": "x"},
    ]


def test_quotes_hold_separators_and_line_breaks() -> None:
    assert cells(b'id,"na\nme"\n1,"a,b"\n2,"c\nd""e"\n') == [
        {"id": "1", "na\nme": "a,b"},
        {"id": "2", "na\nme": 'c\nd"e'},
    ]


def test_gzip_is_unpacked() -> None:
    assert cells(gzip.compress(b"id\n1\n")) == [{"id": "1"}]


def test_blank_rows_are_left_out_and_still_counted_in_row_numbers() -> None:
    table = read_table(b"a,b\n1,2\n\n,\n3,4\n\n", file_name="orders.csv")
    assert table.row_numbers.tolist() == [2, 5]


def test_rows_with_another_number_of_cells_are_set_aside_with_their_number() -> None:
    table = read_table(b"a,b\n1,2\n3\n4,5,6\n7,8\n", file_name="orders.csv")
    assert table.row_numbers.tolist() == [2, 5]
    assert [row.row_number for row in table.broken] == [3, 4]
    assert "orders.csv, row 4 has 3 cells where the header has 2" in table.broken[1].reason
    assert table.broken[1].cells == {"a": "4", "b": "5", "(more)": "6"}


def test_equal_and_empty_column_names_are_told_apart() -> None:
    assert read_table(b"a,,a\n1,2,3\n", file_name="x.csv").header == ("a", "column 2", "a (2)")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", r"orders\.csv is empty"),
        (b" \r\n", r"orders\.csv is empty"),
        (gzip.compress(b""), r"orders\.csv is empty"),
        (b"id,day,amount\n", r"has a header but no rows"),
        (b"id,day,amount\n,,\n\n", r"has a header but no rows"),
        (b"\x89PNG\r\n\x1a\n\0\0", r"is a PNG picture, not a table"),
        (b"PK\x03\x04....", r"is a damaged ZIP or XLSX file"),
        (b"\0\1\2\3\4\5" * 50, r"is not text"),
        (("id,name\n" + "1,Zoé\n" * 60 + "2,\0\n").encode(), r"orders\.csv, row 62 holds a NUL byte"),
        ("id,name\n1,Zoé\n2,Ané\n".encode() + b"3,Zo\xe9\n", r"orders\.csv, row 4: byte 0xe9 is not UTF-8 text"),
        (b'id,name\n1,a\n2,"b\n3,c\n', r"orders\.csv, row 3 opens a quote that is never closed"),
        (b"a," * 20_000 + b"a\n1", r"has 20,001 columns; up to 16,384 can be read"),
        (b"a" * 5_000_000 + b"\n1\n", r"orders\.csv, row 1 can't be read as column names"),
        (gzip.compress(b"id\n" * 1000)[:40], r"is a damaged gzip file"),
    ],
)
def test_a_bad_file_is_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(ImportFileError, match=words):
        read_table(data, file_name="orders.csv")
