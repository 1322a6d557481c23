"""Gradient boosting on the same windows and facts as the GLM: trees find what splines can't, and need more customers.

Like the GLM it tells only how customers differ beyond the model that it stands on; the level is for others to decide.
Source: Friedman (2001), Greedy Function Approximation, Annals of Statistics 29(5), 1189-1232; scikit-learn's histogram
version of it.
"""

from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logit
from threadpoolctl import threadpool_limits

from crm_core.errors import CrmError

__all__ = ["WindowBoosting"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
FURTHEST = 4.0  # logarithms that the facts may move a prediction
SMALLEST_LEAF = 40  # customers
SHAPE = {"max_iter": 80, "max_bins": 63, "learning_rate": 0.05, "max_leaf_nodes": 8, "l2_regularization": 5.0}


class WindowBoosting:
    """Poisson for counts or logistic for yes and no, by shallow trees. Fitted: trees_."""

    trees_: Any

    def __init__(self, kind: Literal["poisson", "logistic"], *, seed: int = 7) -> None:
        self.kind: Literal["poisson", "logistic"] = kind
        self.seed = seed

    def fit(self, facts: pd.DataFrame, outcome: Floats, *, offset: Floats, window: Places) -> Self:
        """Learn from windows that weigh the same, each at a level of its own.

        ``offset``: what the model below says, as a logarithm or a logit; ``window``: from 0, per row.
        """
        import sklearn.ensemble  # noqa: F401 - slow to import; before the limit, which only libraries that are loaded have

        shape = {**SHAPE, "min_samples_leaf": SMALLEST_LEAF, "early_stopping": False, "random_state": self.seed}
        weight = 1.0 / np.bincount(window)[window]
        seen = _with_offset(facts, offset)
        # on two busy cores the threads of OpenMP wait for each other ten times as long as one alone works
        with threadpool_limits(limits=1, user_api="openmp"):
            self.trees_ = self._trees(seen, outcome, offset, window, weight, shape)
        return self

    def _trees(
        self, seen: Floats, outcome: Floats, offset: Floats, window: Places, weight: Floats, shape: dict[str, Any]
    ) -> Any:
        from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor  # slow to import

        if self.kind == "poisson":
            level = np.bincount(window, weights=outcome) / np.bincount(window, weights=np.exp(offset))
            expected = np.exp(offset) * np.maximum(level, 1e-9)[window]
            # a count over what was expected, weighted by that, has the Poisson likelihood with an offset
            trees = HistGradientBoostingRegressor(loss="poisson", **shape)
            return trees.fit(seen, outcome / expected, sample_weight=weight * expected * len(weight))
        return HistGradientBoostingClassifier(**shape).fit(seen, outcome > 0, sample_weight=weight * len(weight))

    def relative(self, facts: pd.DataFrame, *, offset: Floats) -> Floats:
        """How far the facts move each customer from the offset, in logarithms or logits."""
        if not hasattr(self, "trees_"):
            raise CrmError("This model is not fitted yet; call fit first.")
        seen = _with_offset(facts, offset)
        with threadpool_limits(limits=1, user_api="openmp"):
            if self.kind == "poisson":
                moved = np.log(np.maximum(self.trees_.predict(seen), 1e-9))
            else:
                moved = logit(np.clip(self.trees_.predict_proba(seen)[:, 1], 1e-6, 1 - 1e-6)) - offset
        return np.asarray(np.clip(moved, -FURTHEST, FURTHEST))


def _with_offset(facts: pd.DataFrame, offset: Floats) -> Floats:
    return np.column_stack([facts.to_numpy(np.float64), offset])
