"""What could happen to each customer: points of the predictive distribution of purchases and spend.

Customers with the same x and T share their draws of the next purchases: their own P(alive) and spend enter exactly, as
a level and as a scale. So 100,000 customers cost a few million random numbers.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincinv

from crm_core.models.bg_nbd import BetaGeoNBD
from crm_core.models.gamma_gamma import GammaGamma
from crm_core.models.purchase_groups import distinct_rows

__all__ = ["outcome_points", "total_range"]

Floats = NDArray[np.float64]
DRAWS = 1_500_000  # shared out among the groups
FEWEST, MOST = 128, 2_000  # per group
POINTS = {"low": 0.1, "high": 0.9}


def outcome_points(
    summary: pd.DataFrame, *, rates: BetaGeoNBD, spend: GammaGamma, days: float, seed: int
) -> pd.DataFrame:
    """The 10 % and 90 % points per customer, and how far spend may stray.

    Out: index of summary, spend_variance (square of the amounts' unit), expected_purchases_low/_high (purchase days),
    expected_spend_low/_high (unit of the amounts), p_active_low/_high (of the customer's own probability, whose rate
    and dropout are known only so far).
    """
    x, T = (summary[name].to_numpy(dtype=np.float64) for name in ("repeat_days", "tenure_days"))
    shape, scale = spend.posterior(summary)
    first, place = distinct_rows(x, T, shape)
    draws = int(np.clip(DRAWS // max(len(first), 1), FEWEST, MOST))
    random = np.random.default_rng(seed)
    purchases = _draw_purchases(random, rates, x[first], T[first], days=days, draws=draws)
    spent = _draw_spend(random, spend, purchases, shape[first])
    purchases.sort(axis=1)
    spent.sort(axis=1)
    alive = rates.p_alive(summary).to_numpy()
    mean, square = alive * spent.mean(axis=1)[place], alive * (spent**2).mean(axis=1)[place]
    table = {"spend_variance": (square - mean**2) * scale**2}
    for name, point in POINTS.items():
        # Somebody who has left buys nothing: the point lies higher up among those who stayed.
        level = np.maximum(1 - (1 - point) / np.maximum(alive, 1e-12), 0.0)
        drawn = np.maximum(np.ceil(level * draws).astype(np.intp) - 1, 0)
        table[f"expected_purchases_{name}"] = np.where(level > 0, purchases[place, drawn], 0.0)
        table[f"expected_spend_{name}"] = np.where(level > 0, spent[place, drawn] * scale, 0.0)
        rate = gammaincinv(rates.r_ + x, level) / (rates.alpha_ + T)
        table[f"p_active_{name}"] = -np.expm1(-rate * days)
    return pd.DataFrame(table, index=summary.index)


def total_range(expected: pd.Series, variance: pd.Series) -> tuple[float, float]:
    """The 10 % and 90 % points of everybody's spend together, customers being independent of each other.

    A sum of many independent spends is close to normal, of a few is skewed and never negative: a gamma distribution
    with their mean and variance is both.
    """
    mean, spread = float(expected.sum()), float(variance.sum())
    if not (mean > 0 and spread > 0):
        return mean, mean
    low, high = gammaincinv(mean**2 / spread, list(POINTS.values())) * spread / mean
    return float(low), float(high)


def _draw_purchases(
    random: np.random.Generator, rates: BetaGeoNBD, x: Floats, T: Floats, *, days: float, draws: int
) -> Floats:
    """Purchases in the days ahead of customers active today: (groups, draws)."""
    size = (len(x), draws)
    often = random.poisson(random.standard_gamma((rates.r_ + x)[:, None], size) * (days / (rates.alpha_ + T))[:, None])
    kept = (rates.b_ + rates.chances(x))[:, None]
    left, stayed = random.standard_gamma(rates.a_, size), random.standard_gamma(kept, size)
    dropout = left / np.maximum(left + stayed, 1e-300)
    # after each purchase the customer leaves with that probability: the last one is geometric
    stays = np.log1p(-np.minimum(dropout, 1 - 1e-16))
    last = np.floor(-random.standard_exponential(size) / np.minimum(stays, -1e-300)) + 1
    return np.asarray(np.minimum(often, last))


def _draw_spend(random: np.random.Generator, spend: GammaGamma, purchases: Floats, shape: Floats) -> Floats:
    """Spend on those purchases, in units of each customer's own scale."""
    if not spend.varies:
        return purchases.copy()
    amounts = random.standard_gamma(spend.p_ * purchases)
    return np.asarray(amounts / random.standard_gamma(shape[:, None], purchases.shape))
