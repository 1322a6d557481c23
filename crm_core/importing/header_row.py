"""Which row holds the column names: the first, unless title lines stand above it."""

import re
from collections import Counter
from collections.abc import Iterable

from crm_core.importing.columns import recognise_columns
from crm_core.importing.kinds import KINDS

__all__ = ["ROWS_LOOKED_AT", "distinct_names", "find_header"]

ROWS_LOOKED_AT = 150
LONGEST_NAME = 120
NUMBER_OR_DAY = re.compile(r"[^A-Za-z\u00c0-\uffff]*\d[^A-Za-z\u00c0-\uffff]*")
Row = list[str]


def find_header(rows: list[Row]) -> int:
    """The position of the row with the column names among a file's first rows, given as their cells.

    The first row that holds anything, unless it does not fit the rows below while a later one does and reads like
    names.

    >>> find_header([["Orders of May"], [], ["id", "day", "amount"], ["1", "2024-05-01", "9"]])
    2
    >>> find_header([["id", "day"], ["1"], ["2", "x", "y"], ["3", "z", "y"]])
    0
    """
    filled = [at for at, row in enumerate(rows) if _extent(row)]
    if not filled:
        return 0
    first = filled[0]
    width, extent = _usual(len(rows[at]) for at in filled), _usual(_extent(rows[at]) for at in filled)
    if _fits(rows[first], width, extent) and _reads_like_names(rows[first]):
        return first
    known = _recognised(rows[first])
    alone = sum(bool(cell.strip()) for cell in rows[first]) == 1 < extent
    for at in filled[1:]:
        if not (_fits(rows[at], width, extent) and _reads_like_names(rows[at])):
            continue
        if alone or _recognised(rows[at]) > known:
            return at
    return first


def distinct_names(names: list[str]) -> list[str]:
    """Names that can be told apart.

    >>> distinct_names(["a", "", " a"])
    ['a', 'column 2', 'a (2)']
    """
    distinct: dict[str, None] = {}
    times: Counter[str] = Counter()
    for position, name in enumerate(names, start=1):
        plain = wanted = name.strip() or f"column {position}"
        while wanted in distinct:
            times[plain] += 1
            wanted = f"{plain} ({times[plain] + 1})"
        distinct[wanted] = None
    return list(distinct)


def _usual(sizes: Iterable[int]) -> int:
    """The commonest size, the larger of two that are equally common."""
    counted = Counter(sizes)
    return max(counted, key=lambda size: (counted[size], size))


def _extent(row: Row) -> int:
    """How far a row's cells reach, blank ones at its end aside."""
    return next((at for at in range(len(row), 0, -1) if row[at - 1].strip()), 0)


def _fits(row: Row, width: int, extent: int) -> bool:
    return len(row) == width and _extent(row) >= extent


def _reads_like_names(row: Row) -> bool:
    """Mostly distinct short texts that are neither numbers nor days."""
    cells = [cell.strip() for cell in row if cell.strip()]
    names = {cell for cell in cells if len(cell) <= LONGEST_NAME and not NUMBER_OR_DAY.fullmatch(cell)}
    return 2 * len(names) > len(cells)


def _recognised(row: Row) -> int:
    names = tuple(distinct_names(row))
    return max(len(recognise_columns(names, kind=kind).columns) for kind in KINDS)
