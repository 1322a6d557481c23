"""Times of day that state their zone, and the day that it is then somewhere else.

Work is done once per quarter of an hour, not per row: no zone changes its clock in between.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["MINUTES_PER_DAY", "Moments", "days_there", "read_moments"]

ZONED = (
    r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)$"
)
PARTS = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:[.,]\d+)?)?\s*(?P<half>[AaPp])?\.?(?:[Mm]\.?)?\s*"
    r"(?:Z|(?:UTC|GMT)?(?P<sign>[+-])(?P<away_hours>\d{1,2})(?::?(?P<away_minutes>\d{2}))?|UTC|GMT)$"
)
SLOT_MINUTES = 15
MINUTES_PER_DAY = 24 * 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Minutes = npt.NDArray[np.int64]
Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Moments:
    """``at``: positions of the words that state a zone; ``minutes``: since their day began there, taken to UTC."""

    at: npt.NDArray[np.int64]
    minutes: Minutes


def read_moments(texts: pa.Array) -> Moments:
    """The words that end in a time with its zone.

    >>> found = read_moments(pa.array(["2026-03-14", "2026-03-14T23:30:00+02:00", "3/14/2026 1:05 pm Z"]))
    >>> found.at.tolist(), found.minutes.tolist()
    ([1, 2], [1290, 785])
    """
    at = np.flatnonzero(pc.match_substring_regex(texts, ZONED).to_numpy(zero_copy_only=False))
    if not len(at):
        return Moments(at, np.empty(0, np.int64))
    parts = pc.extract_regex(texts.take(pa.array(at)), PARTS)
    hour, half = _number(parts, "hour"), pc.utf8_upper(parts.field("half"))
    twelve = pc.not_equal(half, "").to_numpy(zero_copy_only=False)
    afternoon = pc.equal(half, "P").to_numpy(zero_copy_only=False)
    hour = np.where(twelve, hour % 12 + 12 * afternoon, hour)
    east = np.where(pc.equal(parts.field("sign"), "-").to_numpy(zero_copy_only=False), -1, 1)
    away = east * (60 * _number(parts, "away_hours") + _number(parts, "away_minutes"))
    return Moments(at, 60 * hour + _number(parts, "minute") - away)


def days_there(named: Days, moments: Moments, zone: tzinfo) -> Days:
    """The named days, where a moment is known the day that it is then in ``zone``."""
    if not len(moments.at):
        return named
    day = named[moments.at]
    known = ~np.isnat(day)
    at, utc = moments.at[known], day[known].astype(np.int64) * MINUTES_PER_DAY + moments.minutes[known]
    slots, slot = np.unique(utc // SLOT_MINUTES, return_inverse=True)
    offsets = np.array([_offset_minutes(int(number), zone) for number in slots], np.int64)
    there = named.copy()
    there[at] = ((utc + offsets[slot]) // MINUTES_PER_DAY).astype("datetime64[D]")
    return there


def _offset_minutes(slot: int, zone: tzinfo) -> int:
    """How far the zone is ahead of UTC then."""
    away = (EPOCH + timedelta(minutes=slot * SLOT_MINUTES)).astimezone(zone).utcoffset()
    return round(away.total_seconds() / 60) if away else 0


def _number(parts: pa.StructArray, name: str) -> Minutes:
    text = parts.field(name)
    digits = pc.if_else(pc.equal(text, ""), "0", text)
    numbers: Minutes = digits.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return numbers
