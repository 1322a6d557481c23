"""Birthdays as contact programs write them, some of which know no year."""

import re
from dataclasses import dataclass
from datetime import date

import numpy as np

from crm_core.importing.dates import DateOrder, DayReading, read_days
from crm_core.importing.text_table import TextColumn

__all__ = ["Birthdays", "read_birthdays"]

NO_YEAR = re.compile(r"(?:--|1604-)(?P<month>\d{2})-?(?P<day>\d{2})(?:[T ].*)?")  # vCard, and Apple's year for none
APPLES_YEAR = 1604


@dataclass(frozen=True)
class Birthdays:
    """One entry per word of the column: the day; or the month and day alone; or that it is no day."""

    days: list[date | None]
    without_year: list[str | None]
    unread: list[bool]
    reading: DayReading


def read_birthdays(column: TextColumn, *, order: DateOrder | None = None) -> Birthdays:
    """Each word of a column of birthdays.

    >>> read = read_birthdays(TextColumn.of(["1980-02-28", "--03-01", "soon", "1604-12-24"]))
    >>> read.days[0], read.without_year, read.unread
    (datetime.date(1980, 2, 28), [None, '03-01', None, '12-24'], [False, False, True, False])
    """
    words = [str(word) for word in column.words]
    matches = [NO_YEAR.fullmatch(word) for word in words]
    partial = [f"{match['month']}-{match['day']}" if match else None for match in matches]
    whole = ["" if part else word for part, word in zip(partial, words, strict=True)]
    reading = read_days(TextColumn(np.arange(len(words)), np.array([*whole, None], object)[:-1]), order=order)
    days = [None if np.isnat(day) else day.astype("datetime64[D]").item() for day in reading.days]
    for at, day in enumerate(days):
        if day and day.year == APPLES_YEAR:
            partial[at], days[at] = f"{day:%m-%d}", None
    unread = [day is None and part is None for day, part in zip(days, partial, strict=True)]
    return Birthdays(days, partial, unread, reading)
