"""RFM: recency, frequency and monetary value as quintile scores of the base.

Recency is days since the last order, frequency the orders, monetary the net spend. 5 is always best. Customers who
behaved alike get the same score whatever their number or place in the table.
"""

from datetime import date

import numpy as np
import pandas as pd

from crm_core.errors import CrmError
from crm_core.vocabulary import Tier

__all__ = ["HIGH_FROM_SUM", "LOW_UP_TO_SUM", "NEEDED_COLUMNS", "rfm_table", "score_quintiles"]

NEEDED_COLUMNS = ("last_order_on", "orders", "spend_minor")
HIGH_FROM_SUM = 12  # of 3..15: four on average
LOW_UP_TO_SUM = 6  # two on average
BANDS = 5


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


def rfm_table(facts: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
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
    table["r_score"] = score_quintiles(-since)
    table["f_score"] = score_quintiles(known["orders"])
    table["m_score"] = score_quintiles(known["spend_minor"].fillna(0))
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
