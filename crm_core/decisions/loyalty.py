"""Loyalty: what a customer is worth and how often they come back, as one score from 0 to 100.

Both parts stand on 0..1 before they are weighed: the lifetime value by its place within the base, the repeat purchase
rate as it is. Only the ratio of the two weights matters.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.errors import CrmError
from crm_core.vocabulary import Tier
from crm_core.wording import minor_units

__all__ = ["LoyaltyInputs", "check_weights", "loyalty_inputs", "loyalty_tiers", "score_loyalty", "source_scale_score"]

Floats = NDArray[np.float64]
TIERS = pd.CategoricalDtype([Tier.LOW.value, Tier.MEDIUM.value, Tier.HIGH.value], ordered=True)


@dataclass(frozen=True, eq=False)
class LoyaltyInputs:
    """The two parts of the score, worked out once so that a slider only weighs them."""

    customer_id: pd.Index
    value_rank: Floats
    repeat_rate: Floats
    clv_minor: Floats

    @cached_property
    def best_first(self) -> NDArray[np.intp]:
        """Positions ordered by value, then repeat rate, then identifier: how equal scores are told apart in lists."""
        return np.lexsort((self.customer_id.to_numpy(), -self.repeat_rate, -np.nan_to_num(self.clv_minor, nan=-np.inf)))


def loyalty_inputs(table: pd.DataFrame) -> LoyaltyInputs:
    """The parts of the loyalty score for a base.

    In: table[clv_minor: money, repeat_rate: 0..1], one row per customer. An unknown value stays unknown.

    >>> base = pd.DataFrame({"clv_minor": [100, 300, 300], "repeat_rate": [0.0, 0.5, 0.8]}, index=[1, 2, 3])
    >>> loyalty_inputs(base).value_rank.tolist()
    [0.0, 0.75, 0.75]
    """
    missing = [name for name in ("clv_minor", "repeat_rate") if name not in table.columns]
    if missing:
        raise CrmError(f"The loyalty score needs {' and '.join(missing)}; found {', '.join(map(str, table.columns))}.")
    clv = table["clv_minor"].astype("float64")
    known = int(clv.notna().sum())
    ranks = clv.rank(method="average")
    value_rank = (ranks - 1) / (known - 1) if known > 1 else ranks * 0.5  # a single customer stands in the middle
    return LoyaltyInputs(table.index, as_floats(value_rank), as_floats(table["repeat_rate"]), as_floats(clv))


def as_floats(values: pd.Series) -> Floats:
    """The numbers of a column as a plain array, unknown ones as NaN."""
    return np.asarray(values, dtype=np.float64)


def score_loyalty(table: pd.DataFrame | LoyaltyInputs, *, alpha: float, beta: float) -> pd.Series:
    """Loyalty 0..100 of each customer: 100 (alpha value + beta repeat rate) / (alpha + beta).

    In: the base table, or its `loyalty_inputs` where the weights change often. Out: float64 by customer_id.

    >>> base = pd.DataFrame({"clv_minor": [100, 900], "repeat_rate": [0.0, 0.8]}, index=[7, 8])
    >>> score_loyalty(base, alpha=0.6, beta=0.4).round(1).to_dict()
    {7: 0.0, 8: 92.0}
    """
    check_weights(alpha, beta)
    inputs = table if isinstance(table, LoyaltyInputs) else loyalty_inputs(table)
    weight = alpha / (alpha + beta)
    scores = 100.0 * (weight * inputs.value_rank + (1.0 - weight) * inputs.repeat_rate)
    return pd.Series(scores, index=inputs.customer_id, name="loyalty", copy=False)


def source_scale_score(
    table: pd.DataFrame | LoyaltyInputs, *, alpha: float, beta: float, currency: str = "EUR"
) -> pd.Series:
    """The score as first published: alpha times the value in whole money plus beta times the repeat rate.

    Money outweighs the rate by thousands on this scale, so beta hardly moves it.

    >>> base = pd.DataFrame({"clv_minor": [503855], "repeat_rate": [0.8]})
    >>> float(source_scale_score(base, alpha=0.6, beta=0.4, currency="EUR").round(2).iloc[0])
    3023.45
    """
    check_weights(alpha, beta)
    inputs = table if isinstance(table, LoyaltyInputs) else loyalty_inputs(table)
    scores = alpha * inputs.clv_minor / minor_units(currency) + beta * inputs.repeat_rate
    return pd.Series(scores, index=inputs.customer_id, name="loyalty", copy=False)


def loyalty_tiers(scores: pd.Series, *, high_cut: float, low_cut: float) -> pd.Series:
    """High from `high_cut` on, low below `low_cut`, medium between; an unknown score has no tier.

    Out: ordered categories low < medium < high, same index.

    >>> loyalty_tiers(pd.Series([90.0, 70.0, 40.0, 39.9]), high_cut=70, low_cut=40).tolist()
    ['high', 'high', 'medium', 'low']
    """
    if not low_cut <= high_cut:
        raise CrmError(
            f"The low cut-off ({low_cut:g}) is above the high one ({high_cut:g}): lower it, or raise the other."
        )
    values = scores.to_numpy(dtype=np.float64)
    codes = np.where(np.isnan(values), -1, (values >= low_cut).astype("int8") + (values >= high_cut)).astype("int8")
    return pd.Series(pd.Categorical.from_codes(codes, dtype=TIERS), index=scores.index, name="tier")


def check_weights(alpha: float, beta: float) -> None:
    """Nothing, or a sentence saying which weights can be used.

    >>> check_weights(0.0, 1.0)
    """
    if not (np.isfinite(alpha) and np.isfinite(beta)) or alpha < 0 or beta < 0:
        raise CrmError(f"Weights can't be negative (α = {alpha:g}, β = {beta:g}): choose 0 or more for both.")
    if alpha + beta == 0:
        raise CrmError("With α = 0 and β = 0 nothing is left to weigh: raise at least one of them.")
