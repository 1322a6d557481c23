"""Columns that mean nothing to us and are kept with their rows all the same, because the owner wants them."""

from difflib import get_close_matches

import numpy as np
import pandas as pd

from crm_core.errors import ImportFileError
from crm_core.importing.choices import ImportChoices
from crm_core.importing.columns import ColumnMapping
from crm_core.importing.text_table import Codes, TextTable

__all__ = ["NOTHING_KEPT", "columns_to_keep", "keep_values"]

NOTHING_KEPT = pd.DataFrame({"owner": np.empty(0, np.int64), "name": [], "value": []}).astype(
    {"name": object, "value": object}
)
LONGEST_NAME = 191


def columns_to_keep(table: TextTable, mapping: ColumnMapping, choices: ImportChoices) -> tuple[str, ...]:
    """The columns to keep, in the file's order; ImportFileError for a name that the file does not have."""
    for name in choices.keep_columns:
        if name not in table.columns:
            near = get_close_matches(name, table.header, n=1, cutoff=0.5)
            there = ", ".join(f"'{column}'" for column in table.header)
            raise ImportFileError(
                f"{table.file_name} has no column '{name}' to keep; it has {there}."
                + (f" Did you mean '{near[0]}'?" if near else "")
            )
    wanted = set(choices.keep_columns) | (set(mapping.unused) if choices.keep_all else set())
    return tuple(name for name in table.header if name in wanted)


def keep_values(table: TextTable, names: tuple[str, ...], owners: Codes) -> pd.DataFrame:
    """Each owner's first filled cell of each column. ``owners``: per row of the table whose it is, -1: nobody's.

    Out: [owner, name, value], by owner and the columns' order.
    """
    parts = []
    for name in names:
        column = table.columns[name]
        rows = np.flatnonzero((column.codes >= 0) & (owners >= 0))
        owner, first = np.unique(owners[rows], return_index=True)
        words = column.words[column.codes[rows[first]]]
        parts.append(pd.DataFrame({"owner": owner, "name": name[:LONGEST_NAME], "value": words.astype(object)}))
    kept = pd.concat(parts, ignore_index=True) if parts else NOTHING_KEPT
    return kept.sort_values("owner", kind="stable", ignore_index=True)
