"""Days as shops write them. How a column's days are written is decided once, for all its rows, never row by row."""

from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from crm_core.importing.clock_times import MINUTES_PER_DAY, Moments, days_there, read_moments
from crm_core.importing.day_numbers import NUMBER_SYSTEMS, NumberSystem, likely_system, minutes_since_1970
from crm_core.importing.text_table import TextColumn
from crm_core.importing.written_days import (
    FIRST_YEAR,
    LAST_YEAR,
    WRITTEN_ORDERS,
    WrittenOrder,
    fitting_orders,
    without_weekday,
    written_day,
)

__all__ = ["DATE_ORDERS", "DateOrder", "DayExample", "DayReading", "read_days"]

DateOrder = Literal["ymd", "dmy", "mdy", "excel1900", "excel1904", "unix"]
DATE_ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)
Days = npt.NDArray[np.datetime64]

GAP = r"[\s\x{a0}\x{202f}]"  # the last one stands before AM and PM where a browser wrote the time
TIME = (
    rf"(?:[Tt]|,?{GAP}(?:at|um|à){GAP}|,?{GAP}){GAP}*\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?{GAP}*"
    rf"(?:[AaPp]\.?[Mm]\.?|Uhr)?{GAP}*(?:Z|(?:UTC|GMT)?[+-]\d{{1,2}}(?::?\d{{2}})?|UTC|GMT)?$"
)
NUMBER = r"^\d{1,16}(?:[.,]\d+)?$"
COMPACT_DIGITS = 8
EXAMPLES = 3


@dataclass(frozen=True)
class DayExample:
    """A word and the day that it is in each reading of ``DayReading.fits``."""

    written: str
    days: tuple[date, ...]

    def as_words(self) -> str:
        """For reading.

        >>> DayExample("03/04/2024", (date(2024, 4, 3), date(2024, 3, 4))).as_words()
        '03/04/2024 → 3 April 2024 or 4 March 2024'
        """
        return f"{self.written} → {' or '.join(f'{day.day} {day:%B %Y}' for day in self.days)}"


@dataclass(frozen=True)
class DayReading:
    """``days``: one per word of the column, NaT where it is no day. ``fits``: the readings that the rows allow.

    ``moved``: the words whose day in the owner's time zone is another than the one they name. ``examples``: up to
    three words that are another day in each reading, where there are several.
    """

    days: Days
    read_as: DateOrder
    fits: tuple[DateOrder, ...]
    moved: npt.NDArray[np.bool_]
    examples: tuple[DayExample, ...] = ()

    @property
    def ambiguous(self) -> bool:
        """Whether the rows allow several readings."""
        return len(self.fits) > 1


def read_days(column: TextColumn, *, order: DateOrder | None = None, zone: tzinfo | None = None) -> DayReading:
    """The day each word names; how days are written by evidence unless it is given.

    A time that states its zone (Z, UTC, +02:00) falls on the day that it is in ``zone``, where one is given, and so
    does a Unix time. Other times of day are dropped. Bare numbers are days where no word of the column is one as
    written.

    >>> reading = read_days(TextColumn.of(["03/04/2024", "28/02/2024 10:15", "31/02/2024"]))
    >>> reading.days.astype(str).tolist(), reading.read_as, reading.ambiguous
    (['2024-04-03', '2024-02-28', 'NaT'], 'dmy', False)
    >>> from zoneinfo import ZoneInfo
    >>> read_days(TextColumn.of(["2026-03-14T23:30:00Z"]), zone=ZoneInfo("Europe/Berlin")).days.astype(str).tolist()
    ['2026-03-15']
    >>> read_days(TextColumn.of(["03/04/2024"])).examples[0].as_words()
    '03/04/2024 → 3 April 2024 or 4 March 2024'
    >>> reading = read_days(TextColumn.of(["45292.75", "45293"]))
    >>> reading.days.astype(str).tolist(), reading.read_as
    (['2024-01-01', '2024-01-02'], 'excel1900')
    """
    texts = pa.array(column.words, pa.string())
    without_time = pc.replace_substring_regex(texts, TIME, "").dictionary_encode()
    words = without_time.dictionary
    numeric = pc.match_substring_regex(words, NUMBER).to_numpy(zero_copy_only=False)
    written = _Written(words, numeric, order)
    system = _number_system(order, words, numeric, written)
    at = without_time.indices.to_numpy()
    if system is None:
        named = written.days[at]
        there = named if zone is None else days_there(named, read_moments(texts), zone)
        return DayReading(there, written.read_as, written.fits, (there != named) & ~np.isnat(named), written.examples)
    counted = _days_of_numbers(words, numeric, system, zone)
    days = np.where(numeric, counted, written.days)[at]
    return DayReading(days, system, (system,), np.zeros(len(days), bool))


class _Written:
    """The words that are written days, read in the order that is given or fits."""

    def __init__(self, words: pa.Array, numeric: "npt.NDArray[np.bool_]", order: DateOrder | None) -> None:
        compact = pc.equal(pc.utf8_length(words), COMPACT_DIGITS).to_numpy(zero_copy_only=False)
        may = ~numeric | compact
        self.words = [without_weekday(word) if fit else "" for word, fit in zip(words.to_pylist(), may, strict=True)]
        given = next((known for known in WRITTEN_ORDERS if known == order), None)
        self.fits = (given,) if given else fitting_orders(self.words)
        self.read_as = self.fits[0]
        # beside numbers there is no asking which order was meant, so only a certain one is read
        known: WrittenOrder | None = None if order in NUMBER_SYSTEMS and len(self.fits) > 1 else self.read_as
        days = [written_day(word, known) if word else None for word in self.words]
        self.days = np.array(days or [None], "datetime64[D]")[: len(days)]

    @property
    def examples(self) -> tuple[DayExample, ...]:
        if len(self.fits) == 1:
            return ()
        found = []
        for word in sorted(set(self.words)):
            days = [day for day in (written_day(word, order) for order in self.fits) if day]
            if len(set(days)) == len(self.fits):
                found.append(DayExample(word, tuple(days)))
            if len(found) == EXAMPLES:
                break
        return tuple(found)


def _number_system(
    order: DateOrder | None, words: pa.Array, numeric: "npt.NDArray[np.bool_]", written: _Written
) -> NumberSystem | None:
    """What bare numbers count, None where they are no days."""
    given = next((system for system in NUMBER_SYSTEMS if system == order), None)
    if given or not numeric.any() or not np.isnat(written.days).all():
        return given
    return likely_system(_as_floats(words, numeric))


def _days_of_numbers(
    words: pa.Array, numeric: "npt.NDArray[np.bool_]", system: NumberSystem, zone: tzinfo | None
) -> Days:
    """Per word its day, NaT for what is no number; Unix times are instants and fall on the days of ``zone``."""
    minutes = minutes_since_1970(_as_floats(words, numeric), system)
    days = np.full(len(words), np.datetime64("NaT"), "datetime64[D]")
    days[numeric] = (minutes // MINUTES_PER_DAY).astype("datetime64[D]")
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    days[(years < FIRST_YEAR) | (years > LAST_YEAR)] = np.datetime64("NaT")
    if system != "unix" or zone is None:
        return days
    return days_there(days, Moments(np.flatnonzero(numeric), minutes % MINUTES_PER_DAY), zone)


def _as_floats(words: pa.Array, numeric: "npt.NDArray[np.bool_]") -> "npt.NDArray[np.float64]":
    figures = pc.replace_substring(words.filter(pa.array(numeric)), ",", ".")
    floats: npt.NDArray[np.float64] = figures.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return floats
