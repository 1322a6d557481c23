"""Lists of offers against what was bought afterwards, beside bestsellers and beside chance."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import gammaln

from crm_core.decisions.evidence import ErrorComparison, compare_errors

__all__ = ["BY", "LENGTH", "SHOWN", "OfferGrades", "chance_of_a_hit", "grade_lists", "pool_grades"]

SHOWN, LENGTH = 5, 10  # products that a page shows of a list, and that NDCG looks at
BY = ("list", "bestsellers", "chance")
SURE = 1.96  # standard errors: 95 of 100 outcomes
DISCOUNT = 1 / np.log2(np.arange(2, LENGTH + 2))


@dataclass(frozen=True)
class OfferGrades:
    """Grades of one kind of list over all past days.

    table: index by (list, bestsellers, chance), [hit_share: customers who bought one of the first five, hit_low,
    hit_high: 95 % of outcomes, ndcg: mean NDCG@10 where anything was wanted]; compared: misses of the list beside those
    of bestsellers; coverage: share of the products then known that stood in anybody's first ten.
    """

    table: pd.DataFrame
    compared: ErrorComparison
    coverage: float

    @property
    def better(self) -> bool:
        """Whether the lists beat bestsellers by more than chance, and on most days."""
        return self.compared.model_wins


def grade_lists(
    lists: pd.DataFrame, wanted: pd.DataFrame, owned: pd.DataFrame | None, bestsellers: list[int], *, products: int
) -> pd.DataFrame:
    """Of each customer who bought in the window: whether a list of five held a hit, and its NDCG@10.

    In: lists[customer_id, rank, product_id]; wanted[customer_id, product_id]: what each bought, everybody graded has a
    row, product_id NaN where it was nothing of the kind asked for; owned[customer_id, product_id]: what must not be
    offered; bestsellers: product_id, most bought first; products: known then. Out: index customer_id, [list,
    bestsellers, chance: P or 0/1 of a hit, list_ndcg, bestsellers_ndcg, chance_ndcg: NaN where nothing was wanted].
    """
    offered = lists.sort_values("rank").groupby("customer_id")["product_id"].agg(list).to_dict()
    had = {} if owned is None else owned.groupby("customer_id")["product_id"].agg(set).to_dict()
    rows = {}
    for customer, bought in wanted.groupby("customer_id")["product_id"].agg(lambda ids: set(ids.dropna())).items():
        own = had.get(customer, set())
        best = [product for product in bestsellers if product not in own][:LENGTH]
        row = {}
        for name, found in (("list", offered.get(customer, [])), ("bestsellers", best)):
            hits = np.array([product in bought for product in found[:LENGTH]], dtype=float)
            row[name], row[f"{name}_ndcg"] = float(hits[:SHOWN].any()), _ndcg(hits, len(bought))
        free = products - len(own)
        row["chance"] = chance_of_a_hit(len(bought), free)
        row["chance_ndcg"] = _ndcg(np.full(min(LENGTH, free), min(len(bought) / max(free, 1), 1.0)), len(bought))
        rows[customer] = row
    columns = [f"{name}{what}" for what in ("", "_ndcg") for name in BY]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("customer_id")


def _ndcg(hits: np.ndarray, wanted: int) -> float:
    return float(hits @ DISCOUNT[: len(hits)] / DISCOUNT[: min(wanted, LENGTH)].sum()) if wanted else float("nan")


def chance_of_a_hit(wanted: int, products: int, *, shown: int = SHOWN) -> float:
    """P that at least one of so many products drawn blindly is among the wanted ones (hypergeometric).

    >>> round(chance_of_a_hit(2, 10, shown=5), 6)  # 1 - C(8, 5) / C(10, 5)
    0.777778
    >>> chance_of_a_hit(0, 10), chance_of_a_hit(6, 10)
    (0.0, 1.0)
    """
    shown, others = min(shown, products), products - wanted
    if wanted == 0 or shown == 0:
        return 0.0
    if others < shown:
        return 1.0
    log_none = gammaln(others + 1) - gammaln(others - shown + 1) - gammaln(products + 1) + gammaln(products - shown + 1)
    return float(-np.expm1(log_none))


def pool_grades(grades: pd.DataFrame, coverage: pd.Series) -> OfferGrades:
    """All past days together. In: grades: rows of grade_lists with [customer_id, window]; coverage: of each window."""
    rows = {}
    for name in BY:
        share = float(grades[name].mean())
        off = (grades[name] - share).groupby(grades["customer_id"]).sum()  # a customer's windows are one observation
        noise = SURE * float(np.sqrt((off**2).sum())) / len(grades)
        rows[name] = {
            "hit_share": share,
            "hit_low": max(share - noise, 0.0),
            "hit_high": min(share + noise, 1.0),
            "ndcg": float(grades[f"{name}_ndcg"].mean()),
        }
    misses = {"model": 1 - grades["list"], "rule": 1 - grades["bestsellers"]}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("by")
    return OfferGrades(
        table, compare_errors(grades[["customer_id", "window"]].assign(**misses)), float(coverage.mean())
    )
