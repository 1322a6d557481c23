"""Money that an export spreads over several columns, added up exactly row by row."""

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from crm_core.importing.amounts import NumberReading, read_numbers
from crm_core.importing.attributes import distinct_rows
from crm_core.importing.presets import Sum
from crm_core.importing.text_table import TextColumn

__all__ = ["add_up", "as_numbers"]


def add_up(wanted: Sum, columns: Mapping[str, TextColumn]) -> TextColumn | None:
    """The sum as plain text, "EUR 12.50" where a sign says the currency; None without the sum's first column.

    A cell that is no number stands there as it is, so that its row is rejected with it. In: column name -> cells.

    >>> cells = {"price": ["€2.50", "x"], "pieces": ["2", "1"], "off": ["1", ""]}
    >>> columns = {name: TextColumn.of(words) for name, words in cells.items()}
    >>> found = add_up(Sum("price", times="pieces", less=("off",)), columns)
    >>> [found.word(row) for row in range(2)]
    ['EUR 4.00', 'x']
    """
    names = [name for name in ((wanted.of,) if isinstance(wanted.of, str) else wanted.of) if name in columns]
    if not names:
        return None
    signs = [(names[0], 1)]
    signs += [(name, 0) for name in (wanted.times, wanted.sign_beside) if name and name in columns]
    signs += [(name, 1) for name in wanted.plus if name in columns]
    signs += [(name, -1) for name in wanted.less if name in columns]
    cells = [columns[name] for name, _ in signs]
    readings = [read_numbers(column) for column in cells]
    which, found = distinct_rows(*[column.codes for column in cells])
    times = next((at for at, (name, _) in enumerate(signs) if name == wanted.times), None)
    beside = next((at for at, (name, _) in enumerate(signs) if name == wanted.sign_beside), 0)
    ways = [sign for _, sign in signs]
    words = [
        _sum_of(codes, cells, readings, ways, times, beside, wanted.blank)
        for codes in zip(*[column.tolist() for column in found], strict=True)
    ]
    return TextColumn.from_words(words, which)


def _sum_of(
    codes: tuple[int, ...],
    cells: list[TextColumn],
    readings: list[NumberReading],
    ways: list[int],
    times: int | None,
    beside: int,
    blank: str,
) -> str:
    if codes[0] < 0:
        return blank
    total = Decimal(0)
    for at, (code, way) in enumerate(zip(codes, ways, strict=True)):
        number = readings[at].numbers[code] if code >= 0 else Decimal(0)
        if number is None and (way or at == times):
            return str(cells[at].words[code])
        if at == 0 and times is not None and codes[times] >= 0:
            number = (number or Decimal(0)) * (readings[times].numbers[codes[times]] or Decimal(0))
        total += way * (abs(number or Decimal(0)) if way < 0 else (number or Decimal(0)))
    known = [readings[at].currencies[codes[at]] for at in (0, beside) if codes[at] >= 0]
    currency = next((code for code in known if code), None)
    return f"{currency} {total:f}" if currency else f"{total:f}"


def as_numbers(column: TextColumn) -> npt.NDArray[np.object_]:
    """Each row's exact number, None where the cell is blank or no number."""
    numbers = np.array([*read_numbers(column).numbers, None], object)
    return numbers[column.codes]
