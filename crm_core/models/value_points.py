"""The 10 % and 90 % points around what a blend expects, drawn and then stretched to what earlier windows showed.

A customer buys at all with P(active), and then once and a negative binomial number of further times, so that the mean
is the expected one; each purchase day brings a gamma amount at a rate that is known only so far (Gamma-Gamma).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from crm_core.models.gamma_gamma import GammaGamma

__all__ = ["Spread", "learn_spread", "points_around"]

Floats = NDArray[np.float64]
ALL_DRAWS, FEWEST, MOST = 10_000_000, 200, 1_000  # of all customers together; of one
BLOCK = 5_000  # customers at a time
POINTS = {"low": 0.1, "high": 0.9}
Z = 1.2815515594457415  # the 90 % point of a standard normal
LEAST_DOUBT = 0.15  # of a probability's logit, where the opinions agree
SHAPES = (0.2, 50.0)
STRETCH = (1.0, 3.0)  # a quiet window makes nobody surer of the next


@dataclass(frozen=True)
class Spread:
    """How far customers stray: ``shape`` of the further purchases (small: far), ``stretch`` of spend's high point."""

    shape: float = 1.0
    stretch: float = 1.0


def learn_spread(
    purchases: Floats,
    p_active: Floats,
    spend: GammaGamma,
    summary: pd.DataFrame,
    per_purchase: Floats,
    *,
    bought: Floats,
    spent: Floats,
    seed: int,
) -> Spread:
    """From what was expected of a window, brought to its level, and what happened in it."""
    mean = _mean_of_active(purchases, p_active)
    active = bought > 0
    over = ((bought - mean) ** 2 - (mean - 1))[active].sum()
    square = ((mean - 1) ** 2)[active].sum()
    shape = float(np.clip(square / over if over > 0 else SHAPES[1], *SHAPES))
    high = _drawn(purchases, p_active, spend, summary, per_purchase, shape=shape, seed=seed, most=FEWEST)[
        "expected_spend_high"
    ]
    reach = high.to_numpy() > 0
    if not reach.any():
        return Spread(shape)
    covered = (spent[~reach] <= 0).sum()
    wanted = (POINTS["high"] * len(spent) - covered) / reach.sum()
    stretch = float(np.quantile(spent[reach] / high[reach], np.clip(wanted, 0.0, 1.0)))
    return Spread(shape, float(np.clip(stretch, *STRETCH)))


def points_around(
    purchases: Floats,
    p_active: Floats,
    opinions: Floats,
    spend: GammaGamma,
    summary: pd.DataFrame,
    per_purchase: Floats,
    *,
    spread: Spread,
    seed: int,
) -> pd.DataFrame:
    """Index of summary, [expected_purchases, expected_spend, p_active] each with _low and _high; spend_variance.

    ``opinions``: P(active) of several models as logits, (customers, models): where they differ, it is less certain.
    """
    table = _drawn(purchases, p_active, spend, summary, per_purchase, shape=spread.shape, seed=seed)
    table["expected_spend_high"] *= spread.stretch
    table["spend_variance"] *= spread.stretch
    doubt = Z * np.maximum(opinions.std(axis=1), LEAST_DOUBT)
    middle = np.log(p_active) - np.log1p(-p_active)
    table["p_active_low"], table["p_active_high"] = expit(middle - doubt), expit(middle + doubt)
    return table


def _mean_of_active(purchases: Floats, p_active: Floats) -> Floats:
    return np.maximum(purchases / p_active, 1 + 1e-9)


def _drawn(
    purchases: Floats,
    p_active: Floats,
    spend: GammaGamma,
    summary: pd.DataFrame,
    per_purchase: Floats,
    *,
    shape: float,
    seed: int,
    most: int = MOST,
) -> pd.DataFrame:
    """The points of purchases and spend, by customers in blocks."""
    random = np.random.default_rng(seed)
    further = _mean_of_active(purchases, p_active) - 1
    rate_shape, scale = spend.posterior(summary)
    unit = per_purchase / np.maximum(spend.expected_spend(summary).to_numpy(np.float64), 1e-12) * scale
    columns = {f"expected_{what}_{name}": np.empty(len(summary)) for what in ("purchases", "spend") for name in POINTS}
    columns["spend_variance"] = np.empty(len(summary))
    draws = int(np.clip(ALL_DRAWS // max(len(summary), 1), FEWEST, most))
    for start in range(0, len(summary), BLOCK):
        rows = slice(start, start + BLOCK)
        size = (len(further[rows]), draws)
        rate = random.standard_gamma(shape, size)
        rate *= (further[rows] / shape)[:, None]
        buys = random.random(size) < p_active[rows, None]
        count = random.poisson(rate)
        del rate  # these are large
        count += 1
        count *= buys
        amount = random.standard_gamma(spend.p_ * count) if spend.varies else count.astype(np.float64)
        if spend.varies:
            amount /= random.standard_gamma(rate_shape[rows, None], size)
        columns["spend_variance"][rows] = amount.var(axis=1) * unit[rows] ** 2
        for name, point in POINTS.items():
            columns[f"expected_purchases_{name}"][rows] = np.quantile(count, point, axis=1, method="inverted_cdf")
            columns[f"expected_spend_{name}"][rows] = np.quantile(amount, point, axis=1) * unit[rows]
    return pd.DataFrame(columns, index=summary.index)
