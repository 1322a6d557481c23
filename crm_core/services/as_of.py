"""The day at whose end every figure is computed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from crm_core.errors import CrmError
from crm_core.services.time_zones import zone_of
from crm_core.store.queries import data_span, order_days
from crm_core.store.session import Store
from crm_core.vocabulary import DAYS_PER_MONTH
from crm_core.wording import day, plural

__all__ = ["LEAST_SILENCE_DAYS", "AsOf", "effective_day", "end_of_day", "first_order_day", "replayed_day"]

LEAST_SILENCE_DAYS = 60
SILENCE_IN_GAPS = 3
DAYS_PER_YEAR = 365.25
SHOWN_LETTERS = 20  # of what stands for a day in an address


@dataclass(frozen=True)
class AsOf:
    """The day looked at, whether it is today, and a sentence that says why when it is not; whether the owner chose to
    look at it again, so that nothing later may be shown."""

    day: date
    is_today: bool
    sentence: str
    is_replayed: bool = False


def effective_day(store: Store, *, today: date, silence_days: int = LEAST_SILENCE_DAYS) -> AsOf:
    """Today; but the last day with an order when the data end longer ago than max(silence, 3 × the median gap).

    A historical file would else show every customer as lost.
    """
    with store.read() as session:
        days = np.array(order_days(session, until=today), dtype="datetime64[D]")
    if not len(days):
        return AsOf(today, True, "No orders up to today yet.")
    gap = float(np.median(np.diff(days).astype(int))) if len(days) > 1 else 0.0
    last: date = days[-1].item()
    silent = (today - last).days
    if silent <= max(silence_days, SILENCE_IN_GAPS * gap):
        return AsOf(today, True, "Every figure is as of today.")
    words = f"The last order is from {day(last)}, {_span(silent)} ago, so every figure is as of that day."
    return AsOf(last, False, words)


def first_order_day(store: Store, *, until: date) -> date | None:
    """The first day with a paid order, the earliest that can be looked at; None without one up to ``until``."""
    with store.read() as session:
        first = data_span(session)[0]
    return first if first is not None and first <= until else None


def replayed_day(asked: str, *, usual: AsOf, first: date | None) -> AsOf:
    """The past day that an address asks for, in place of the usual one; CrmError says why it cannot be looked at.

    >>> usual = AsOf(date(2026, 3, 14), True, "Every figure is as of today.")
    >>> replayed_day("2025-03-01", usual=usual, first=date(2024, 1, 2)).sentence
    'You are looking at 1 Mar 2025, as it was then. Orders after that day are left out.'
    """
    shown = f"You see {day(usual.day)}, as usual."
    if first is None:
        raise CrmError(f"There are no orders yet, so there is no earlier day to look at. {shown}")
    try:
        wanted = date.fromisoformat(asked)
    except ValueError as error:
        said = asked if len(asked) <= SHOWN_LETTERS else f"{asked[:SHOWN_LETTERS]}…"
        raise CrmError(f"“{said}” in the address is not a day; write it like 2025-03-01. {shown}") from error
    if wanted > usual.day:
        raise CrmError(f"{day(wanted)} is later than the last day that can be looked at. {shown}")
    if wanted < first:
        raise CrmError(f"{day(wanted)} is before your first order, on {day(first)}. {shown}")
    if wanted == usual.day:
        return usual
    sentence = f"You are looking at {day(wanted)}, as it was then. Orders after that day are left out."
    return AsOf(wanted, False, sentence, is_replayed=True)


def end_of_day(day: date, *, time_zone: str) -> datetime:
    """The moment at which a day is over in a zone; "" is the computer's own.

    >>> end_of_day(date(2026, 3, 14), time_zone="Europe/Berlin").isoformat()
    '2026-03-15T00:00:00+01:00'
    """
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone_of(time_zone))


def _span(days: int) -> str:
    """So many days in the largest unit of which they are two or more.

    >>> _span(59), _span(70), _span(5462)
    ('59 days', '2 months', '15 years')
    """
    if days >= 2 * DAYS_PER_YEAR:
        return plural(round(days / DAYS_PER_YEAR), "year")
    return plural(round(days / DAYS_PER_MONTH), "month") if days >= 2 * DAYS_PER_MONTH else plural(days, "day")
