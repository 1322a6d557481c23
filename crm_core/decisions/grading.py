"""How good predictions were: error, bias, ranking and calibration of what was said against what happened.

``predictions`` means, per method, index customer_id, [expected_purchases: purchase days in the window, expected_spend:
money, p_active: 0..1, rank_score: any number, higher is better]; NaN where a method says nothing of it. ``actual``
means index customer_id, [purchases: purchase days in the window, spend: money, below 0 after a refund].
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from crm_core.errors import CrmError

__all__ = [
    "absolute_errors",
    "area_under_curve",
    "bias_share",
    "brier_score",
    "first_promises",
    "grade_methods",
    "hits_at_top",
    "pool_windows",
    "rank_correlation",
    "reliability_bins",
    "wilson_range",
]

WILSON_Z = 1.2815515655446004  # the 10 % and 90 % points
MEANS = ["purchase_error", "spend_error", "spearman", "auc", "brier"]
TOTALS = ["purchases_expected", "purchases_actual", "spend_expected", "spend_actual"]
SUMS = ["customers", "k", "hits", "chance_hits", *TOTALS]


def brier_score(happened: pd.Series, chance: pd.Series) -> float:
    """The mean squared error of a probability: 0 is perfect, 0.25 is a coin.

    In: happened: True or False, chance: 0..1, same index. Source: Brier (1950), Monthly Weather Review 78, 1-3.

    >>> round(brier_score(pd.Series([True, False, True]), pd.Series([0.9, 0.2, 0.6])), 4)
    0.07
    """
    return float(((chance - happened.astype(float)) ** 2).mean(skipna=False))


def area_under_curve(happened: pd.Series, score: pd.Series) -> float:
    """The chance that somebody who bought has a higher score than somebody who did not, ties counted half.

    NaN where everybody did, or nobody. Source: Hanley & McNeil (1982), Radiology 143, 29-36.

    >>> area_under_curve(pd.Series([False, False, True, True]), pd.Series([0.1, 0.4, 0.35, 0.8]))
    0.75
    """
    ranks = score.rank(method="average").to_numpy(float)
    did = happened.to_numpy(bool)
    yes, no = int(did.sum()), int((~did).sum())
    return float((ranks[did].sum() - yes * (yes + 1) / 2) / (yes * no)) if yes and no else float("nan")


def rank_correlation(predicted: pd.Series, actual: pd.Series) -> float:
    """Spearman's correlation of the ranks, ties at their mean rank; NaN where either is the same for all.

    >>> rank_correlation(pd.Series([1, 2, 3, 4]), pd.Series([1, 2, 4, 3]))
    0.8
    """
    one, other = (values.rank(method="average").to_numpy(float) for values in (predicted, actual))
    one, other = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((one @ one) * (other @ other)))
    return round(float(one @ other) / spread, 12) if spread > 0 else float("nan")


def hits_at_top(happened: pd.Series, score: pd.Series, *, k: int) -> float:
    """How many of the k customers with the highest score did it; who ties at the last place shares what is left.

    >>> hits_at_top(pd.Series([True, False, True, False]), pd.Series([9, 5, 5, 1]), k=2)
    1.5
    """
    order = np.argsort(-score.to_numpy(float), kind="stable")
    did, ranked = happened.to_numpy(float)[order], score.to_numpy(float)[order]
    k = min(k, len(ranked))
    if k < 1:
        return 0.0
    tied = ranked == ranked[k - 1]
    before = int(np.argmax(tied))
    return float(did[:before].sum() + (k - before) * did[tied].mean())


def bias_share(expected: float, actual: float) -> float:
    """By what share too much was expected (negative: too little); NaN where nothing happened.

    >>> bias_share(120.0, 100.0), bias_share(75.0, 100.0)
    (0.2, -0.25)
    """
    return round(expected / actual - 1.0, 12) if actual > 0 else float("nan")


def absolute_errors(predictions: pd.DataFrame, actual: pd.DataFrame) -> pd.DataFrame:
    """What one method was off by, per customer.

    Out: same index, [purchases: purchase days, spend: money, active: squared error of the probability].
    """
    bought = (actual["purchases"] > 0).astype(float)
    return pd.DataFrame(
        {
            "purchases": (predictions["expected_purchases"] - actual["purchases"]).abs(),
            "spend": (predictions["expected_spend"] - actual["spend"]).abs(),
            "active": (predictions["p_active"] - bought) ** 2,
        }
    )


def grade_methods(methods: Mapping[str, pd.DataFrame], actual: pd.DataFrame, *, k: int) -> pd.DataFrame:
    """One window's grades, a row per method.

    In: predictions by name of the method, actual. Out: index method, [customers, k, purchase_error, spend_error: mean
    absolute, purchase_rmse: root mean squared, spearman: of the ranking and the purchases, auc, brier, hits: buyers
    among the k ranked highest, chance_hits: by drawing lots, purchases_expected, purchases_actual, spend_expected,
    spend_actual: totals]; NaN where a method says nothing of it.
    """
    bought = actual["purchases"] > 0
    rows = {}
    for name, said in methods.items():
        said = said.reindex(actual.index)
        off = absolute_errors(said, actual)
        rows[name] = {
            "customers": len(actual),
            "k": min(k, len(actual)),
            "purchase_error": off["purchases"].mean(skipna=False),
            "spend_error": off["spend"].mean(skipna=False),
            "purchase_rmse": float(np.sqrt((off["purchases"] ** 2).mean(skipna=False))),
            "spearman": rank_correlation(said["rank_score"], actual["purchases"]),
            "auc": area_under_curve(bought, said["rank_score"]),
            "brier": off["active"].mean(skipna=False),
            "hits": hits_at_top(bought, said["rank_score"], k=k),
            "chance_hits": min(k, len(actual)) * float(bought.mean()),
            "purchases_expected": said["expected_purchases"].sum(skipna=False),
            "purchases_actual": float(actual["purchases"].sum()),
            "spend_expected": said["expected_spend"].sum(skipna=False),
            "spend_actual": float(actual["spend"].sum()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("method")


def pool_windows(grades: pd.DataFrame) -> pd.DataFrame:
    """The grades of several windows as one, a row per method, in the order in which they came.

    In: the rows of several ``grade_methods`` below each other. Out: as ``grade_methods``, with [purchase_bias,
    spend_bias: share]; means are weighted by customers, of the windows where they are known.
    """
    pooled = grades.groupby(level="method", sort=False)[SUMS].sum(min_count=1)
    for name in MEANS:
        pooled[name] = _weighted(grades[name], grades["customers"])
    pooled["purchase_rmse"] = np.sqrt(_weighted(grades["purchase_rmse"] ** 2, grades["customers"]))
    for what, total in (("purchase", "purchases"), ("spend", "spend")):
        pairs = zip(pooled[f"{total}_expected"], pooled[f"{total}_actual"], strict=True)
        pooled[f"{what}_bias"] = [bias_share(expected, actual) for expected, actual in pairs]
    return pooled


def _weighted(values: pd.Series, weights: pd.Series) -> pd.Series:
    known = weights.where(values.notna())
    total = known.groupby(level="method", sort=False).sum(min_count=1)
    return (values * known).groupby(level="method", sort=False).sum(min_count=1) / total


def reliability_bins(chance: pd.Series, happened: pd.Series, *, groups: int = 10) -> pd.DataFrame:
    """How often it happened where about so high a chance was given.

    In: chance: 0..1, happened: True or False, same order. Out: up to ``groups`` rows of about as many predictions each,
    equal chances together, [chance: mean, share: who did, low, high: Wilson's 10 % and 90 % points, predictions].

    >>> bins = reliability_bins(pd.Series([0.1, 0.1, 0.8, 0.8]), pd.Series([False, False, True, False]), groups=2)
    >>> bins[["chance", "share", "predictions"]].values.tolist()
    [[0.1, 0.0, 2.0], [0.8, 0.5, 2.0]]
    """
    if len(chance) != len(happened):
        raise CrmError(f"Chances and outcomes must be as many; got {len(chance)} and {len(happened)}.")
    place = ((chance.rank(method="average") - 0.5) / max(len(chance), 1) * groups).astype(int)
    table = pd.DataFrame({"chance": chance.to_numpy(float), "did": happened.to_numpy(float), "bin": place.to_numpy()})
    bins = table.groupby("bin").agg(chance=("chance", "mean"), share=("did", "mean"), predictions=("did", "size"))
    bins["low"], bins["high"] = wilson_range(bins["share"], bins["predictions"])
    return bins.reset_index(drop=True)[["chance", "share", "low", "high", "predictions"]]


def wilson_range(share: pd.Series, number: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Where a share of so many lies 8 times of 10: the 10 % and 90 % points. Source: Wilson (1927), JASA 22, 209-212.

    >>> low, high = wilson_range(pd.Series([0.5]), pd.Series([10]))
    >>> round(float(low.iloc[0]), 4), round(float(high.iloc[0]), 4)
    (0.3122, 0.6878)
    """
    n, p, z2 = number, share, WILSON_Z**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = WILSON_Z * np.sqrt(p * (1 - p) / n + z2 / (4 * n**2)) / (1 + z2 / n)
    return np.minimum(middle - half, p).clip(lower=0), np.maximum(middle + half, p).clip(upper=1)


def first_promises(promises: pd.DataFrame) -> pd.DataFrame:
    """The promises whose windows don't overlap: one that is repeated within its own window counts once.

    In: promises[customer_id, quantity, model, as_of: datetime64, horizon_days]. Out: those rows of it, in its order.

    >>> days = pd.to_datetime(["2026-01-01", "2026-01-02", "2026-04-02"])
    >>> first_promises(pd.DataFrame({"customer_id": 1, "quantity": "spend", "model": "m", "as_of": days,
    ...     "horizon_days": 90})).index.tolist()
    [0, 2]
    """
    counted, free_from = [], dict[object, pd.Timestamp]()
    for row in promises.sort_values("as_of", kind="stable").itertuples():
        who = (row.customer_id, row.quantity, row.model, row.horizon_days)
        if row.as_of >= free_from.get(who, row.as_of):
            counted.append(row.Index)
            free_from[who] = row.as_of + pd.Timedelta(days=row.horizon_days)
    return promises.loc[promises.index.isin(counted)]
