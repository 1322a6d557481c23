"""GZIP and ZIP: one file inside, real sizes measured, archives in archives refused."""

import gzip
import io
import struct
import zipfile

import pytest

from crm_core.errors import ImportFileError
from crm_core.importing import packed_files
from crm_core.importing.reader import read_table
from tests.importing.made_files import zip_of

CSV = b"id,name\n1,a\n"


def test_a_zip_of_one_file_is_read_past_what_a_mac_adds() -> None:
    packed = zip_of({"may/": b"", "may/orders.csv": CSV, "__MACOSX/may/._orders.csv": b"x", "may/.DS_Store": b"y"})
    table = read_table(packed, file_name="orders.zip")
    assert table.cells(0) == {"id": "1", "name": "a"}
    assert table.notes == ("Read 'may/orders.csv' from the ZIP file.",)


def test_gzip_in_several_pieces_is_one_file() -> None:
    assert len(read_table(gzip.compress(CSV) + gzip.compress(b"2,b\n"), file_name="orders.csv.gz")) == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zip_of({"a.csv": CSV, "b.csv": CSV}), r"orders\.zip holds several files: a\.csv, b\.csv\. Unpack it"),
        (zip_of({f"{n}.csv": CSV for n in range(8)}), r"4\.csv and 3 more"),
        (zip_of({"a/": b""}), r"is a ZIP file with nothing inside"),
        (zip_of({"a.csv": b" \n"}), r"is empty"),
        (zip_of({"a.csv.gz": gzip.compress(CSV)}), r"holds a packed file inside a packed file"),
        (zip_of({"a.zip": zip_of({"a.csv": CSV})}), r"holds a packed file inside a packed file"),
        (gzip.compress(gzip.compress(CSV)), r"holds a packed file inside a packed file"),
        (gzip.compress(b"1,2\n" * 20_000_000, 9), r"unpacks to more than 200 times its size"),
        (zip_of({"a.csv": b"1,2\n" * 20_000_000}), r"unpacks to more than 200 times its size"),
        (b"7z\xbc\xaf\x27\x1c", r"is a 7-Zip archive, not a table\. Unpack it"),
    ],
)
def test_other_archives_are_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(ImportFileError, match=words):
        read_table(data, file_name="orders.zip")


def test_unpacked_size_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_files, "MOST_BYTES", 5_000)
    for packed in (gzip.compress(b"1,2\n" * 5_000), zip_of({"a.csv": b"1,2\n" * 5_000})):
        with pytest.raises(ImportFileError, match="unpacks to more than"):
            read_table(packed, file_name="orders.zip")


def test_a_size_that_is_stated_too_small_is_not_believed() -> None:
    packed = zip_of({"a.csv": CSV * 1_000})
    at = packed.index(b"PK\x01\x02") + 24
    lying = packed[:at] + struct.pack("<I", 10) + packed[at + 4 :]
    with pytest.raises(ImportFileError, match=r"is damaged inside \('a\.csv'\)"):
        read_table(lying, file_name="orders.zip")


def test_a_changed_byte_inside_is_noticed() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("a.csv", CSV)
    with pytest.raises(ImportFileError, match=r"is damaged inside"):
        read_table(file.getvalue().replace(b"1,a", b"1,b"), file_name="orders.zip")
