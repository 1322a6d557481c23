"""What a line costs, exactly: its total, or quantity times unit price, in minor units of its currency."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from crm_core.importing.amounts import DecimalMark, NumberReading, read_numbers
from crm_core.importing.attributes import distinct_rows
from crm_core.importing.rejections import Mask
from crm_core.importing.text_table import Codes, TextColumn
from crm_core.wording import minor_units

__all__ = ["Money", "read_money"]

MOST_MINOR = 10**15  # far above any order, far below what a 64-bit sum can hold


@dataclass(frozen=True)
class Money:
    """The numbers of an orders file. ``factors`` are multiplied: one (the total) or two (unit price, quantity)."""

    factors: tuple[tuple[str, TextColumn, NumberReading], ...]
    quantity: npt.NDArray[np.float64]  # NaN: not stated

    @property
    def read_as(self) -> DecimalMark:
        """How the amounts' decimals were read."""
        return self.factors[0][2].read_as

    def unreadable(self) -> dict[str, Mask]:
        """Per field, the rows whose cell is blank or no number."""
        found = {}
        for field, column, reading in self.factors:
            known = np.array([number is not None for number in reading.numbers], bool)
            found[field] = ~_take(known, column.codes, default=False)
        return found

    def stated_currency(self) -> TextColumn:
        """The currency written beside each amount."""
        _, column, reading = self.factors[0]
        names = np.array([code or "" for code in reading.currencies], object)
        return TextColumn.from_words(names, column.codes)

    def in_minor_units(self, currency: TextColumn, rows: Mask) -> Codes:
        """Exact minor units of the given rows; each distinct combination is computed once. Too large: MOST_MINOR."""
        positions = np.flatnonzero(rows)
        minor = np.zeros(len(rows), np.int64)
        which, found = distinct_rows(
            currency.codes[positions], *[column.codes[positions] for _, column, _ in self.factors]
        )
        amounts = np.zeros(len(found[0]), np.int64)
        for at, (code, *words) in enumerate(zip(*[codes.tolist() for codes in found], strict=True)):
            exact = Decimal(minor_units(str(currency.words[code])))
            for word, (_, _, reading) in zip(words, self.factors, strict=True):
                exact *= reading.numbers[word] or 0
            whole = int(exact.quantize(Decimal(1), ROUND_HALF_UP)) if abs(exact) < MOST_MINOR else MOST_MINOR
            amounts[at] = whole
        minor[positions] = amounts[which]
        return minor


def read_money(columns: Mapping[str, TextColumn]) -> Money:
    """The money columns of a file; a column called amount is the total even beside a quantity.

    >>> money = read_money({"unit_price": TextColumn.of(["1.10"]), "quantity": TextColumn.of(["3"])})
    >>> money.in_minor_units(TextColumn.of(["EUR"]), np.array([True])).tolist()
    [330]
    """
    fields = ("amount",) if "amount" in columns else ("unit_price", "quantity")
    readings = {field: read_numbers(columns[field]) for field in {*fields, "quantity"} if field in columns}
    size = len(columns[fields[0]])
    quantity = np.full(size, np.nan)
    if "quantity" in readings:
        numbers = [np.nan if number is None else float(number) for number in readings["quantity"].numbers]
        quantity = _take(np.array(numbers, float), columns["quantity"].codes, default=np.nan)
    return Money(tuple((field, columns[field], readings[field]) for field in fields), quantity)


def _take(values: npt.NDArray[Any], codes: Codes, *, default: float) -> npt.NDArray[Any]:
    """Each row's value by its code, the default where the cell is blank."""
    return np.append(values, np.array([default], values.dtype))[codes]
