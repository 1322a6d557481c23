"""The day at whose end every figure is computed."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from crm_core.store.queries import order_days
from crm_core.store.session import Store

__all__ = ["LEAST_SILENCE_DAYS", "AsOf", "effective_day"]

LEAST_SILENCE_DAYS = 60
SILENCE_IN_GAPS = 3


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
    return AsOf(last, False, f"The last order is {silent:,} days old, so every figure is as of that day.")
