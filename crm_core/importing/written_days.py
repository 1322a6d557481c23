"""Days written with figures and names of months, without their time; and which order of day, month and year fits."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

from crm_core.importing.month_names import is_weekday, month_of

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "WRITTEN_ORDERS",
    "WrittenOrder",
    "fitting_orders",
    "without_weekday",
    "written_day",
]

WrittenOrder = Literal["ymd", "dmy", "mdy"]
WRITTEN_ORDERS: tuple[WrittenOrder, ...] = ("ymd", "dmy", "mdy")
FIRST_YEAR, LAST_YEAR = 1900, 2200
CENTURY_TURNS_AT = 70  # a year of two digits below it is 20.., else 19..
NEARLY_ALL = 0.9

YEAR_FIRST = re.compile(r"(\d{4})(-|/|\. ?)(\d{1,2})\2(\d{1,2})")
COMPACT = re.compile(r"(\d{4})()(\d{2})(\d{2})")
CHINESE = re.compile(
    r"(\d{4})\s*()年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?\s*(?:\(?(?:星期|周|週)[一二三四五六日天]\)?)?\s*"
    r"(?:(?:上午|下午|凌晨|中午|晚上)?\s*\d{1,2}:\d{2}(?::\d{2})?)?"
)
YEAR_LAST = re.compile(r"(\d{1,2})(-|/|\. ?| )(\d{1,2})\2(\d{4}|\d{2})")
NAME = r"([^\W\d_]{3,}\.?)"
YEAR = r"'?(\d{4}|\d{2})"
DAY = r"(\d{1,2})(?:st|nd|rd|th|er|[ºª°])?"
NAMED_MONTH = re.compile(rf"{DAY}[-./, ]*(?:de |of |d')?{NAME}[-/, ]*(?:de |del )?{YEAR}")
MONTH_FIRST = re.compile(rf"{NAME}[-/, ]*{DAY},?[-/ ]+{YEAR}")
YEAR_THEN_NAME = re.compile(rf"(\d{{4}})[-/, ]+{NAME}[-/, ]*{DAY}")
WEEKDAY = re.compile(rf"{NAME},?\s+(\S.*)")


def written_day(word: str, order: WrittenOrder | None) -> date | None:
    """The day that a word in lower case names; None for no day, and for figures whose order is not known.

    >>> str(written_day("3/4/24", "mdy")), str(written_day("5. märz 2024", None)), written_day("3/4/24", None)
    ('2024-03-04', '2024-03-05', None)
    """
    numbers = _numbers(word, order) or _named(word)
    if numbers is None:
        return None
    year, month, day = numbers
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def without_weekday(word: str) -> str:
    """The word in lower case without blanks around it and without a weekday in front.

    >>> without_weekday("Dienstag, 5. März 2024 "), without_weekday("Mar 5 2024"), without_weekday("mar. 5 mars 2024")
    ('5. märz 2024', 'mar 5 2024', '5 mars 2024')
    """
    plain = word.strip().lower()
    match = WEEKDAY.fullmatch(plain) if plain[:1].isalpha() else None
    return match[2] if match and is_weekday(match[1]) and not MONTH_FIRST.fullmatch(plain) else plain


def fitting_orders(words: Iterable[str]) -> tuple[WrittenOrder, ...]:
    """The orders of day, month and year that the words allow, the likeliest first; none of several is dots alone.

    Numbers above 12 decide between day and month; where they disagree, most words do. Dots are day first. With years
    of two digits the year may come first, where the first figures differ less than the last.

    >>> fitting_orders(["03/04/2024", "25/04/2024"]), fitting_orders(["03/04/2024"]), fitting_orders(["03.04.2024"])
    (('dmy',), ('dmy', 'mdy'), ('dmy',))
    >>> fitting_orders(["24-03-05", "24-03-06"]), fitting_orders(["2024-03-05"])
    (('ymd', 'dmy'), ('ymd',))
    """
    parts = [match for match in map(YEAR_LAST.fullmatch, words) if match]
    if not parts:
        return ("ymd",)
    day_first = sum(31 >= int(match[1]) > 12 >= int(match[3]) for match in parts)
    month_first = sum(31 >= int(match[3]) > 12 >= int(match[1]) for match in parts)
    dotted = all(match[2].startswith(".") for match in parts)
    fits: tuple[WrittenOrder, ...] = ("dmy",) if day_first >= month_first else ("mdy",)
    if day_first == month_first == 0 and not dotted and any(match[1] != match[3] for match in parts):
        fits = ("dmy", "mdy")
    return _with_year_first(parts, fits, dotted=dotted)


def _with_year_first(
    parts: list[re.Match[str]], fits: tuple[WrittenOrder, ...], *, dotted: bool
) -> tuple[WrittenOrder, ...]:
    """The orders with that of a year of two digits in front, where nearly all words allow it."""
    may = [len(match[1]) == len(match[4]) == 2 and int(match[3]) <= 12 and int(match[4]) <= 31 for match in parts]
    if sum(may) < NEARLY_ALL * len(parts):
        return fits
    if any(int(match[1]) > 31 for match, fit in zip(parts, may, strict=True) if fit):
        return ("ymd",)
    first, last = len({match[1] for match in parts}), len({match[4] for match in parts})
    if first < last:
        return "ymd", *fits
    return (*fits, "ymd") if first == last and not dotted else fits


def _numbers(word: str, order: WrittenOrder | None) -> tuple[int, int, int] | None:
    """Year, month and day written in figures."""
    if match := YEAR_FIRST.fullmatch(word) or COMPACT.fullmatch(word) or CHINESE.fullmatch(word):
        return int(match[1]), int(match[3]), int(match[4])
    match = YEAR_LAST.fullmatch(word) if order else None
    if not match:
        return None
    first, second, third = int(match[1]), int(match[3]), int(match[4])
    if order == "ymd" and len(match[4]) == 2:
        return _full_year(match[1]), second, third
    year = _full_year(match[4])
    return (year, first, second) if order == "mdy" else (year, second, first)


def _named(word: str) -> tuple[int, int, int] | None:
    """Year, month and day with the month's name."""
    found = None
    if match := NAMED_MONTH.fullmatch(word):
        found = match[3], match[2], match[1]
    elif match := MONTH_FIRST.fullmatch(word):
        found = match[3], match[1], match[2]
    elif match := YEAR_THEN_NAME.fullmatch(word):
        found = match[1], match[2], match[3]
    month = month_of(found[1]) if found else None
    if found and month:
        return _full_year(found[0]), month, int(found[2])
    return None


def _full_year(written: str) -> int:
    year = int(written)
    return year if len(written) == 4 else year + (2000 if year < CENTURY_TURNS_AT else 1900)
