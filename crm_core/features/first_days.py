"""A customer's first days, and how their first year ended: what a forecast for somebody new is learnt from.

Day 0 is the day of the first order. A conversation's or a request's day counts from there too.
"""

import numpy as np
import pandas as pd

__all__ = ["FIRST_DAYS", "YEAR_DAYS", "first_days_table", "first_year_table"]

FIRST_DAYS = 90
YEAR_DAYS = 365


def first_days_table(
    days: pd.DataFrame,
    talks: pd.DataFrame,
    requests: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    seen_days: int = FIRST_DAYS,
    talks_since: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """What each customer did in the first ``seen_days`` days, the day of the first order included.

    In: days[customer_id, ordered_on, orders], all up to as_of; talks[customer_id, happened_on, minutes];
    requests[customer_id, opened_on, requests: count, answered: count, response_minutes: sum over those answered];
    talks_since: the first day with any conversation on record, None without one.
    Out: index customer_id, [first_order_on, orders: count, interaction_minutes: NaN where the first days began before
    conversations were recorded, requests: count, first_response_minutes: mean, NaN where nobody asked or nobody
    answered yet].

    >>> days = pd.DataFrame({"customer_id": [1, 1], "ordered_on": pd.to_datetime(["2025-01-01", "2025-04-01"])})
    >>> talks = pd.DataFrame({"customer_id": [1], "happened_on": pd.to_datetime(["2025-01-03"]), "minutes": [8.0]})
    >>> nothing = pd.DataFrame({"customer_id": [], "opened_on": pd.to_datetime([]), "requests": [], "answered": [],
    ...                         "response_minutes": []})
    >>> first = first_days_table(days.assign(orders=1), talks, nothing, as_of=pd.Timestamp("2026-01-01"),
    ...                          talks_since=pd.Timestamp("2024-12-24"))
    >>> first.drop(columns="first_order_on").loc[1].tolist()
    [1.0, 8.0, 0.0, nan]
    """
    first = days.groupby("customer_id")["ordered_on"].min()
    early = {
        name: _within(table[table[day] <= as_of], day, first, days=seen_days).groupby("customer_id")
        for name, table, day in (
            ("orders", days, "ordered_on"),
            ("talks", talks, "happened_on"),
            ("requests", requests, "opened_on"),
        )
    }
    asked = early["requests"][["requests", "answered", "response_minutes"]].sum().reindex(first.index, fill_value=0)
    minutes = early["talks"]["minutes"].sum().reindex(first.index, fill_value=0).astype("float64")
    recorded = first >= talks_since if talks_since is not None else np.zeros(len(first), dtype=bool)
    return pd.DataFrame(
        {
            "first_order_on": first,
            "orders": early["orders"]["orders"].sum().reindex(first.index).astype("int64"),
            "interaction_minutes": minutes.where(recorded),
            "requests": asked["requests"].astype("int64"),
            "first_response_minutes": asked["response_minutes"] / asked["answered"].where(asked["answered"] > 0),
        }
    )


def first_year_table(days: pd.DataFrame, refunds: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """How the first year ended for every customer whose 365 days have passed; nobody else is in it.

    In: days[customer_id, ordered_on, orders, spend_minor]; refunds[customer_id, refunded_on, refunded_minor].
    Out: index customer_id, [orders: count, spend_minor: net of refunds, repeat_rate: 0..1], of days 0..364.

    >>> days = pd.DataFrame({"customer_id": [1, 1, 2], "ordered_on": pd.to_datetime(["2025-01-01", "2025-12-31",
    ...     "2025-01-02"]), "orders": 1, "spend_minor": 500})
    >>> none = pd.DataFrame({"customer_id": [], "refunded_on": pd.to_datetime([]), "refunded_minor": []})
    >>> first_year_table(days, none, as_of=pd.Timestamp("2026-01-01")).to_dict("index")
    {1: {'orders': 2, 'spend_minor': 1000.0, 'repeat_rate': 0.5}}
    """
    first = days.groupby("customer_id")["ordered_on"].min()
    first = first[first <= as_of - pd.Timedelta(days=YEAR_DAYS)]
    bought = _within(days, "ordered_on", first, days=YEAR_DAYS).groupby("customer_id")
    given_back = _within(refunds, "refunded_on", first, days=YEAR_DAYS).groupby("customer_id")["refunded_minor"].sum()
    orders = bought["orders"].sum().reindex(first.index).astype("int64")
    spend = bought["spend_minor"].sum().reindex(first.index) - given_back.reindex(first.index, fill_value=0)
    return pd.DataFrame(
        {"orders": orders, "spend_minor": spend.astype("float64"), "repeat_rate": (orders - 1) / orders}
    )


def _within(table: pd.DataFrame, day: str, first: pd.Series, *, days: int) -> pd.DataFrame:
    """The rows of a customer's first days; rows of customers without a first order are left out."""
    since = (table[day] - table["customer_id"].map(first)).dt.days
    return table[(since >= 0) & (since < days)]
