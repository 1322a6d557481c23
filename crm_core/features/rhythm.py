"""How often each customer buys, and how late they are by their own measure.

The usual gap is the mean of a customer's own gaps, shrunk towards the shop's typical gap by the weight of one gap, so
that two orders on neighbouring days don't make a daily buyer. One-time buyers have no gap: the shop's median
first-to-second gap stands in.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

__all__ = ["ShopRhythm", "Waits", "count_returns", "rhythm_table", "shop_rhythm", "waits_between_orders"]

PRIOR_GAPS = 1.0  # the shop's typical gap weighs as much as one gap of one's own


@dataclass(frozen=True)
class ShopRhythm:
    """The shop's own pace. None where nobody has bought on two days yet."""

    typical_gap_days: float | None
    first_to_second_days: float | None
    repeat_buyers: int


@dataclass(frozen=True)
class Waits:
    """Every wait for a next order so far, ended or not, one entry each.

    usual_days: the usual gap known when the wait began; started and ended: day numbers (ended NaN while waiting);
    first: whether it was the wait for a second order.
    """

    usual_days: np.ndarray
    started: np.ndarray
    ended: np.ndarray
    first: np.ndarray


def shop_rhythm(days: pd.DataFrame) -> ShopRhythm:
    """The shop's typical gap and first-to-second gap.

    In: days[customer_id, ordered_on], one row per customer and purchase day, in any order.

    >>> days = pd.DataFrame({"customer_id": [1, 1, 1, 2],
    ...     "ordered_on": pd.to_datetime(["2026-01-01", "2026-01-11", "2026-01-31", "2026-01-05"])})
    >>> shop_rhythm(days)
    ShopRhythm(typical_gap_days=15.0, first_to_second_days=10.0, repeat_buyers=1)
    """
    ordered = days.sort_values(["customer_id", "ordered_on"], kind="stable")
    gaps = ordered.groupby("customer_id")["ordered_on"].diff().dt.days
    known = gaps.notna()
    if not known.any():
        return ShopRhythm(None, None, 0)
    customers = ordered["customer_id"][known]
    firsts = gaps[known][~customers.duplicated()]
    means = gaps[known].groupby(customers).mean()
    return ShopRhythm(float(means.median()), float(firsts.median()), len(means))


def rhythm_table(facts: pd.DataFrame, *, shop: ShopRhythm, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per customer of facts.

    In: facts[purchase_days, first_order_on, last_order_on, orders]. Out, same index: [days_since_last_order,
    tenure_days, first_to_last_days: days, mean_gap_days: NaN for one purchase day, usual_gap_days: shrunk, NaN when
    the shop has no rhythm yet, lateness: days since the last order over the usual gap, repeat_rate: (orders - 1) /
    orders].
    """
    since = (as_of - facts["last_order_on"]).dt.days.astype(float)
    active = (facts["last_order_on"] - facts["first_order_on"]).dt.days.astype(float)
    gaps = (facts["purchase_days"] - 1).astype(float)
    typical = np.nan if shop.typical_gap_days is None else shop.typical_gap_days
    waiting = np.nan if shop.first_to_second_days is None else shop.first_to_second_days
    shrunk = (active + PRIOR_GAPS * typical) / (gaps + PRIOR_GAPS)
    usual = shrunk.where(gaps > 0, waiting).clip(lower=1.0)
    return pd.DataFrame(
        {
            "days_since_last_order": since,
            "tenure_days": (as_of - facts["first_order_on"]).dt.days.astype(float),
            "first_to_last_days": active,
            "mean_gap_days": (active / gaps.where(gaps > 0)),
            "usual_gap_days": usual,
            "lateness": since / usual,
            "repeat_rate": (facts["orders"] - 1) / facts["orders"],
        },
        index=facts.index,
    )


def waits_between_orders(days: pd.DataFrame, *, shop: ShopRhythm) -> Waits:
    """All waits, with the usual gap as it was known when each began (of what came later only the shop's pace)."""
    ordered = days.sort_values(["customer_id", "ordered_on"], kind="stable")
    customer = ordered["customer_id"].to_numpy()
    day = ordered["ordered_on"].to_numpy().astype("datetime64[D]").astype(float)
    new = np.r_[True, customer[1:] != customer[:-1]] if len(customer) else np.zeros(0, bool)
    ended = np.where(np.r_[new[1:], True], np.nan, np.r_[day[1:], np.nan]) if len(day) else day
    start = np.maximum.accumulate(np.where(new, np.arange(len(day)), 0)) if len(day) else new.astype(int)
    gaps_before = np.arange(len(day)) - start
    typical = np.nan if shop.typical_gap_days is None else shop.typical_gap_days
    waiting = np.nan if shop.first_to_second_days is None else shop.first_to_second_days
    usual = (day - day[start] + PRIOR_GAPS * typical) / (gaps_before + PRIOR_GAPS)
    usual = np.maximum(np.where(gaps_before > 0, usual, waiting), 1.0)
    return Waits(usual_days=usual, started=day, ended=ended, first=gaps_before == 0)


def count_returns(
    waits: Waits, *, lateness: float, first: bool, within_days: int, as_of: pd.Timestamp
) -> tuple[int, int]:
    """How often a customer was this late before, and how often an order followed within so many days.

    Only waits whose ``within_days`` have passed by ``as_of`` are counted, so that both figures are facts.
    """
    reached = waits.started + lateness * waits.usual_days
    today = float(as_of.to_datetime64().astype("datetime64[D]").astype(float))
    this_late = (waits.first == first) & ~(waits.ended <= reached) & (reached + within_days <= today)
    came = this_late & (waits.ended <= reached + within_days)
    return int(this_late.sum()), int(came.sum())
