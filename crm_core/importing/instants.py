"""Moments to the minute, so that the time between two of them can be told."""

import re

import numpy as np
import numpy.typing as npt

from crm_core.importing.clock_times import MINUTES_PER_DAY
from crm_core.importing.dates import DateOrder, read_days
from crm_core.importing.day_numbers import NUMBER_SYSTEMS, minutes_since_1970
from crm_core.importing.text_table import TextColumn

__all__ = ["read_instants"]

CLOCK = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp])?\.?(?:[Mm]\.?)?\s*(?:Uhr)?\s*"
    r"(?P<zone>Z|(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?|UTC|GMT)?$"
)


def read_instants(column: TextColumn, *, order: DateOrder) -> npt.NDArray[np.float64]:
    """Each word's minutes since 1970 (in UTC where it states a zone), NaN where it is no day with a time.

    >>> words = ["2026-01-05 10:30", "2026-01-05T10:30:00+01:00", "2026-01-05"]
    >>> found = read_instants(TextColumn.of(words), order="ymd")
    >>> (found - found[0]).tolist()
    [0.0, -60.0, nan]
    """
    words = [str(word) for word in column.words]
    if order in NUMBER_SYSTEMS:
        numbers = np.array([_number(word) for word in words], float)
        known = ~np.isnan(numbers)
        numbers[known] = minutes_since_1970(numbers[known], order)
        return numbers
    days = read_days(column, order=order).days
    found = np.full(len(words), np.nan)
    for at, word in enumerate(words):
        clock = CLOCK.search(word)
        if clock and not np.isnat(days[at]):
            found[at] = float(days[at].astype(np.int64)) * MINUTES_PER_DAY + _minutes(clock)
    return found


def _minutes(clock: re.Match[str]) -> float:
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + 12 * (clock["half"].lower() == "p")
    away = 60 * int(clock["hours"] or 0) + int(clock["minutes"] or 0)
    return 60 * hour + int(clock["minute"]) + int(clock["second"] or 0) / 60 - (-away if clock["sign"] == "-" else away)


def _number(word: str) -> float:
    plain = word.replace(",", ".")
    return float(plain) if re.fullmatch(r"\d{1,16}(?:\.\d+)?", plain) else np.nan
