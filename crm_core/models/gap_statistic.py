"""Whether there are groups at all: how much tighter they are than those of a crowd spread evenly over the same span."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from crm_core.models.part_points import Floats, inertia_of, part_points
from crm_core.vocabulary import GroupMethod

__all__ = ["beats_even_crowd", "gap_statistic", "groups_by_gap"]

REFERENCES = 10
STARTS = 2
SMALLEST = 1e-12  # squares within; the logarithm of none at all would be no number


def gap_statistic(points: Floats, numbers: Sequence[int], *, seed: int, references: int = REFERENCES) -> pd.DataFrame:
    """The gap for one group and for each number of groups by K-means, and how far chance moves it.

    The even crowds fill the box around the points along their principal axes. Source: Tibshirani, Walther & Hastie
    (2001), J. R. Statist. Soc. B 63, eq. 3 and section 4. Out: index k from 1, [gap, spread: s_k].

    >>> points = np.concatenate([np.linspace(0, 1, 20), np.linspace(9, 10, 20)])[:, None]
    >>> table = gap_statistic(points, [2, 3], seed=7)
    >>> table.index.tolist(), bool(table.loc[2, "gap"] > table.loc[1, "gap"] + 1)
    ([1, 2, 3], True)
    """
    rng = np.random.default_rng(seed)
    with threadpool_limits(limits=1):
        own = log_inertias(points, numbers, seed)
        crowds = [log_inertias(draw_even(points, rng), numbers, seed) for _ in range(references)]
    even = pd.DataFrame(crowds)
    spread = even.std(ddof=0) * np.sqrt(1 + 1 / references)
    return pd.DataFrame({"gap": even.mean() - own, "spread": spread}).rename_axis("k")


def log_inertias(points: Floats, numbers: Sequence[int], seed: int) -> pd.Series:
    """Logarithms of the squares within, for one group and each further number."""
    parts = part_points(points, [k for k in numbers if k > 1], method=GroupMethod.K_MEANS, seed=seed, starts=STARTS)
    within = {1: inertia_of(points, np.zeros(len(points), np.int64))}
    within |= {k: inertia_of(points, labels) for k, labels in parts.items()}
    return np.log(pd.Series(within).clip(lower=SMALLEST))


def draw_even(points: Floats, rng: np.random.Generator) -> Floats:
    """As many points, evenly over the box around the given ones along their principal axes."""
    middle = points.mean(axis=0)
    _, _, axes = np.linalg.svd(points - middle, full_matrices=False)
    turned = (points - middle) @ axes.T
    even: Floats = rng.uniform(turned.min(axis=0), turned.max(axis=0), turned.shape) @ axes + middle
    return even


def groups_by_gap(table: pd.DataFrame) -> int:
    """The smallest number whose gap the next one does not beat by more than its spread (eq. 3's rule); else the last.

    >>> groups_by_gap(pd.DataFrame({"gap": [0.1, 0.5, 0.52], "spread": [0.05] * 3}, index=[1, 2, 3]))
    2
    """
    for k, after in zip(table.index, table.index[1:], strict=False):
        if table.loc[k, "gap"] >= table.loc[after, "gap"] - table.loc[after, "spread"]:
            return int(k)
    return int(table.index[-1])


def beats_even_crowd(table: pd.DataFrame, k: int) -> bool:
    """Whether so many groups are tighter than those of even crowds, by more than chance, beyond what one group is."""
    return bool(table.loc[k, "gap"] - table.loc[k, "spread"] > table.loc[1, "gap"])
