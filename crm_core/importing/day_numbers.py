"""Days that are bare numbers: Excel's count of days since 1900 or 1904, and seconds or milliseconds since 1970."""

from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = ["NUMBER_SYSTEMS", "NumberSystem", "likely_system", "minutes_since_1970"]

NumberSystem = Literal["excel1900", "excel1904", "unix"]
NUMBER_SYSTEMS: tuple[NumberSystem, ...] = ("excel1900", "excel1904", "unix")

MINUTES_PER_DAY = 24 * 60
HALF_A_SECOND = 0.5 / 86_400  # Excel's fractions are not exact: 8:00 may be 0.33333333
BEFORE_1970 = {"excel1900": 25_569, "excel1904": 24_107}  # what 1 January 1970 is as a number
NO_LEAP_DAY = 60  # 29 February 1900, which Excel counts and no calendar has
LAST_MINUTE = 400 * 366 * MINUTES_PER_DAY  # beyond every day that is read
LIKELY_SERIALS = (18_264, 109_575)  # from 1950 to 2200; below them are years and counts
LIKELY_SECONDS = (10**9, 4.2 * 10**9)  # from 2001 to 2103
Numbers = npt.NDArray[np.float64]


def likely_system(numbers: Numbers) -> NumberSystem | None:
    """What a column of bare numbers most likely counts, where it is likely that it counts days at all.

    >>> likely_system(np.array([45292, 45292.75])), likely_system(np.array([1710458100, 1710458100000.0]))
    ('excel1900', 'unix')
    >>> likely_system(np.array([2024.0, 7.0])) is None
    True
    """
    serials = int(_within(numbers, LIKELY_SERIALS).sum())
    seconds = int(_within(np.where(_is_milli(numbers), numbers / 1000, numbers), LIKELY_SECONDS).sum())
    if not serials and not seconds:
        return None
    return "excel1900" if serials >= seconds else "unix"


def minutes_since_1970(numbers: Numbers, system: NumberSystem) -> npt.NDArray[np.int64]:
    """The minute that each number stands for, far in the past for what is no day.

    >>> (minutes_since_1970(np.array([25569.5, 1.0]), "excel1900") / 1440).tolist()
    [0.5, -25567.0]
    >>> minutes_since_1970(np.array([60.0, 60_000.0]), "unix").tolist()
    [1, 1000]
    """
    if system == "unix":
        minutes = np.where(_is_milli(numbers), numbers / 1000, numbers) / 60
    else:
        early = (numbers < NO_LEAP_DAY) if system == "excel1900" else np.zeros(len(numbers), bool)
        minutes = (numbers + early - BEFORE_1970[system] + HALF_A_SECOND) * MINUTES_PER_DAY
        phantom = (np.floor(numbers) == NO_LEAP_DAY) if system == "excel1900" else np.zeros(len(numbers), bool)
        minutes[phantom] = -LAST_MINUTE
    return np.floor(np.clip(minutes, -LAST_MINUTE, LAST_MINUTE)).astype(np.int64)


def _is_milli(numbers: Numbers) -> npt.NDArray[np.bool_]:
    """Whether a Unix time is one in milliseconds: seconds of that size are beyond the year 5000."""
    return numbers >= 10**11


def _within(numbers: Numbers, limits: tuple[float, float]) -> npt.NDArray[np.bool_]:
    return (numbers >= limits[0]) & (numbers < limits[1])
