"""What each customer spent month by month, as a series that a forecast can go on with, and who has one worth it.

Months are counted back from the day looked at, so that none is cut: the latest one ends with that day.
"""

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from crm_core.features.purchase_summary import check_columns
from crm_core.vocabulary import DAYS_PER_MONTH

__all__ = ["Regularity", "month_ends", "monthly_spend", "regular_customers"]


@dataclass(frozen=True)
class Regularity:
    """Whose spend is a series: so many months since the first order, orders in so many of the latest of them."""

    months: int = 24
    with_orders: int = 8

    @property
    def span(self) -> str:
        """How long that is, in words.

        >>> Regularity().span, Regularity(months=12).span
        ('two years', '12 months')
        """
        return "two years" if self.months == 24 else f"{self.months} months"


def monthly_spend(days: pd.DataFrame, *, as_of: date | pd.Timestamp) -> pd.DataFrame:
    """One row per customer, one column per month: the spend of whole months since the first order, in order of time.

    In: days[customer_id, ordered_on: datetime64, spend_minor: a refund below 0], several rows a day are added up; what
    is later than as_of is left out. Out: index customer_id, columns: the last day of each month, NaN for months that
    began before the customer's first row. Who has no whole month yet has a row of NaN.

    >>> days = pd.DataFrame({"customer_id": [1, 1, 2], "spend_minor": [500, 700, 900],
    ...     "ordered_on": pd.to_datetime(["2026-01-01", "2026-03-01", "2026-02-01"])})
    >>> monthly_spend(days, as_of=date(2026, 3, 14)).to_numpy().tolist()
    [[0.0, 700.0], [nan, 0.0]]
    """
    check_columns(days, ["customer_id", "ordered_on", "spend_minor"], what="purchase days")
    end = pd.Timestamp(as_of).normalize()
    seen = days[days["ordered_on"] <= end]
    ages = (end - seen["ordered_on"]).dt.days.to_numpy(np.int64)
    ids, position = np.unique(seen["customer_id"].to_numpy(), return_inverse=True)
    oldest = np.zeros(len(ids), np.int64)
    np.maximum.at(oldest, position, ages)
    whole = _whole_months(oldest)
    most = int(whole.max(initial=0))
    back = (ages / DAYS_PER_MONTH).astype(np.int64)
    kept = back < whole[position]
    spend = np.zeros((len(ids), most))
    np.add.at(spend, (position[kept], most - 1 - back[kept]), seen["spend_minor"].to_numpy(np.float64)[kept])
    spend[np.arange(most) < most - whole[:, None]] = np.nan
    columns = month_ends(as_of, months=most)
    return pd.DataFrame(spend, index=pd.Index(ids, name="customer_id"), columns=columns)


def month_ends(as_of: date | pd.Timestamp, *, months: int, ahead: bool = False) -> pd.DatetimeIndex:
    """The last days of the months up to a day, or of those after it, in order of time.

    >>> [day.date().isoformat() for day in month_ends(date(2026, 3, 14), months=2, ahead=True)]
    ['2026-04-13', '2026-05-13']
    """
    end = pd.Timestamp(as_of).normalize()
    if ahead:  # the last day that is less than so many months after the end
        return pd.DatetimeIndex([end + pd.Timedelta(days=int(DAYS_PER_MONTH * (n + 1))) for n in range(months)])
    return pd.DatetimeIndex([end - pd.Timedelta(days=math.ceil(DAYS_PER_MONTH * n)) for n in reversed(range(months))])


def regular_customers(days: pd.DataFrame, *, as_of: date | pd.Timestamp, rule: Regularity) -> pd.DataFrame:
    """Who has a series by the rule, the most regular first, then the longest known.

    In: days[customer_id, ordered_on: datetime64], a row per purchase day. Out: index customer_id, [months: whole ones
    since the first order, with_orders: how many of the rule's latest months have an order].

    >>> days = pd.DataFrame({"customer_id": [1, 1, 2],
    ...     "ordered_on": pd.to_datetime(["2026-01-01", "2026-03-01", "2026-01-01"])})
    >>> regular_customers(days, as_of=date(2026, 3, 14), rule=Regularity(months=2, with_orders=1))
                 months  with_orders
    customer_id
    1                 2            1
    """
    end = pd.Timestamp(as_of).normalize()
    seen = days[days["ordered_on"] <= end]
    ages = (end - seen["ordered_on"]).dt.days
    months = pd.Series(_whole_months(ages.groupby(seen["customer_id"]).max().to_numpy(np.int64)), dtype="int64")
    months.index = pd.Index(np.unique(seen["customer_id"].to_numpy()), name="customer_id")
    latest = (ages / DAYS_PER_MONTH).astype(np.int64)
    recent = seen[["customer_id"]].assign(month=latest)[latest < rule.months].drop_duplicates()
    with_orders = recent.groupby("customer_id").size().reindex(months.index, fill_value=0)
    table = pd.DataFrame({"months": months, "with_orders": with_orders})
    table = table[(table["months"] >= rule.months) & (table["with_orders"] >= rule.with_orders)].sort_index()
    return table.sort_values(["with_orders", "months"], ascending=False, kind="stable")


def _whole_months(oldest_days: np.ndarray) -> np.ndarray:
    """How many months fit between the day of so many days ago, included, and the end."""
    return ((oldest_days + 1) / DAYS_PER_MONTH).astype(np.int64)
