"""Text with separators between its cells: the separator, the row of names, then all rows by Arrow."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from crm_core.errors import ImportFileError
from crm_core.importing.cells import Cells, header_note
from crm_core.importing.header_row import ROWS_LOOKED_AT, distinct_names, find_header
from crm_core.importing.text_table import BrokenRow, TextColumn
from crm_core.vocabulary import MORE_CELLS
from crm_core.wording import count, plural

__all__ = ["MOST_COLUMNS", "read_delimited"]

DELIMITERS = "\t;|,"  # of two that fit as well, the one that is rarer within cells
MOST_COLUMNS = 16_384  # as many as a spreadsheet has
SAMPLE = 4_000_000
LONGEST_CELL = 64_000_000
WAY_OUT = "Export it as CSV (UTF-8) and import that."

csv.field_size_limit(LONGEST_CELL)  # the standard library's own limit is 131,072, less than a long note


@dataclass(frozen=True)
class _Record:
    cells: list[str]
    end: int


@dataclass(frozen=True)
class _Layout:
    """How a text is laid out: names, separator, where the rows begin, and how many rows come before them."""

    header: list[str]
    delimiter: str
    start: int
    rows_above: int


def read_delimited(data: bytes, file_name: str) -> Cells:
    """The cells of UTF-8 text with comma, semicolon, tab or bar between them; blank rows are kept."""
    skipped, asked = _separator_line(data)
    layout = _find_layout(data[skipped:] if skipped else data, asked, file_name)
    start = skipped + layout.start
    if start >= len(data):
        raise ImportFileError(f"{file_name} has a header but no rows below it. Export it again with its orders.")
    first = layout.rows_above + 2
    cells, broken = _read_rows(data, start, layout, first, file_name)
    numbers = np.delete(np.arange(first, first + cells.num_rows + len(broken)), [r.row_number - first for r in broken])
    columns = {name: TextColumn.from_arrow(_one_chunk(cells.column(i))) for i, name in enumerate(layout.header)}
    _refuse_open_quote(data, columns, numbers, file_name)
    return Cells(columns, numbers, tuple(broken), header_note(layout.rows_above))


def _separator_line(data: bytes) -> tuple[int, str]:
    """The length of Excel's line ``sep=;``, which no spreadsheet shows as a row, and the separator it names."""
    line = data[:16].splitlines(keepends=True)[0] if data else b""
    words = line.strip(b'\r\n"')
    if words[:4].lower() == b"sep=" and len(words) == 5 and not words[4:].isalnum():
        return len(line), words[4:].decode("ascii", "replace")
    return 0, ""


def _find_layout(data: bytes, asked: str, file_name: str) -> _Layout:
    """The layout under the separator that fits best: no other separator among the names, most regular cells."""
    found = [_try_layout(data, delimiter) for delimiter in asked or DELIMITERS]
    _, layout = max(found, key=lambda pair: pair[0])
    if not layout.header:
        raise ImportFileError(f"{file_name}, row 1 can't be read as column names. {WAY_OUT}")
    if len(layout.header) > MOST_COLUMNS:
        raise ImportFileError(
            f"{file_name} has {count(len(layout.header))} columns; up to {count(MOST_COLUMNS)} can be read. {WAY_OUT}"
        )
    return layout


def _try_layout(data: bytes, delimiter: str) -> tuple[tuple[bool, int, float], _Layout]:
    records = _first_records(data, delimiter)
    at = find_header([record.cells for record in records])
    if not records:
        return (False, 0, 0), _Layout([], delimiter, 0, 0)
    names = records[at].cells
    regular = [len(record.cells) == len(names) for record in records if record.cells]
    below = [len(record.cells) == len(names) for record in records[at:] if record.cells]
    clean = not any(other in name for name in names for other in DELIMITERS)
    layout = _Layout(distinct_names(names), delimiter, records[at].end, at)
    return (clean and len(names) > 1, sum(regular) * (len(names) - 1), sum(below) / max(1, len(below))), layout


def _first_records(data: bytes, delimiter: str) -> list[_Record]:
    """The first rows and where each ends, a row that the sample cuts off left out."""
    lines = data[:SAMPLE].splitlines(keepends=True)
    read = 0

    def feed() -> Iterator[str]:
        nonlocal read
        for line in lines:
            read += len(line)
            yield line.decode("utf-8", "replace")

    records: list[_Record] = []
    try:
        for cells in csv.reader(feed(), delimiter=delimiter):
            records.append(_Record(cells, read))
            if len(records) == ROWS_LOOKED_AT:
                break
    except csv.Error:
        return records
    if records and records[-1].end >= SAMPLE and len(data) > SAMPLE:
        records.pop()
    return records


def _read_rows(
    data: bytes, start: int, layout: _Layout, first: int, file_name: str
) -> tuple[pa.Table, list[BrokenRow]]:
    """All cells as dictionary-encoded text, and the rows with more or fewer cells than the header."""
    broken: list[BrokenRow] = []

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        broken.append(_broken_row(row, layout, first, file_name))
        return "skip"

    rows = pa.BufferReader(pa.py_buffer(data).slice(start))
    try:
        try:
            cells = _by_arrow(rows, layout, set_aside, block=None)
        except pa.ArrowInvalid as error:
            if "straddl" not in str(error):
                raise
            broken.clear()  # a row longer than Arrow's usual block
            rows.seek(0)
            cells = _by_arrow(rows, layout, set_aside, block=LONGEST_CELL)
    except pa.ArrowInvalid as error:
        if "straddl" in str(error):
            raise ImportFileError(
                f"{file_name} has a row of more than {LONGEST_CELL // 10**6} MB: a quote that is opened and never "
                "closed, or no table at all. Correct it and import the file again."
            ) from error
        raise ImportFileError(f"{file_name} can't be read as CSV. {WAY_OUT}") from error
    return cells.unify_dictionaries().combine_chunks(), broken


def _by_arrow(
    rows: pa.BufferReader, layout: _Layout, set_aside: "arrow_csv._InvalidRowHandler", *, block: int | None
) -> pa.Table:
    names = [str(position) for position in range(len(layout.header))]
    return arrow_csv.read_csv(
        rows,
        # one thread: only then rows come with their numbers, and it is as fast here
        read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names, block_size=block),
        parse_options=arrow_csv.ParseOptions(
            delimiter=layout.delimiter,
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


def _broken_row(row: arrow_csv.InvalidRow, layout: _Layout, first: int, file_name: str) -> BrokenRow:
    number = int(row.number) + first - 1
    reason = (
        f"{file_name}, row {number} has {plural(row.actual_columns, 'cell')} where the header has "
        f"{row.expected_columns}. Put quotes around a cell that holds the separator, or add the missing cells."
    )
    found = _split(row.text, layout.delimiter)
    found += [""] * (len(layout.header) - len(found))
    kept = dict(zip(layout.header, found, strict=False))
    if len(found) > len(layout.header):
        kept[MORE_CELLS] = layout.delimiter.join(found[len(layout.header) :])
    return BrokenRow(number, reason, kept)


def _split(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return text.split(delimiter)


def _one_chunk(column: pa.ChunkedArray) -> pa.DictionaryArray:
    return column.chunk(0) if column.num_chunks else pa.array([], pa.string()).dictionary_encode()


def _refuse_open_quote(data: bytes, columns: dict[str, TextColumn], numbers: "np.ndarray", file_name: str) -> None:
    """A quote that is never closed takes all the rows below it into one cell."""
    if not len(numbers) or data.count(b'"') % 2 == 0:
        return
    last = len(numbers) - 1
    if any("\n" in column.word(last) or "\r" in column.word(last) for column in columns.values()):
        raise ImportFileError(
            f"{file_name}, row {numbers[last]} opens a quote that is never closed, so the rows below it can't be told "
            "apart. Close or remove it and import the file again."
        )
