"""Who makes up the value of the base: tiers by cumulative share, and each customer's contribution."""

import numpy as np
import pandas as pd

from crm_core.errors import CrmError
from crm_core.vocabulary import Tier

__all__ = ["contribution_curve", "contribution_shares", "value_tiers"]

TIERS = pd.CategoricalDtype([Tier.LOW.value, Tier.MEDIUM.value, Tier.HIGH.value], ordered=True)
CURVE_POINTS = 200


def value_tiers(clv: pd.Series, *, high_share: float = 0.5, medium_share: float = 0.8) -> pd.Series:
    """High for the best customers who together make `high_share` of all value, medium up to `medium_share`, else low.

    Who is worth the same is in the same tier; a customer who crosses a cut-off belongs to the better tier. Nothing
    and losses are low; an unknown value has no tier. Out: ordered categories low < medium < high, same index.

    >>> value_tiers(pd.Series([600, 300, 60, 40])).tolist()
    ['high', 'medium', 'low', 'low']
    """
    if not 0 < high_share <= medium_share <= 1:
        raise CrmError(f"Value tiers need 0 < high ≤ medium ≤ 1; got {high_share:g} and {medium_share:g}.")
    worth = clv.astype("float64").clip(lower=0)
    by_value = worth.dropna().groupby(worth.dropna()).sum().sort_index(ascending=False)
    above = by_value.cumsum().shift(fill_value=0.0) / max(by_value.sum(), np.finfo(float).tiny)
    codes = (above < medium_share).astype("int8") + (above < high_share).astype("int8")
    codes = codes.where(by_value.index.to_numpy() > 0, 0)
    found = worth.map(codes).fillna(-1).astype("int8").to_numpy()
    return pd.Series(pd.Categorical.from_codes(found, dtype=TIERS), index=clv.index, name="tier")


def contribution_shares(profit: pd.Series) -> pd.Series:
    """Each customer's profit over the profit of all; unknown when the total is nothing or a loss.

    >>> contribution_shares(pd.Series([300.0, 100.0])).tolist()
    [0.75, 0.25]
    """
    total = float(profit.sum())
    return profit / total if total > 0 else pd.Series(np.nan, index=profit.index, name=profit.name)


def contribution_curve(profit: pd.Series) -> pd.DataFrame:
    """Share of the total made by the best customers, at no more than 200 points.

    Out: [customer_share: 0..1 of customers, best first, value_share: 0..1 of the total, customers: count].

    >>> contribution_curve(pd.Series([600.0, 300.0, 100.0]))["value_share"].round(2).tolist()
    [0.0, 0.6, 0.9, 1.0]
    """
    best_first = np.sort(profit.dropna().to_numpy(dtype="float64"))[::-1]
    if len(best_first) == 0 or best_first.sum() <= 0:
        return pd.DataFrame({"customer_share": [], "value_share": [], "customers": pd.Series([], dtype="int64")})
    count = len(best_first)
    places = np.unique(np.rint(np.linspace(0, count, min(CURVE_POINTS, count + 1))).astype("int64"))
    cumulative = np.concatenate([[0.0], np.cumsum(best_first)])[places]
    return pd.DataFrame(
        {"customer_share": places / count, "value_share": cumulative / best_first.sum(), "customers": places}
    )
