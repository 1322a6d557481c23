"""Whatever the bytes, the answer is a table that adds up or one sentence."""

import gzip

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core.errors import ImportFileError
from crm_core.importing.reader import read_table
from tests.importing.made_files import SHEET, edited, workbook, zip_of

TEXT = 'order_id;customer_id;day;amount\n1;Zoé;2024-05-01;12,50\n2;"a\nb";2024-05-02;3\n3;c;2024-05-03\nTotal;;;16\n'
BOOK = workbook({"Orders": [["order_id", "day", "amount"], [1, "2024-05-01", 2.5], [2, "2024-05-02", 3]]})
REAL = [
    TEXT.encode(),
    TEXT.encode("utf-16"),
    TEXT.encode("cp1252"),
    gzip.compress(TEXT.encode()),
    zip_of({"orders.csv": TEXT.encode()}),
    BOOK,
]
PIECES = st.sampled_from([*'";,\t|\r\n \0', "a", "é", "王", "1", "sep=;", "Total", "\ufeff", "'", "\x1a", "\u2028"])
TAGS = [b"", b"9" * 12, b"<c>", b"&#0;", b'"/><c r="B2', b"<v>1e999</v>"]
usual = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def faults_of(data: bytes) -> list[str]:
    """What does not add up in the table that was read; nothing where the file was refused in a sentence."""
    try:
        table = read_table(data, file_name="orders.csv")
    except ImportFileError as refused:
        return [] if str(refused) else ["refused without a word"]
    numbers = table.row_numbers.tolist() + [row.row_number for row in table.broken]
    words = "".join(word for at in range(len(table)) for word in table.cells(at).values())
    holds = {
        "each row once": len(set(numbers)) == len(numbers),
        "rows count from one": all(number >= 1 for number in numbers),
        "rows in order": table.row_numbers.tolist() == sorted(table.row_numbers.tolist()),
        "columns of one length": all(len(column) == len(table) for column in table.columns.values()),
        "no zero bytes": "\0" not in words,
    }
    return [what for what, does in holds.items() if not does]


@usual
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    assert faults_of(data) == []


@usual
@given(st.lists(PIECES, max_size=60).map("".join), st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "gb18030"]))
def test_any_text(text: str, encoding: str) -> None:
    assert faults_of(text.encode(encoding)) == []


@pytest.mark.parametrize("real", REAL, ids=["csv", "utf-16", "cp1252", "gzip", "zip", "xlsx"])
@usual
@given(st.data())
def test_damaged_files(real: bytes, data: st.DataObject) -> None:
    damaged = bytearray(real)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
        damaged = damaged or bytearray(b"x")
    assert faults_of(bytes(damaged[: data.draw(st.integers(1, len(damaged) + 50))])) == []


@usual
@given(st.sampled_from(["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", SHEET]), st.data())
def test_workbooks_with_damaged_parts(part: str, data: st.DataObject) -> None:
    old = data.draw(st.sampled_from([b"<", b">", b'"', b"1", b"A1", b"</", b"/>", b"?>", b' r="', b"<v>", b' t="s"']))
    new = data.draw(
        st.binary(max_size=6) | st.sampled_from([b"", b"9" * 12, b"<c>", b"&#0;", b'"/><c r="B2', b"<v>1e999</v>"])
    )
    assert faults_of(edited(BOOK, part, old, new, must=False)) == []
