"""What a customer's purchase days say about timing and spend: the input of the BG/NBD family and of Gamma-Gamma.

A purchase is one customer-day: two orders on one day are one purchase, as in the family's papers.
"""

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from crm_core.errors import CrmError

__all__ = [
    "SUMMARY_COLUMNS",
    "check_columns",
    "facts_from_summary",
    "purchase_summary",
    "rate_ahead",
    "rows_by_day",
    "summary_from_facts",
]

SUMMARY_COLUMNS = [
    "repeat_days",
    "first_to_last_days",
    "tenure_days",
    "mean_repeat_spend",
    "total_spend",
    "purchase_days",
]


def purchase_summary(transactions: pd.DataFrame, *, observation_end: date | str | pd.Timestamp) -> pd.DataFrame:
    """One row per customer who bought on or before the last day seen.

    In: transactions[customer_id, date] and where known amount; several rows a day are one purchase. A negative amount
    is a refund: it lowers the spend and makes no purchase. Rows after observation_end are left out.
    Out: index customer_id, repeat_days (x: purchase days after the first), first_to_last_days (t_x), tenure_days
    (T: first purchase to observation_end), mean_repeat_spend (per purchase day after the first; NaN if none or
    unknown), total_spend (NaN if unknown), purchase_days.
    Source: Fader, Hardie & Lee (2005), Marketing Science 24(2), section 2.

    >>> rows = pd.DataFrame({"customer_id": ["a", "a", "a", "b"], "amount": [5.0, 8.0, 4.0, 9.0],
    ...     "date": pd.to_datetime(["2026-01-01", "2026-01-11", "2026-01-11", "2026-01-21"])})
    >>> purchase_summary(rows, observation_end="2026-01-31").loc["a"].tolist()
    [1.0, 10.0, 30.0, 12.0, 17.0, 2.0]
    """
    check_columns(transactions, ["customer_id", "date"], what="the transactions")
    end = pd.Timestamp(observation_end).normalize()
    rows = rows_by_day(transactions, end)
    days = rows[rows["purchases"] > 0]
    known = days["known"] > 0
    by_customer = days.groupby("customer_id", sort=True)
    first, last = by_customer["day"].min(), by_customer["day"].max()
    on_first = days["day"].to_numpy() == first.reindex(days["customer_id"]).to_numpy()
    total = _sum_by_customer(rows, first.index, "amount")
    later_days = _sum_by_customer(days[known & ~on_first], first.index, "one")
    later_spend = total - _sum_by_customer(days[on_first], first.index, "amount")
    any_known = _sum_by_customer(rows, first.index, "known") > 0
    table = pd.DataFrame(
        {
            "repeat_days": by_customer.size() - 1.0,
            "first_to_last_days": (last - first).dt.days.astype(float),
            "tenure_days": (end - first).dt.days.astype(float),
            "mean_repeat_spend": (later_spend / later_days.where(later_days > 0)).astype(float),
            "total_spend": total.where(any_known).astype(float),
            "purchase_days": by_customer.size().astype(float),
        }
    )
    return table[SUMMARY_COLUMNS]


def summary_from_facts(facts: pd.DataFrame, *, as_of: date | pd.Timestamp) -> pd.DataFrame:
    """The same table from facts that the database has already aggregated; money in minor units.

    In: index customer_id, [purchase_days, first_order_on, last_order_on, spend_minor, first_day_spend_minor].
    Out: as purchase_summary; customers without a purchase are left out.
    """
    check_columns(facts, ["purchase_days", "first_order_on", "last_order_on", "spend_minor"], what="the facts")
    bought = facts[facts["purchase_days"] > 0]
    first, last = pd.to_datetime(bought["first_order_on"]), pd.to_datetime(bought["last_order_on"])
    repeat = bought["purchase_days"].astype(float) - 1.0
    later_spend = bought["spend_minor"].astype(float) - bought["first_day_spend_minor"].astype(float)
    table = pd.DataFrame(
        {
            "repeat_days": repeat,
            "first_to_last_days": (last - first).dt.days.astype(float),
            "tenure_days": (pd.Timestamp(as_of).normalize() - first).dt.days.astype(float),
            "mean_repeat_spend": later_spend / repeat.where(repeat > 0),
            "total_spend": bought["spend_minor"].astype(float),
            "purchase_days": repeat + 1.0,
        },
        index=bought.index,
    )
    return table[SUMMARY_COLUMNS]


def facts_from_summary(summary: pd.DataFrame, *, as_of: date | pd.Timestamp) -> pd.DataFrame:
    """The way back: facts as rhythm and RFM ask for them, of the day at whose end the summary was made.

    In: rows of purchase_summary. Out: same index, [purchase_days, orders: the same, first_order_on, last_order_on:
    datetime64, spend_minor: total_spend, in its own unit].

    >>> rows = pd.DataFrame({"customer_id": ["a", "a"], "date": pd.to_datetime(["2026-01-01", "2026-01-11"])})
    >>> facts = facts_from_summary(purchase_summary(rows, observation_end="2026-01-31"), as_of=date(2026, 1, 31))
    >>> [float(facts.loc["a", "orders"]), facts.loc["a", "last_order_on"].date().isoformat()]
    [2.0, '2026-01-11']
    """
    first = pd.Timestamp(as_of) - pd.to_timedelta(summary["tenure_days"], unit="D")
    return pd.DataFrame(
        {
            "purchase_days": summary["purchase_days"],
            "orders": summary["purchase_days"],
            "first_order_on": first,
            "last_order_on": first + pd.to_timedelta(summary["first_to_last_days"], unit="D"),
            "spend_minor": summary["total_spend"],
        },
        index=summary.index,
    )


def rate_ahead(summary: pd.DataFrame, *, days: float) -> pd.Series:
    """Everybody's repeat purchases so far, carried on for so many days.

    Somebody known for less than that has no rate of their own yet: their few purchases are one window's.

    >>> base = pd.DataFrame({"repeat_days": [4.0, 1.0], "tenure_days": [200.0, 10.0]})
    >>> rate_ahead(base, days=100).tolist()
    [2.0, 1.0]
    """
    return summary["repeat_days"] / np.maximum(summary["tenure_days"], days) * days


def check_columns(table: pd.DataFrame, needed: Iterable[str], *, what: str) -> None:
    """Refuse a table that lacks a column, in a sentence that says what was found."""
    missing = [name for name in needed if name not in table.columns]
    if missing:
        found = ", ".join(map(repr, table.columns)) or "no columns"
        raise CrmError(f"{what.capitalize()} need a column {missing[0]!r}; found {found}.")


def rows_by_day(transactions: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """One row per customer and day up to the end, sorted: [customer_id, day, amount: known ones summed, purchases: rows
    that are no refund, known: rows with an amount, one]. In: transactions[customer_id, date] and where known amount."""
    if "amount" in transactions:
        amount = pd.to_numeric(transactions["amount"]).to_numpy(dtype=float, na_value=np.nan)
    else:
        amount = np.full(len(transactions), np.nan)
    known = np.isfinite(amount)
    rows = pd.DataFrame(
        {
            "customer_id": transactions["customer_id"].to_numpy(),
            "day": pd.to_datetime(transactions["date"]).dt.normalize().to_numpy(),
            "amount": np.where(known, amount, 0.0),
            "purchases": (~known | (amount >= 0)).astype(float),
            "known": known.astype(float),
        }
    )
    rows = rows[(rows["day"] <= end) & rows["customer_id"].notna()]
    days = rows.groupby(["customer_id", "day"], sort=True).sum().reset_index()
    return days.assign(one=1.0)


def _sum_by_customer(rows: pd.DataFrame, customers: pd.Index, column: str) -> pd.Series:
    """The column's sum per customer, 0 where there is no row."""
    return rows.groupby("customer_id")[column].sum().reindex(customers, fill_value=0.0)
