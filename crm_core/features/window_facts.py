"""What can be told of customers at the end of a past day, for models that learn from what happened afterwards.

Days and counts are taken relative to how long the shop has been seen, so that an early day resembles a late one.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.features.purchase_days import PurchaseDays

__all__ = ["window_facts"]

Floats = NDArray[np.float64]
WEEK = 7.0
RECENT_DAYS = (30, 90, 180)
LONGEST_RATIO = (-3.0, 4.0)  # of logarithms of waits
USUAL_VARIATION = 0.8  # of gaps, as a share of their mean, where a customer has too few


def window_facts(days: PurchaseDays, summary: pd.DataFrame, *, until: int, window_days: int) -> pd.DataFrame:
    """One row per customer of ``summary``, which is that of the day ``until``; nothing is missing.

    Out: [tenure_share, silence_share, silence_of_all: of tenure, of all days; repeats, recent_30, recent_90,
    recent_180, recent_window: logarithms of 1 + purchase days; waits: log of silence over the usual gap; longest_waits:
    the same over the longest gap; variation: of gaps; spend: log of mean spend over the shop's; bought_once: 0 or 1].
    """
    who = summary.index.to_numpy()
    x, tenure = summary["repeat_days"].to_numpy(np.float64), summary["tenure_days"].to_numpy(np.float64)
    span = summary["first_to_last_days"].to_numpy(np.float64)
    silence = tenure - span
    longest, variation = _gaps(days, until, who, x)
    gap = np.where(x > 0, span / np.maximum(x, 1), tenure + window_days)
    facts = {
        "tenure_share": tenure / (until + 1),
        "silence_share": silence / np.maximum(tenure, 1),
        "silence_of_all": silence / (until + 1),
        "repeats": np.log1p(x),
        "waits": _ratio(silence, gap),
        "longest_waits": np.where(x > 0, _ratio(silence, longest), 0.0),
        "variation": variation,
        "spend": _spend(summary),
        "bought_once": (x == 0).astype(np.float64),
    }
    for name, length in [*((f"recent_{length}", length) for length in RECENT_DAYS), ("recent_window", window_days)]:
        facts[name] = np.log1p(days.within(until - length, until)[0][who])
    return pd.DataFrame(facts, index=summary.index)


def _ratio(silence: Floats, gap: Floats) -> Floats:
    return np.asarray(np.clip(np.log((silence + WEEK) / (gap + WEEK)), *LONGEST_RATIO))


def _gaps(days: PurchaseDays, until: int, who: NDArray[np.int64], repeats: Floats) -> tuple[Floats, Floats]:
    """The longest gap between purchases, and how much gaps vary: their deviation over their mean."""
    seen = np.flatnonzero(days.bought & (days.day <= until))
    customer, day = days.customer[seen], days.day[seen].astype(np.float64)
    follows = np.append(False, customer[1:] == customer[:-1])
    gaps = np.where(follows, np.append(0.0, np.diff(day)), 0.0)
    longest = np.zeros(len(days))
    np.maximum.at(longest, customer, gaps)
    known = np.maximum(repeats, 1)
    mean = np.bincount(customer, weights=gaps, minlength=len(days))[who] / known
    square = np.bincount(customer, weights=gaps**2, minlength=len(days))[who] / known
    spread = np.sqrt(np.maximum(square - mean**2, 0.0)) / np.maximum(mean, 1.0)
    return longest[who], np.where(repeats > 1, np.clip(spread, 0.0, 2.0), USUAL_VARIATION)


def _spend(summary: pd.DataFrame) -> Floats:
    """Mean spend of a purchase day over the shop's, as a logarithm; 0 where no amount is known."""
    total = summary["total_spend"].to_numpy(np.float64)
    mean = np.maximum(total / summary["purchase_days"].to_numpy(np.float64), 0.0)
    shop = float(np.nanmean(mean)) if np.isfinite(mean).any() else 0.0
    if shop <= 0:
        return np.zeros(len(summary))
    return np.asarray(np.log(np.maximum(np.where(np.isfinite(mean), mean, shop) / shop, 0.01)))
