"""Days as shops write them. Day first or month first is decided for the whole column, never row by row."""

import re
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from crm_core.importing.clock_times import days_there, read_moments
from crm_core.importing.text_table import TextColumn

__all__ = ["DATE_ORDERS", "DateOrder", "DayReading", "read_days"]

DateOrder = Literal["ymd", "dmy", "mdy"]
DATE_ORDERS: tuple[DateOrder, ...] = ("ymd", "dmy", "mdy")
Days = npt.NDArray[np.datetime64]

TIME = (
    r"(?:[Tt ]|,\s)\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
)
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
COMPACT = re.compile(r"(\d{4})()(\d{2})(\d{2})")
YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})")
NAMED_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-. ]+([a-z]{3})[a-z]*\.?[-, ]+(\d{4})")
MONTH_FIRST = re.compile(r"([a-z]{3})[a-z]*\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})")
MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
FIRST_YEAR, LAST_YEAR = 1900, 2200
CENTURY_TURNS_AT = 70  # a year of two digits below it is 20.., else 19..


@dataclass(frozen=True)
class DayReading:
    """``days``: one per word of the column, NaT where it is no day. ``ambiguous``: the rows fit both readings.

    ``moved``: the words whose day in the owner's time zone is another than the one they name.
    """

    days: Days
    read_as: DateOrder
    ambiguous: bool
    moved: npt.NDArray[np.bool_]


def read_days(column: TextColumn, *, order: DateOrder | None = None, zone: tzinfo | None = None) -> DayReading:
    """The day each word names; the order of day and month by evidence unless it is given.

    A time that states its zone (Z, UTC, +02:00) falls on the day that it is in ``zone``, where one is given. Other
    times of day are dropped.

    >>> reading = read_days(TextColumn.of(["03/04/2024", "28/02/2024 10:15", "31/02/2024"]))
    >>> reading.days.astype(str).tolist(), reading.read_as, reading.ambiguous
    (['2024-04-03', '2024-02-28', 'NaT'], 'dmy', False)
    >>> from zoneinfo import ZoneInfo
    >>> read_days(TextColumn.of(["2026-03-14T23:30:00Z"]), zone=ZoneInfo("Europe/Berlin")).days.astype(str).tolist()
    ['2026-03-15']
    >>> read_days(TextColumn.of(["03/04/2024"])).ambiguous
    True
    """
    texts = pa.array(column.words, pa.string())
    without_time = pc.replace_substring_regex(texts, TIME, "").dictionary_encode()
    words = [word.strip().lower() for word in without_time.dictionary.to_pylist()]
    read_as, ambiguous = (order, False) if order else _decide(words)
    days = np.array([_day(word, read_as) for word in words] or [None], dtype="datetime64[D]")
    named = days[without_time.indices.to_numpy()]
    there = named if zone is None else days_there(named, read_moments(texts), zone)
    return DayReading(there, read_as, ambiguous, (there != named) & ~np.isnat(named))


def _decide(words: list[str]) -> tuple[DateOrder, bool]:
    """Day first or month first by the numbers above 12; dots are always day first; else day first, said aloud."""
    parts = [match for match in map(YEAR_LAST.fullmatch, words) if match]
    if not parts:
        return "ymd", False
    day_first = sum(int(match[1]) > 12 >= int(match[3]) for match in parts)
    month_first = sum(int(match[3]) > 12 >= int(match[1]) for match in parts)
    if day_first == month_first == 0:
        return "dmy", not all(match[2] == "." or match[1] == match[3] for match in parts)
    return ("dmy" if day_first >= month_first else "mdy"), False


def _day(word: str, order: DateOrder) -> date | None:
    numbers = _numbers(word, order)
    if numbers is None:
        return None
    year, month, day = numbers
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def _numbers(word: str, order: DateOrder) -> tuple[int, int, int] | None:
    """Year, month and day as written."""
    if match := YEAR_FIRST.fullmatch(word) or COMPACT.fullmatch(word):
        return int(match[1]), int(match[3]), int(match[4])
    if match := YEAR_LAST.fullmatch(word):
        first, second, third = int(match[1]), int(match[3]), int(match[4])
        if order == "ymd" and len(match[4]) == 2:
            return _full_year(first), second, third
        year = _full_year(third) if len(match[4]) == 2 else third
        return (year, first, second) if order == "mdy" else (year, second, first)
    if match := NAMED_MONTH.fullmatch(word):
        return int(match[3]), MONTHS.get(match[2], 0), int(match[1])
    if match := MONTH_FIRST.fullmatch(word):
        return int(match[3]), MONTHS.get(match[1], 0), int(match[2])
    return None


def _full_year(year: int) -> int:
    return year + (2000 if year < CENTURY_TURNS_AT else 1900)
