"""How long something took, as people write it: 90, 1:30, 1 h 30 min, 45 Min., 90 秒."""

import re
from decimal import Decimal

from crm_core.importing.amounts import read_numbers
from crm_core.importing.text_table import TextColumn

__all__ = ["read_durations"]

CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d)(?:[.,]\d+)?)?")
PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?")
MINUTES = {
    1440.0: "d day days tag tage tagen 天 日",
    60.0: "h hr hrs hour hours std stunde stunden 小时 时",
    1.0: "m min mins minute minutes minuten 分钟 分",
    1 / 60: "s sec secs second seconds sek sekunde sekunden 秒",
}
UNITS = {word: size for size, words in MINUTES.items() for word in words.split()}


def read_durations(column: TextColumn, *, column_name: str = "") -> list[float | None]:
    """Each word's minutes, None where it is no length of time. 1:30 is an hour and a half.

    A bare number counts minutes, or what the column's name says.

    >>> read_durations(TextColumn.of(["90", "1:30", "0:01:30", "1 h 30 min", "2 Std.", "soon"]))
    [90.0, 90.0, 1.5, 90.0, 120.0, None]
    >>> read_durations(TextColumn.of(["90"]), column_name="Duration (seconds)")
    [1.5]
    """
    unit = _unit_of(column_name)
    numbers = read_numbers(column)
    found = []
    for word, number, currency in zip(column.words, numbers.numbers, numbers.currencies, strict=True):
        minutes = _written(str(word))
        if minutes is None and number is not None and currency is None:
            minutes = float(number * Decimal(unit)) if number >= 0 else None
        found.append(minutes)
    return found


def _written(word: str) -> float | None:
    clock = CLOCK.fullmatch(word)
    if clock:
        hours, minutes, seconds = clock.groups()
        return 60.0 * int(hours) + int(minutes) + int(seconds or 0) / 60
    text = re.sub(r"\s+|,(?!\d)|\band\b|\bund\b", " ", word.lower())
    parts = PART.findall(text)
    if not parts or PART.sub("", text).strip():
        return None
    sizes = [UNITS.get(unit) for _, unit in parts]
    if any(size is None for size in sizes):
        return None
    return sum(float(number.replace(",", ".")) * (size or 0) for (number, _), size in zip(parts, sizes, strict=True))


def _unit_of(column_name: str) -> float:
    """What a bare number counts: minutes, unless the column's name ends in another unit."""
    words = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column_name).lower())
    return next((UNITS[word] for word in reversed(words) if word in UNITS and word not in ("日", "时")), 1.0)
