"""A file's bytes as a table of text, or one sentence that says why not.

Nothing is guessed about the cells: "NA" and "Null" are names, leading zeros stay.
"""

import csv
import gzip
import hashlib
import io
import zlib
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from crm_core.errors import ImportFileError
from crm_core.importing.text_table import BrokenRow, TextColumn, TextTable
from crm_core.wording import plural

__all__ = ["read_table"]

DELIMITERS = ",;\t|"
MOST_BYTES = 2_000_000_000
UTF8_MARK = b"\xef\xbb\xbf"
KINDS_OF_FILE = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a spreadsheet or ZIP file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"SQLite format 3": "a database",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
WAY_OUT = "Export it as CSV (UTF-8) and import that."


def read_table(source: bytes | str | Path, *, file_name: str) -> TextTable:
    """The rows of a CSV file (also gzipped; comma, semicolon, tab or bar between cells), blank rows left out.

    >>> table = read_table(b"id;name\\n007;NA\\n", file_name="people.csv")
    >>> table.header, table.cells(0)
    (('id', 'name'), {'id': '007', 'name': 'NA'})
    """
    raw = _bytes_of(source, file_name)
    data = _unpacked(raw, file_name)
    _check_text(data, file_name)
    data = data.removeprefix(UTF8_MARK).lstrip(b"\r\n")
    header, delimiter, body_start = _read_header(data, file_name)
    if not data[body_start:].strip():
        raise ImportFileError(f"{file_name} has a header but no rows below it. Export it again with its orders.")
    cells, broken = _read_cells(data, body_start, header, delimiter, file_name)
    columns = {name: TextColumn.from_arrow(cells.column(i).chunk(0)) for i, name in enumerate(header)}
    numbers = np.delete(np.arange(2, 2 + cells.num_rows + len(broken)), [row.row_number - 2 for row in broken])
    table = TextTable(file_name, hashlib.sha256(raw).hexdigest(), columns, numbers, tuple(broken))
    return _without_blank_rows(table)


def _bytes_of(source: bytes | str | Path, file_name: str) -> bytes:
    if isinstance(source, bytes):
        raw = source
    else:
        try:
            raw = Path(source).read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            raise ImportFileError(f"{file_name} can't be opened ({reason}). Check the path and try again.") from error
    if not raw.strip():
        raise ImportFileError(f"{file_name} is empty. Export it again, or choose another file.")
    return raw


def _unpacked(raw: bytes, file_name: str) -> bytes:
    if not raw.startswith(b"\x1f\x8b"):
        return raw
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
            data = packed.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ImportFileError(f"{file_name} is a damaged gzip file ({error}). Export or download it again.") from error
    if len(data) > MOST_BYTES:
        raise ImportFileError(f"{file_name} unpacks to more than 2 GB. Split it into several files.")
    if not data.strip():
        raise ImportFileError(f"{file_name} is empty. Export it again, or choose another file.")
    return data


def _check_text(data: bytes, file_name: str) -> None:
    for mark, kind in KINDS_OF_FILE.items():
        if data.startswith(mark):
            raise ImportFileError(f"{file_name} is {kind}, not a CSV file. {WAY_OUT}")
    if b"\0" in data:
        raise ImportFileError(f"{file_name} is not text. {WAY_OUT}")
    try:
        pa.array([data], pa.binary()).cast(pa.string())  # checks UTF-8 without a second copy as Python text
    except pa.ArrowInvalid:
        pass
    else:
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise ImportFileError(
            f"{file_name}, row {row}: byte 0x{data[error.start]:02x} is not UTF-8 text. {WAY_OUT}"
        ) from error


def _read_header(data: bytes, file_name: str) -> tuple[list[str], str, int]:
    """The column names, the delimiter, and where the rows begin."""
    end, quotes = 0, 1
    while quotes % 2 and end < len(data):  # a quoted name may hold a line break
        breaks = [at for at in (data.find(b"\n", end), data.find(b"\r", end)) if at >= 0]
        end = min(breaks) + 1 if breaks else len(data)
        quotes = data.count(b'"', 0, end)
    if data[end - 1 : end + 1] == b"\r\n":
        end += 1
    line = data[:end].decode("utf-8").rstrip("\r\n")
    delimiter = max(DELIMITERS, key=line.count)
    try:
        names = [name.strip() for name in next(csv.reader(io.StringIO(line), delimiter=delimiter))]
    except (csv.Error, StopIteration) as error:
        raise ImportFileError(f"{file_name}, row 1 can't be read as column names. {WAY_OUT}") from error
    return _distinct_names(names), delimiter, end


def _distinct_names(names: list[str]) -> list[str]:
    """Names that can be told apart.

    >>> _distinct_names(["a", "", "a"])
    ['a', 'column 2', 'a (2)']
    """
    distinct: list[str] = []
    for position, name in enumerate(names, start=1):
        plain = name or f"column {position}"
        again, wanted = 2, plain
        while wanted in distinct:
            wanted, again = f"{plain} ({again})", again + 1
        distinct.append(wanted)
    return distinct


def _read_cells(
    data: bytes, start: int, header: list[str], delimiter: str, file_name: str
) -> tuple[pa.Table, list[BrokenRow]]:
    """All cells as dictionary-encoded text, and the rows with more or fewer cells than the header."""
    broken: list[BrokenRow] = []

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        broken.append(_broken_row(row, header, delimiter, file_name))
        return "skip"

    names = [str(position) for position in range(len(header))]
    try:
        cells = arrow_csv.read_csv(
            pa.BufferReader(pa.py_buffer(data).slice(start)),
            # one thread: only then rows come with their numbers, and it is as fast here
            read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.dictionary(pa.int32(), pa.string()) for name in names},
                strings_can_be_null=False,
                null_values=[],
            ),
        )
    except pa.ArrowInvalid as error:
        raise ImportFileError(f"{file_name} can't be read as CSV ({error}). {WAY_OUT}") from error
    return cells.unify_dictionaries().combine_chunks(), broken


def _broken_row(row: arrow_csv.InvalidRow, header: list[str], delimiter: str, file_name: str) -> BrokenRow:
    number = int(row.number) + 1
    found_cells = plural(row.actual_columns, "cell")
    reason = (
        f"{file_name}, row {number} has {found_cells} where the header has {row.expected_columns}. "
        "Put quotes around a cell that holds the separator, or add the missing cells."
    )
    found = next(csv.reader([row.text], delimiter=delimiter), [])
    found += [""] * (len(header) - len(found))
    kept = dict(zip(header, found, strict=False))
    if len(found) > len(header):
        kept["(more)"] = delimiter.join(found[len(header) :])
    return BrokenRow(number, reason, kept)


def _without_blank_rows(table: TextTable) -> TextTable:
    blank = np.ones(len(table), bool)
    for column in table.columns.values():
        blank &= column.codes < 0
    if not blank.any():
        return table
    if blank.all() and not table.broken:
        raise ImportFileError(f"{table.file_name} has a header but no rows below it. Export it again with its orders.")
    columns = {name: TextColumn(column.codes[~blank], column.words) for name, column in table.columns.items()}
    return TextTable(table.file_name, table.sha256, columns, table.row_numbers[~blank], table.broken)
