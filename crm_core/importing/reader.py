"""A file's bytes as a table of text, or one sentence that says why not.

What a file is, is told by its content. Nothing is guessed about the cells: "NA" and "Null" are names, leading zeros
stay.
"""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from crm_core.errors import ImportFileError
from crm_core.importing.brought_again import as_first_brought
from crm_core.importing.delimited import read_delimited
from crm_core.importing.encodings import as_utf8
from crm_core.importing.file_kinds import refuse_other_kinds
from crm_core.importing.own_tables import find_own_table
from crm_core.importing.packed_files import MOST_BYTES, is_zip, unpack
from crm_core.importing.text_table import TextTable
from crm_core.importing.total_lines import set_totals_aside
from crm_core.importing.workbooks import read_workbook

__all__ = ["read_table"]


def read_table(source: bytes | str | Path, *, file_name: str) -> TextTable:
    """The rows of a CSV or XLSX file, also packed in GZIP or ZIP: blank rows left out, total lines set aside.

    >>> table = read_table(b"id;name\\n007;NA\\n", file_name="people.csv")
    >>> table.header, table.cells(0)
    (('id', 'name'), {'id': '007', 'name': 'NA'})
    """
    raw = _bytes_of(source, file_name)
    packed = unpack(raw, file_name)
    from_workbook = is_zip(packed.data)
    if from_workbook:
        cells, notes = read_workbook(packed.data, file_name), packed.notes
    else:
        refuse_other_kinds(packed.data, file_name)
        text = as_utf8(packed.data, file_name)
        cells, notes = read_delimited(text.data, file_name), packed.notes + text.notes
    checksum = hashlib.sha256(raw).hexdigest()
    told = notes + cells.notes
    table = TextTable(file_name, checksum, cells.columns, cells.row_numbers, cells.broken, told, from_workbook)
    table = _without_blank_rows(as_first_brought(table))
    return table if find_own_table(table.header) else set_totals_aside(table)


def _bytes_of(source: bytes | str | Path, file_name: str) -> bytes:
    if isinstance(source, bytes):
        raw = source
    else:
        try:
            size = Path(source).stat().st_size
            raw = Path(source).read_bytes() if size <= MOST_BYTES else b"."
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ImportFileError(f"{file_name} can't be opened ({reason}). Check the path and try again.") from error
        if size > MOST_BYTES:
            raise ImportFileError(f"{file_name} is larger than {MOST_BYTES // 10**9} GB. Split it into several files.")
    if not raw.strip():
        raise ImportFileError(f"{file_name} is empty. Export it again, or choose another file.")
    return raw


def _without_blank_rows(table: TextTable) -> TextTable:
    blank = np.ones(len(table), bool)
    for column in table.columns.values():
        blank &= column.codes < 0
    if blank.all() and not table.broken:
        raise ImportFileError(f"{table.file_name} has a header but no rows below it. Export it again with its orders.")
    if not blank.any():
        return table
    columns = {name: column.rows(np.flatnonzero(~blank)) for name, column in table.columns.items()}
    return replace(table, columns=columns, row_numbers=table.row_numbers[~blank])
