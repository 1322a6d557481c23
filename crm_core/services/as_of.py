"""The day at whose end every figure is computed."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from crm_core.store.queries import order_days
from crm_core.store.session import Store
from crm_core.vocabulary import DAYS_PER_MONTH
from crm_core.wording import day, plural

__all__ = ["LEAST_SILENCE_DAYS", "AsOf", "effective_day"]

LEAST_SILENCE_DAYS = 60
SILENCE_IN_GAPS = 3
DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class AsOf:
    """The day looked at, whether it is today, and a sentence that says why when it is not."""

    day: date
    is_today: bool
    sentence: str


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


def _span(days: int) -> str:
    """So many days in the largest unit of which they are two or more.

    >>> _span(59), _span(70), _span(5462)
    ('59 days', '2 months', '15 years')
    """
    if days >= 2 * DAYS_PER_YEAR:
        return plural(round(days / DAYS_PER_YEAR), "year")
    return plural(round(days / DAYS_PER_MONTH), "month") if days >= 2 * DAYS_PER_MONTH else plural(days, "day")
