"""One regular customer as a series: what they spent month by month, how that goes on, and what it is worth today."""

from dataclasses import dataclass

import pandas as pd

from crm_core.decisions.lifetime_value import present_values, profit_lifetime_value
from crm_core.errors import CrmError
from crm_core.features.spend_series import month_ends, regular_customers
from crm_core.models.spend_forecast import Method, forecast_spend
from crm_core.services.customers import CustomerBase
from crm_core.services.past_days import known_transactions
from crm_core.services.preferences import Preferences
from crm_core.services.series_answers import known_series
from crm_core.services.spend_series import MOST_CUSTOMERS, RULE
from crm_core.store.session import Store

__all__ = ["Method", "Outlook", "forecast_value", "series_outlook"]

MONTHS_PER_YEAR = 12


@dataclass(frozen=True, eq=False)
class Outlook:
    """A customer's months and years.

    months: [month_ends_on: datetime64, spend_minor: refunds taken off, NaN for months ahead, forecast_minor: NaN for
    months past], in order of time; used: what answered, as words; years: as ``forecast_value``; worth_minor: of all
    years ahead together, as of today.
    """

    months: pd.DataFrame
    used: str
    years: pd.DataFrame
    worth_minor: float


def series_outlook(
    store: Store, base: CustomerBase, customer_id: int, *, method: Method, years: int, preferences: Preferences
) -> Outlook:
    """A customer's series carried on for so many years, with margin and discount rate from the owner's choices."""
    rows = known_transactions(store, base)
    if customer_id not in base.table.index:
        raise CrmError(f"Customer {customer_id} has no order yet, so there is no series to carry on.")
    people = pd.Index([customer_id], name="customer_id")
    if method is Method.NETWORK:  # it learns from everyone together
        regular = regular_customers(base.days, as_of=base.as_of, rule=RULE).index[:MOST_CUSTOMERS]
        people = people.append(regular.difference(people))
    series = known_series(rows, people, as_of=base.as_of)
    told = forecast_spend(series, months=years * MONTHS_PER_YEAR, method=method)
    own, ahead = series.loc[customer_id].dropna(), told.table.loc[customer_id]
    past = pd.DataFrame({"month_ends_on": own.index, "spend_minor": own.to_numpy(), "forecast_minor": float("nan")})
    future = pd.DataFrame(
        {
            "month_ends_on": month_ends(base.as_of, months=len(ahead), ahead=True),
            "spend_minor": float("nan"),
            "forecast_minor": ahead.to_numpy(),
        }
    )
    table = forecast_value(ahead, margin_share=preferences.margin_share, discount_rate=preferences.discount_rate)
    worth = profit_lifetime_value(table["profit_minor"].tolist(), discount_rate=preferences.discount_rate)
    return Outlook(pd.concat([past, future], ignore_index=True), str(told.used[customer_id]), table, worth)


def forecast_value(months: pd.Series, *, margin_share: float, discount_rate: float) -> pd.DataFrame:
    """What forecast months come to by year: the series' lifetime value is the sum of its last column.

    In: months ahead in order of time, whole years of them. Out: [year: 1, 2, ..., spend_minor, profit_minor: margin of
    it, today_minor: that discounted from the year's end].

    >>> forecast = pd.Series([1000 / 12] * 12 + [1200 / 12] * 12)
    >>> table = forecast_value(forecast, margin_share=1.0, discount_rate=0.10)
    >>> table["today_minor"].round(2).tolist(), round(float(table["today_minor"].sum()), 2)
    ([909.09, 991.74], 1900.83)
    """
    if len(months) % MONTHS_PER_YEAR:
        raise CrmError(f"A lifetime value by year needs whole years of months; got {len(months)} months.")
    spend = months.to_numpy(float).reshape(-1, MONTHS_PER_YEAR).sum(axis=1)
    profit = margin_share * spend
    today = present_values(profit.tolist(), discount_rate=discount_rate)
    years = range(1, len(spend) + 1)
    return pd.DataFrame({"year": years, "spend_minor": spend, "profit_minor": profit, "today_minor": today})
