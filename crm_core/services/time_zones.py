"""The owner's time zone: by its name, which day it is there, and a moment as databases keep it."""

from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel.localtime import get_localzone

from crm_core.errors import CrmError

__all__ = ["as_stored", "day_in_zone", "known_zones", "zone_of"]


@lru_cache(maxsize=1)
def known_zones() -> tuple[str, ...]:
    """The names of time zones that an owner may choose, such as Europe/Berlin."""
    named = {name for name in available_timezones() if "/" in name and not name.startswith("Etc/")}
    return tuple(sorted(named | {"UTC"}))


def zone_of(name: str) -> tzinfo:
    """The time zone of a name; "" is the computer's own.

    >>> zone_of("Europe/Berlin").key
    'Europe/Berlin'
    """
    if not name:
        return get_localzone()
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CrmError(f"There is no time zone '{name}'; write it like Europe/Berlin or America/New_York.") from error


def day_in_zone(now: datetime, name: str) -> date:
    """Which day it is there.

    >>> from datetime import UTC
    >>> day_in_zone(datetime(2026, 3, 14, 23, 30, tzinfo=UTC), "Europe/Berlin")
    datetime.date(2026, 3, 15)
    """
    return now.astimezone(zone_of(name) if name else None).date()


def as_stored(moment: datetime) -> datetime:
    """A moment as every database keeps it: UTC, whole seconds.

    >>> from datetime import timedelta, timezone
    >>> as_stored(datetime(2026, 3, 14, 1, 30, 0, 250_000, tzinfo=timezone(timedelta(hours=2))))
    datetime.datetime(2026, 3, 13, 23, 30)
    """
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
