"""Who pays by contract, since when, how often so far, and whether they still do.

Who has paid at least three times at the shop's period is a subscriber. Others, who came lately or left early, are told
by the price: they paid what subscribers pay. Where subscribers pay no fixed prices, they count if nearly everybody with
more orders is a subscriber, and are left out otherwise.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_core.features.recurring import Chains, Period, chains_of_payments

__all__ = ["Subscribers", "every_customer", "find_subscribers"]

PRICE_PAID, PRICE_SHARE = 3, 0.01  # an amount is a price when so many payments, and this share of all, are of it
FIXED = 0.5  # of the payments are at such prices: the shop has fixed prices
AT_PRICE = 0.6  # of a customer's days
NEARLY_ALL = 0.8  # of those with enough days are subscribers
LAST_AMOUNTS = 3


@dataclass(frozen=True, eq=False)
class Subscribers:
    """Who subscribes, and how many customers don't (left_out).

    table: index customer_id, [since, last_paid_on, due_on: the next payment, periods_paid, skipped: payments left out
    in between, running: whether the contract still ran at the end, amount_minor: of a period, the median of the last
    three payments].
    """

    table: pd.DataFrame
    left_out: int


def find_subscribers(days: pd.DataFrame, period: Period, *, as_of: pd.Timestamp) -> Subscribers:
    """The subscribers of a shop with a period.

    In: days[customer_id, ordered_on, spend_minor], one row per customer and day with an order, in any order.

    >>> paid = pd.to_datetime(["2026-01-31", "2026-02-28", "2026-03-31", "2026-01-15"])
    >>> days = pd.DataFrame({"customer_id": [1, 1, 1, 2], "ordered_on": paid, "spend_minor": [900, 900, 900, 900]})
    >>> from crm_core.features.recurring import PERIODS
    >>> monthly = next(period for period in PERIODS if period.months == 1)
    >>> found = find_subscribers(days, monthly, as_of=pd.Timestamp("2026-04-02"))
    >>> found.table[["periods_paid", "running"]].to_dict("list")
    {'periods_paid': [3, 1], 'running': [True, False]}
    """
    chains = chains_of_payments(days, period)
    who = _subscribe(chains)
    paid = chains.days[chains.paid]
    table = _contracts(paid[paid["customer_id"].isin(who.index[who])], period, as_of=as_of)
    table["skipped"] = chains.table["skipped"].reindex(table.index)
    return Subscribers(table, int((~who).sum()))


def every_customer(days: pd.DataFrame, period: Period, *, as_of: pd.Timestamp) -> Subscribers:
    """Every customer as a subscriber, every day with an order as a payment: where no fixed interval shows."""
    table = _contracts(days, period, as_of=as_of)
    table["skipped"] = 0
    return Subscribers(table, 0)


def _subscribe(chains: Chains) -> "pd.Series[bool]":
    """Of each customer whether they are a subscriber."""
    table, days = chains.table, chains.days
    keeps = table["keeps"]
    by_subscriber = days["customer_id"].map(keeps)
    payments = days.loc[chains.paid & by_subscriber.to_numpy(bool), "spend_minor"]
    counts = payments.value_counts()
    prices = counts.index[counts >= max(PRICE_PAID, PRICE_SHARE * len(payments))]
    if len(payments) and payments.isin(prices).mean() >= FIXED:
        at_price = days["spend_minor"].isin(prices).groupby(days["customer_id"]).mean()
        return keeps | (at_price.reindex(table.index) >= AT_PRICE)
    repeaters = table["days"] >= PRICE_PAID
    nearly_all = bool(repeaters.any()) and keeps[repeaters].mean() >= NEARLY_ALL
    return keeps | (nearly_all & ~repeaters)


def _contracts(paid: pd.DataFrame, period: Period, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per customer from the days on which they paid."""
    ordered = paid.sort_values(["customer_id", "ordered_on"], kind="stable")
    by_customer = ordered.groupby("customer_id")
    table = by_customer["ordered_on"].agg(since="min", last_paid_on="max", periods_paid="size")
    table["due_on"] = period.due_after(table["last_paid_on"])
    table["running"] = (as_of - table["last_paid_on"]).dt.days <= period.patience_days
    last = ordered[by_customer.cumcount(ascending=False) < LAST_AMOUNTS]
    table["amount_minor"] = last.groupby("customer_id")["spend_minor"].median().astype(np.float64)
    return table
