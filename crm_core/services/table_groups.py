"""Groups in any table that the owner brings: read as imports are read, looked at, and never stored."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_core.features.fact_words import OWN
from crm_core.importing.reader import read_table
from crm_core.services.group_facts import GroupFacts
from crm_core.services.natural_groups import NaturalGroups
from crm_core.services.own_numbers import OwnNumbers, read_own_numbers
from crm_core.wording import plural

__all__ = ["OwnTable", "read_own_table", "rows_with_groups"]

FIRST_CHOSEN = 6
GROUP_COLUMNS = (("group", "group_name"), ("natural_group", "natural_group_name"))


@dataclass(frozen=True)
class OwnTable:
    """cells: the table as it was brought, all text, index row number as a spreadsheet shows it; facts: its columns of
    numbers; notes: how it was read, and what can't be compared."""

    file_name: str
    cells: pd.DataFrame
    facts: GroupFacts
    notes: tuple[str, ...]


def read_own_table(content: bytes, *, file_name: str) -> OwnTable:
    """The rows of a CSV or XLSX file, and which of its columns hold numbers to compare.

    Numbers are taken as they stand, without logarithms: the owner knows what a difference means.

    >>> table = read_own_table(b"Nr,Town,Age,Score\\n1,Graz,30,5\\n2,Linz,x,9\\n3,Linz,40,7\\n", file_name="p.csv")
    >>> table.facts.offered, table.notes[0]
    (('own: Score',), 'Nr (numbers its rows), Town (text), Age (text) can’t be compared as numbers.')
    """
    table = read_table(content, file_name=file_name)
    rows = pd.Index(table.row_numbers, name="row")
    read = {name: read_own_numbers(column, name) for name, column in table.columns.items()}
    numbers = {name: found for name, found in read.items() if not found.why_not}
    facts = pd.DataFrame({f"{OWN}{name}": found.values for name, found in numbers.items()}, index=rows)
    offered = tuple(column for column in facts.columns if facts[column].max() > facts[column].min())
    words = {name: np.append(column.words, "")[column.codes] for name, column in table.columns.items()}  # -1 is blank
    cells = pd.DataFrame(words, index=rows, dtype=object)
    return OwnTable(
        file_name=file_name,
        cells=cells,
        facts=GroupFacts(facts, offered, offered[:FIRST_CHOSEN], who="row", flatten=False),
        notes=(
            *say_left_out({name: found.why_not for name, found in read.items()}, facts, offered),
            *(say_text(name, found, cells, rows) for name, found in numbers.items() if found.text_cells),
            *table.notes,
        ),
    )


def say_text(name: str, found: OwnNumbers, cells: pd.DataFrame, rows: pd.Index) -> str:
    """Which cell among a column's numbers holds text, and that it counts as unknown."""
    place = int(np.argmax((cells[name].to_numpy() != "") & ~np.isfinite(found.values)))
    first = f"“{cells[name].iloc[place]}” in row {rows[place]}"
    if found.text_cells == 1:
        return f"{name}: {first} is no number and counts as unknown."
    others = plural(found.text_cells - 1, "further cell")
    return f"{name}: {first} and {others} are no numbers and count as unknown."


def say_left_out(why: dict[str, str], facts: pd.DataFrame, offered: tuple[str, ...]) -> list[str]:
    """Which columns can't be compared, and why."""
    out = [f"{name} ({reason})" for name, reason in why.items() if reason]
    out += [f"{column.removeprefix(OWN)} (the same in every row)" for column in facts.columns if column not in offered]
    return [f"{', '.join(out)} can’t be compared as numbers."] if out else []


def rows_with_groups(table: OwnTable, found: NaturalGroups, *, group: int | None = None) -> pd.DataFrame:
    """The rows as they were brought, with their group's number (from 1; empty in no group) and its name."""
    number, name = next(
        (pair for pair in GROUP_COLUMNS if not set(pair) & set(table.cells.columns)),
        ("regulars_group", "regulars_name"),
    )
    labels = found.clusters.labels
    rows = table.cells.assign(
        **{number: (labels + 1).where(labels >= 0).astype("Int64"), name: labels.map(found.names)}
    )
    return rows if group is None else rows[labels == group]


def count_rows(table: OwnTable) -> str:
    """How many rows and comparable columns there are.

    >>> count_rows(read_own_table(b"Age\\n3\\n4\\n", file_name="p.csv"))
    '2 rows, 1 column of numbers'
    """
    columns = plural(len(table.facts.offered), "column of numbers", "columns of numbers")
    return f"{plural(len(table.cells), 'row')}, {columns}"
