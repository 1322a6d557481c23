"""RFM: recency, frequency and monetary value as scores 1 to 5, by fifths of the base or by limits of the owner's.

Recency is days since the last order, frequency the orders, monetary the net spend. 5 is always best. Customers who
behaved alike get the same score whatever their number or place in the table.
"""

from dataclasses import dataclass, fields
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from crm_core.errors import CrmError
from crm_core.vocabulary import Tier

__all__ = [
    "FIFTHS",
    "HIGH_FROM_SUM",
    "LOW_UP_TO_SUM",
    "NEEDED_COLUMNS",
    "RfmLimits",
    "rfm_table",
    "score_by_limits",
    "score_quintiles",
    "usual_limits",
]

NEEDED_COLUMNS = ("last_order_on", "orders", "spend_minor")
HIGH_FROM_SUM = 12  # of 3..15: four on average
LOW_UP_TO_SUM = 6  # two on average
BANDS = 5


@dataclass(frozen=True)
class RfmLimits:
    """Four rising limits between the five scores of each fact; none: fifths of the base.

    recency_days: who ordered within the first so many days scores 5, within the second 4 …, later than the last 1;
    orders, spend_minor: who has the last or more scores 5, …, less than the first 1.
    """

    recency_days: tuple[int, ...] = ()
    orders: tuple[int, ...] = ()
    spend_minor: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for field in fields(self):
            limits = getattr(self, field.name)
            if not limits:
                continue
            rising = all(one < other for one, other in pairwise(limits))
            if len(limits) != BANDS - 1 or not rising or limits[0] < 0:
                what = {"recency_days": "days since the last order", "orders": "orders", "spend_minor": "sales"}
                raise CrmError(
                    f"The limits of {what[field.name]} must be {BANDS - 1} numbers from 0 on, each above the one "
                    f"before it; they are {', '.join(map(str, limits))}."
                )


FIFTHS = RfmLimits()


def score_quintiles(values: pd.Series) -> pd.Series:
    """Scores 1..5 by rank, 5 for the largest; equal values share the score of their middle rank.

    In: numbers or days without gaps. Out: int64 under the same index; all equal gives 3.

    >>> score_quintiles(pd.Series([10, 20, 30, 40, 50])).tolist()
    [1, 2, 3, 4, 5]
    >>> score_quintiles(pd.Series([1, 1, 1, 9])).tolist(), score_quintiles(pd.Series([7, 7])).tolist()
    ([2, 2, 2, 5], [3, 3])
    """
    doubled_rank = (2 * values.rank(method="average")).astype("int64")  # whole, so that no rounding moves a score
    return -((-BANDS * (doubled_rank - 1)) // (2 * max(len(values), 1)))


def score_by_limits(values: pd.Series, limits: tuple[int, ...]) -> pd.Series:
    """Scores 1..5: one, and one more for each limit that is reached. In: numbers; four rising limits. Out: int64.

    >>> score_by_limits(pd.Series([0, 2, 9, 10]), (2, 4, 6, 10)).tolist()
    [1, 2, 4, 5]
    """
    reached = np.searchsorted(np.asarray(limits, dtype=float), values.to_numpy(float), side="right")
    return pd.Series(reached.astype("int64") + 1, index=values.index, name=values.name)


def usual_limits(facts: pd.DataFrame, *, as_of: date) -> RfmLimits:
    """Limits near the borders of the fifths, for an owner to start from. In: as ``rfm_table``.

    Where many are alike a fifth may hold nobody; its limit is then one above the one before.

    >>> day = pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01", "2026-03-11", "2026-03-21"])
    >>> facts = pd.DataFrame({"last_order_on": day, "orders": [1, 1, 2, 4, 9], "spend_minor": [5, 9, 20, 40, 90]})
    >>> usual_limits(facts, as_of=date(2026, 3, 31))
    RfmLimits(recency_days=(10, 20, 30, 58), orders=(2, 3, 4, 9), spend_minor=(9, 20, 40, 90))
    """
    table = rfm_table(facts, as_of=as_of)
    days = [table.loc[table["r_score"] >= score, "days_since_last_order"].max() for score in (5, 4, 3, 2)]
    lists = [days]
    for fact, scored in (("orders", "f_score"), ("spend_minor", "m_score")):
        lists.append([table.loc[table[scored] >= score, fact].min() for score in (2, 3, 4, 5)])
    return RfmLimits(*(_made_rising(found) for found in lists))


def _made_rising(found: list[float]) -> tuple[int, ...]:
    limits: list[int] = []
    for value in found:
        least = limits[-1] + 1 if limits else 0
        limits.append(least if pd.isna(value) else max(int(value), least))
    return tuple(limits)


def rfm_table(facts: pd.DataFrame, *, as_of: date, limits: RfmLimits = FIFTHS) -> pd.DataFrame:
    """RFM scores of every customer who has ordered by the end of a day.

    In: facts[last_order_on: datetime64, orders: count, spend_minor: net of refunds], one row per customer.
    Out: same index without those who have no order, [days_since_last_order: days, orders: count, spend_minor: money,
    r_score, f_score, m_score: 1..5, 5 best, rfm_sum: 3..15, rfm_level: high, medium or low].
    Source: Hughes, Strategic Database Marketing (1994), with ties kept together.

    >>> day = pd.to_datetime(["2026-01-01", "2026-03-01"])
    >>> facts = pd.DataFrame({"last_order_on": day, "orders": [1, 9], "spend_minor": [500, 90000]}, index=[1, 2])
    >>> rfm_table(facts, as_of=date(2026, 3, 31))[["days_since_last_order", "r_score", "f_score", "rfm_level"]]
       days_since_last_order  r_score  f_score rfm_level
    1                     89        2        2       low
    2                     30        4        4      high
    """
    check_columns(facts)
    known = facts.loc[(facts["orders"] > 0) & facts["last_order_on"].notna(), list(NEEDED_COLUMNS)]
    since = (pd.Timestamp(as_of) - known["last_order_on"].dt.normalize()).dt.days.astype("int64")
    table = known[["orders", "spend_minor"]].copy()
    table.insert(0, "days_since_last_order", since)
    spent = known["spend_minor"].fillna(0)
    if limits.recency_days:  # a day more than a limit is beyond it, so the days are counted backwards
        table["r_score"] = score_by_limits(-since, tuple(-days for days in reversed(limits.recency_days)))
    else:
        table["r_score"] = score_quintiles(-since)
    table["f_score"] = (
        score_by_limits(known["orders"], limits.orders) if limits.orders else score_quintiles(table["orders"])
    )
    table["m_score"] = score_by_limits(spent, limits.spend_minor) if limits.spend_minor else score_quintiles(spent)
    table["rfm_sum"] = table[["r_score", "f_score", "m_score"]].sum(axis=1)
    table["rfm_level"] = name_level(table["rfm_sum"])
    return table


def name_level(rfm_sum: pd.Series) -> pd.Series:
    """High, medium or low from the sum of the three scores.

    >>> name_level(pd.Series([15, 12, 11, 7, 6, 3])).tolist()
    ['high', 'high', 'medium', 'medium', 'low', 'low']
    """
    names = np.select(
        [rfm_sum >= HIGH_FROM_SUM, rfm_sum <= LOW_UP_TO_SUM],
        [Tier.HIGH.value, Tier.LOW.value],
        default=Tier.MEDIUM.value,
    )
    return pd.Series(names, index=rfm_sum.index, dtype="str")


def check_columns(facts: pd.DataFrame) -> None:
    """Nothing, or a sentence naming the columns that are missing and those that are there."""
    missing = [name for name in NEEDED_COLUMNS if name not in facts.columns]
    if missing:
        raise CrmError(
            f"RFM needs the columns {', '.join(missing)}; found {', '.join(map(str, facts.columns)) or 'none'}."
        )
