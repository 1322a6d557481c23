"""Whether orders recur at fixed intervals: contracts that are paid week by week, month by month or year by year.

A payment follows another when it comes one period later, give or take a few days; or late by up to a third of a
period; or after one or two periods that were skipped. Orders in between are left alone: who pays for a subscription may
buy other things too.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.features.even_places import even_places
from crm_core.features.purchase_summary import check_columns
from crm_core.vocabulary import DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR

__all__ = [
    "LEAST_SUBSCRIBERS",
    "PERIODS",
    "Chains",
    "Period",
    "Recurrence",
    "chains_of_payments",
    "find_recurrence",
    "own_period",
]

Ints = NDArray[np.int64]
LEAST_PAYMENTS = 3  # two gaps of the same length are the least that speaks of an interval
LEAST_SUBSCRIBERS = 5
FIRST_LOOK = 5_000  # customers, evenly spaced, that tell whether a larger shop may have contracts at all
LEAST_SHARE = 0.3  # of customers with enough days; shops without contracts stay below 0.1
IN_CHAIN, ON_TIME = 0.6, 2 / 3  # of a subscriber's days between first and last payment; of their gaps
AS_GOOD = 0.9  # of the most subscribers; the period with the least leeway among these
LEAST_DAYS = 7  # of a period that is none of the usual ones: a day more or less says little of shorter ones
MOST_SKIPPED = 2
LATE_PART = 1 / 3  # of a period
END = 10**9


@dataclass(frozen=True)
class Period:
    """An interval between payments: from ``shortest`` to ``longest`` days (calendar months differ), give or take
    ``tolerance`` days. ``months``: its length on the calendar, 0 where it is counted in days. each, one and many name
    it: paid monthly, a month, months.
    """

    each: str
    one: str
    many: str
    mean_days: float
    shortest: int
    longest: int
    tolerance: int
    months: int = 0

    @property
    def patience_days(self) -> int:
        """How long after a payment the next one may still come before the contract counts as ended."""
        return self.longest + self.tolerance

    @property
    def leeway(self) -> float:
        """The days on which a payment is on time, as a share of the period."""
        return (self.longest - self.shortest + 2 * self.tolerance + 1) / self.mean_days

    def holds(self, other: "Period") -> bool:
        """Whether another's length is one of this one's."""
        return self.shortest <= other.shortest <= self.longest

    def due_after(self, paid_on: pd.Series) -> pd.Series:
        """The day on which the payment after another is due."""
        step = pd.DateOffset(months=self.months) if self.months else pd.Timedelta(days=round(self.mean_days))
        return pd.Series(paid_on + step, index=paid_on.index)


PERIODS = (
    Period("weekly", "week", "weeks", float(DAYS_PER_WEEK), 7, 7, 1),
    Period("every two weeks", "two weeks", "periods of two weeks", 2.0 * DAYS_PER_WEEK, 14, 14, 2),
    Period("every four weeks", "four weeks", "periods of four weeks", 4.0 * DAYS_PER_WEEK, 28, 28, 1),
    Period("monthly", "month", "months", DAYS_PER_MONTH, 28, 31, 3, 1),
    Period("every two months", "two months", "periods of two months", 2 * DAYS_PER_MONTH, 59, 62, 4, 2),
    Period("quarterly", "quarter", "quarters", 3 * DAYS_PER_MONTH, 90, 92, 5, 3),
    Period("half-yearly", "half-year", "half-years", 6 * DAYS_PER_MONTH, 181, 184, 7, 6),
    Period("yearly", "year", "years", DAYS_PER_YEAR, 365, 366, 7, 12),
)


@dataclass(frozen=True)
class Recurrence:
    """What the shop's days say. period: the one that most customers keep, None where nobody has enough days;
    subscribers keep it, of ``repeaters`` customers with orders on at least three days; others keep another period. Of a
    large shop without contracts these are the customers looked at, not all.
    """

    period: Period | None
    subscribers: int
    repeaters: int
    others: int = 0

    @property
    def share(self) -> float:
        """Of the customers with at least three days, how many keep the period; 0 where there is none."""
        return self.subscribers / self.repeaters if self.repeaters else 0.0

    @property
    def recurs(self) -> bool:
        """Whether this is a shop of contracts."""
        return self.share >= LEAST_SHARE and self.subscribers >= LEAST_SUBSCRIBERS

    @property
    def few_but_regular(self) -> bool:
        """Whether it may become one: many of the customers keep a period, but they are few."""
        return self.share >= LEAST_SHARE and not self.recurs


@dataclass(frozen=True, eq=False)
class Chains:
    """The longest chain of payments of each customer.

    table: index customer_id, [days: with an order, payments: in the chain, on_time and skipped: gaps of it, inside:
    days from its first payment to its last, keeps: whether they keep the period]; paid: of the rows of ``days`` by
    customer and day, which are in a chain.
    """

    table: pd.DataFrame
    days: pd.DataFrame
    paid: NDArray[np.bool_]


def find_recurrence(days: pd.DataFrame) -> Recurrence:
    """Which period most customers keep, and how many.

    In: days[customer_id, ordered_on], one row per customer and day with an order, in any order.

    >>> months = pd.to_datetime(["2026-01-31", "2026-02-28", "2026-03-30"])
    >>> days = pd.DataFrame({"customer_id": np.repeat(range(6), 3), "ordered_on": list(months) * 6})
    >>> found = find_recurrence(days)
    >>> found.period.each, found.subscribers, found.repeaters, found.recurs
    ('monthly', 6, 6, True)
    """
    check_columns(days, ["customer_id", "ordered_on"], what="purchase days")
    counts = days["customer_id"].value_counts()
    who = np.sort(counts.index[counts >= LEAST_PAYMENTS])
    if not len(who):
        return Recurrence(None, 0, 0)
    if len(who) > FIRST_LOOK:
        some = _keepers(days, who[even_places(len(who), FIRST_LOOK)])
        if some.share < LEAST_SHARE / 2:  # far beyond chance for so many: no need to look at the rest
            return some
    return _keepers(days, who)


def _keepers(days: pd.DataFrame, who: NDArray[Any]) -> Recurrence:
    """The period that most of these customers keep."""
    repeaters = days[days["customer_id"].isin(who)]
    own = own_period(repeaters)
    new = own is not None and own.shortest >= LEAST_DAYS and not any(usual.holds(own) for usual in PERIODS)
    periods = (*PERIODS, own) if new and own else PERIODS
    keeping = [(period, chains_of_payments(repeaters, period).table["keeps"]) for period in periods]
    most = max(int(keeps.sum()) for _, keeps in keeping)
    nearly = [found for found in keeping if found[1].sum() >= AS_GOOD * most]
    best, keeps = min(nearly, key=lambda found: found[0].leeway)  # four weeks also look like a month, not the reverse
    elsewhere = pd.concat([kept for _, kept in keeping], axis=1).any(axis=1) & ~keeps
    return Recurrence(best, int(keeps.sum()), len(who), others=int(elsewhere.sum()))


def own_period(days: pd.DataFrame, *, tolerance_share: float = 0.1) -> Period | None:
    """The median gap between days as a period, None without a gap. In: as above.

    >>> days = pd.DataFrame({"customer_id": [1, 1], "ordered_on": pd.to_datetime(["2026-01-01", "2026-02-12"])})
    >>> own_period(days).each
    'every 42 days'
    """
    ordered = days.sort_values(["customer_id", "ordered_on"], kind="stable")
    gaps = ordered.groupby("customer_id")["ordered_on"].diff().dt.days.dropna()
    if gaps.empty:
        return None
    length = max(round(float(gaps.median())), 1)
    tolerance = max(round(tolerance_share * length), 1)
    name = f"{length} days" if length > 1 else "day"
    return Period(f"every {name}", name, f"periods of {name}", float(length), length, length, tolerance)


def chains_of_payments(days: pd.DataFrame, period: Period) -> Chains:
    """Each customer's longest chain of payments at a period; of equally long ones the latest. In: as above."""
    ordered = days.sort_values(["customer_id", "ordered_on"], kind="stable", ignore_index=True)
    customers, place = np.unique(ordered["customer_id"].to_numpy(), return_inverse=True)
    day = ordered["ordered_on"].to_numpy().astype("datetime64[D]").astype(np.int64)
    after, kind = _next_payments(place, day, period)
    length = _chain_lengths(after)
    # the last of the longest starts of each customer; an order within the chain starts a shorter one
    by = np.lexsort((np.arange(len(day)), length, place))
    starts = by[np.r_[place[by][1:] != place[by][:-1], True]] if len(by) else by
    paid = _walk(starts, after)
    first_day, last_day = np.full(len(customers), END), np.zeros(len(customers), np.int64)
    np.minimum.at(first_day, place[paid], day[paid])
    np.maximum.at(last_day, place[paid], day[paid])
    linked = paid & (after < len(day))
    within = (day >= first_day[place]) & (day <= last_day[place])
    table = pd.DataFrame(
        {
            "days": np.bincount(place, minlength=len(customers)),
            "payments": np.bincount(place[paid], minlength=len(customers)),
            "on_time": np.bincount(place[linked & (kind == 0)], minlength=len(customers)),
            "skipped": np.bincount(place[linked], np.maximum(kind[linked] - 1, 0), len(customers)).astype(np.int64),
            "inside": np.bincount(place[within], minlength=len(customers)),
        },
        index=pd.Index(customers, name="customer_id"),
    )
    table["keeps"] = (
        (table["payments"] >= LEAST_PAYMENTS)
        & (table["payments"] >= IN_CHAIN * table["inside"])
        & (table["on_time"] >= ON_TIME * (table["payments"] - 1))
        & (table["payments"] >= IN_CHAIN * table["days"])
    )
    return Chains(table, ordered, paid)


def _next_payments(place: NDArray[np.intp], day: Ints, period: Period) -> tuple[Ints, Ints]:
    """Of each row the row of the payment after it (the number of rows: none), and 0 on time, 1 late, 2.. skipped."""
    rows = len(day)
    far = int(day.max() - day.min() + 1 + (MOST_SKIPPED + 2) * period.patience_days) if rows else 1
    start = int(day.min()) if rows else 0
    line = place.astype(np.int64) * far + (day - start)
    after, kind = np.full(rows, rows), np.full(rows, -1)
    late = period.patience_days + int(period.mean_days * LATE_PART)
    windows = [(0, period.shortest - period.tolerance, period.patience_days), (1, period.patience_days + 1, late)]
    for skipped in range(1, MOST_SKIPPED + 1):
        times = skipped + 1
        windows.append((times, times * period.shortest - period.tolerance, times * period.longest + period.tolerance))
    for number, low, high in windows:
        middle = line + round((low + high) / 2) if number != 1 else line + low  # the nearest; of late ones the first
        right = np.searchsorted(line, middle)
        left = np.maximum(right - 1, 0)
        ahead = np.minimum(right, rows - 1)
        nearer = np.where(np.abs(line[left] - middle) < np.abs(line[ahead] - middle), left, ahead)
        gap = line[nearer] - line
        fits = (after == rows) & (gap >= max(low, 1)) & (gap <= high)
        after[fits], kind[fits] = nearer[fits], number
    return after, kind


def _chain_lengths(after: Ints) -> Ints:
    """How many payments the chain from each row has; every next row lies further down."""
    length = [1] * (len(after) + 1)
    length[-1] = 0
    for row, following in zip(range(len(after) - 1, -1, -1), after[::-1].tolist(), strict=True):
        length[row] = 1 + length[following]
    return np.array(length[:-1], dtype=np.int64)


def _walk(starts: Ints, after: Ints) -> NDArray[np.bool_]:
    """The rows on the chains that begin at some rows."""
    paid = np.zeros(len(after) + 1, dtype=bool)
    here = np.asarray(starts, dtype=np.int64)
    while len(here):
        paid[here] = True
        here = after[here]
        here = here[here < len(after)]
    return paid[:-1]
