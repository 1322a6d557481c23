"""A file that Regulars wrote, read back row by row: typed, or rejected with the reason."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from crm_core.importing.order_rows import KNOWN_CURRENCIES
from crm_core.importing.own_cells import READERS
from crm_core.importing.own_tables import OwnColumn, OwnTable
from crm_core.importing.presets import plain_name
from crm_core.importing.rejections import RejectedRow, Rejections
from crm_core.importing.text_table import TextColumn, TextTable
from crm_core.vocabulary import OrderStatus
from crm_core.wording import minor_units

__all__ = ["StagedOwn", "stage_own_rows"]

AGAIN = "Export the table again, or correct the cell and import the file again."
LONGEST = {"source": 160, "source_id": 191, "customer": 191, "customer_source": 160, "order": 191, "product": 191}
LONGEST |= {"name": 255, "email": 255, "person": 255, "product_name": 255, "subject": 255, "question": 255}
LONGEST |= {
    "phone": 64,
    "postcode": 64,
    "channel": 64,
    "status_raw": 64,
    "country": 100,
    "order_source": 160,
    "field": 191,
}
FILE_NOTE = "Read as a file that Regulars wrote: what is in already stays one, whatever was added to the file since."


@dataclass(frozen=True)
class StagedOwn:
    """frame: rows that can be stored, in the file's order, [row_number, position: in the file's table, a column per
    stored field: its value or None]."""

    own: OwnTable
    rows: int
    frame: pd.DataFrame
    rejected: list[RejectedRow]
    notes: tuple[str, ...]

    @property
    def lines(self) -> pd.DataFrame:
        """The rows that can be stored, as those of any file are called."""
        return self.frame


def stage_own_rows(table: TextTable, own: OwnTable) -> StagedOwn:
    """Type and check the rows of one of our own exports. In: the table without the apostrophes that we added."""
    rejections = Rejections(table)
    there = {plain_name(name): name for name in reversed(table.header)}
    values: dict[str, np.ndarray[Any, Any]] = {}
    for column in own.columns:
        if column.name in there:
            values[column.field] = _values(table.columns[there[column.name]], column, there[column.name], rejections)
        else:
            values[column.field] = np.full(len(table), None, object)
    _check_words(values, {column.field: there.get(column.name, "") for column in own.columns}, rejections)
    for column in own.columns:
        if column.reads == "money":
            values[column.field] = _in_minor_units(values[column.field], values["currency"])
    kept = np.flatnonzero(~rejections.mask)
    frame = pd.DataFrame({name: cells[kept] for name, cells in values.items()}, dtype=object)
    frame.insert(0, "row_number", table.row_numbers[kept])
    frame.insert(1, "position", kept)
    rows = len(table) + len(table.broken)
    return StagedOwn(own, rows, frame, rejections.rows(), (FILE_NOTE, *table.notes))


def _values(column: TextColumn, own: OwnColumn, name: str, rejections: Rejections) -> "np.ndarray[Any, Any]":
    """Per row the cell's value, None where it is blank; cells that can't be read reject their row."""
    read, problem = READERS[own.reads]
    found = np.full(len(column.words) + 1, None, object)
    bad = np.zeros(len(column.words) + 1, bool)
    for at, word in enumerate(column.words):
        try:
            found[at] = read(str(word))
        except ValueError:
            bad[at] = True
    rejections.add_cell(bad[column.codes], name, f"{problem}. {AGAIN}")
    longest = LONGEST.get(own.field)
    if longest:
        long = np.array([len(str(word)) > longest for word in column.words] + [False], bool)
        rejections.add_cell(long[column.codes], name, f"is longer than {longest} characters. {AGAIN}")
    if own.must:
        rejections.add_cell(column.codes < 0, name, "")
    return found[column.codes]


def _check_words(values: dict[str, "np.ndarray[Any, Any]"], names: dict[str, str], rejections: Rejections) -> None:
    """Statuses and currencies that we know, and no money finer than its currency."""
    if "status_raw" in values and names["status"]:
        wrong = np.array([word is not None and word not in set(OrderStatus) for word in values["status"]], bool)
        rejections.add_cell(wrong, names["status"], f"is none of {', '.join(OrderStatus)}. {AGAIN}")
    if "currency" in values and names["currency"]:
        codes = values["currency"]
        wrong = np.array([code is not None and code not in KNOWN_CURRENCIES for code in codes], bool)
        rejections.add_cell(wrong, names["currency"], f"is not a currency code. {AGAIN}")
        for field, name in names.items():
            if field.endswith("_minor") and name:
                finer = np.array([_is_finer(a, c) for a, c in zip(values[field], codes, strict=True)], bool)
                rejections.add_cell(finer & ~wrong, name, f"is finer than its currency. {AGAIN}")


def _is_finer(amount: Decimal | None, code: str | None) -> bool:
    if amount is None or code not in KNOWN_CURRENCIES:
        return False
    minor = amount * minor_units(str(code))
    return minor != minor.to_integral_value()


def _in_minor_units(amounts: "np.ndarray[Any, Any]", codes: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    units = {code: minor_units(code) for code in set(codes) if code in KNOWN_CURRENCIES}
    minor = [
        None if amount is None or code not in units else int(amount * units[code])
        for amount, code in zip(amounts, codes, strict=True)
    ]
    return np.array([*minor, None], object)[:-1]
