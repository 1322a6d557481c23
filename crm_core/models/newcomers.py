"""A random forest with ranges: what became of those who began alike, and how far off that was for those left out."""

from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import RandomForestRegressor
from sklearn.utils.validation import check_is_fitted, validate_data

from crm_core.features.even_places import even_places

__all__ = ["LEAST_CUSTOMERS", "RangeForest", "weighted_quantiles"]

Floats = NDArray[np.float64]
LEAST_CUSTOMERS = 30  # below, fewer than three people lie beyond either end of a range that holds 8 of 10
LOW, HIGH = 0.1, 0.9
CLEARLY = 1.645  # standard errors: chance alone does as well in 1 of 20 shops
WORTHWHILE = 0.02  # of the mean's own error: less is of no use, and where nothing tells rows apart it is noise of trees
MOST_GRADED = 300  # customers on whom the ranges themselves are tried


class RangeForest(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A random forest whose every answer has a range, both judged on rows that the trees in question never saw.

    The range adds to the prediction the 10 % and 90 % points of the out-of-bag errors of those that fall into the same
    leaves (Lu & Hardin 2021, J. Mach. Learn. Res. 22(8), "out-of-bag cohabitants"), and is cut at ``bounds``. An
    unknown feature (NaN) is a branch of its own. The same rows in another order give the same forest.

    Fitted: error_ (mean absolute error out of bag), baseline_error_ (of guessing the mean of all others), beats_mean_
    (better than that by more than chance, and by 2 % at least), coverage_ (share of rows inside a range made without
    them), mean_, mean_low_ and mean_high_ (of all targets), forest_.

    >>> X, y = np.repeat([[1.0], [2.0]], 50, axis=0), np.repeat([20.0, 80.0], 50)
    >>> model = RangeForest(trees=50).fit(X, y)
    >>> model.predict_range([[1.0], [2.0]]).round(6).values.tolist()
    [[20.0, 20.0, 20.0], [80.0, 80.0, 80.0]]
    >>> model.beats_mean_, round(model.baseline_error_, 2)
    (True, 30.3)
    """

    def __init__(
        self,
        *,
        trees: int = 200,
        smallest_leaf: int = 10,
        bounds: tuple[float, float] = (-np.inf, np.inf),
        seed: int = 7,
    ) -> None:
        self.trees = trees
        self.smallest_leaf = smallest_leaf
        self.bounds = bounds
        self.seed = seed

    def fit(self, X: Any, y: Any) -> Self:
        """Learn. In: X (customers, features), NaN where unknown; y: what became of them."""
        X, y = validate_data(self, X, y, y_numeric=True, ensure_all_finite="allow-nan", ensure_min_samples=2)
        y = np.asarray(y, dtype=np.float64)
        order = np.lexsort((y, *np.asarray(X, dtype=np.float64).T))
        X, y = X[order], y[order]
        self.forest_ = RandomForestRegressor(self.trees, min_samples_leaf=self.smallest_leaf, random_state=self.seed)
        self.forest_.fit(X, y)
        self._leaves = self.forest_.apply(X)
        self._unseen = np.ones(self._leaves.shape, dtype=bool)
        for tree, drawn in enumerate(self.forest_.estimators_samples_):
            self._unseen[drawn, tree] = False
        self._remember_errors(y)
        return self

    def predict(self, X: Any) -> Floats:
        """The forest's mean for each row."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, ensure_all_finite="allow-nan")
        return np.asarray(self.forest_.predict(X), dtype=np.float64)

    def predict_range(self, X: Any) -> pd.DataFrame:
        """The prediction and the range that holds 8 of 10. Out: [value, low, high], low <= value <= high."""
        value = self.predict(X)
        X = validate_data(self, X, reset=False, ensure_all_finite="allow-nan")
        ends = [self._ends(leaves, self._unseen) for leaves in self.forest_.apply(X)]
        low, high = (value + np.array(ends, dtype=np.float64).T).clip(*self.bounds)
        return pd.DataFrame({"value": value, "low": np.minimum(low, value), "high": np.maximum(high, value)})

    def _remember_errors(self, y: Floats) -> None:
        """Errors out of bag, and what guessing the mean would have been off by."""
        means = np.column_stack(
            [
                tree.tree_.value[leaves, 0, 0]
                for tree, leaves in zip(self.forest_.estimators_, self._leaves.T, strict=True)
            ]
        )
        times = self._unseen.sum(axis=1)
        mean_of_others = (y.sum() - y) / (len(y) - 1)
        guess = np.where(times > 0, (means * self._unseen).sum(axis=1) / np.maximum(times, 1), mean_of_others)
        self._errors = y - guess
        gain = np.abs(y - mean_of_others) - np.abs(self._errors)
        self.error_ = float(np.abs(self._errors).mean())
        self.baseline_error_ = float(np.abs(y - mean_of_others).mean())
        needed = max(CLEARLY * gain.std(ddof=1) / np.sqrt(len(y)), WORTHWHILE * self.baseline_error_)
        self.beats_mean_ = bool(gain.mean() > needed)
        self.mean_ = float(y.mean())
        self.mean_low_, self.mean_high_ = (float(np.quantile(y, point)) for point in (LOW, HIGH))
        self.coverage_ = self._try_ranges()

    def _try_ranges(self) -> float:
        """The share of customers inside a range made by the trees that never saw them, from others' errors."""
        tried = even_places(len(self._errors), MOST_GRADED)
        inside = 0
        for row in tried:
            others = self._unseen & self._unseen[row]
            others[row] = False
            low, high = self._ends(self._leaves[row], others)
            inside += low - 1e-9 <= self._errors[row] <= high + 1e-9
        return inside / len(tried)

    def _ends(self, leaves: NDArray[np.intp], counted: NDArray[np.bool_]) -> tuple[float, float]:
        """The 10 % and 90 % points of the errors of those in the same leaves; of all errors where nobody is."""
        together = ((self._leaves == leaves) & counted).sum(axis=1)
        weights = together if together.any() else np.ones(len(together))
        low, high = weighted_quantiles(self._errors, weights, [LOW, HIGH])
        return low, high

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def weighted_quantiles(values: Floats, weights: NDArray[Any], points: list[float]) -> list[float]:
    """For each point the smallest value at which at least that share of the weight is reached.

    >>> weighted_quantiles(np.array([30.0, 10.0, 20.0]), np.array([1, 2, 1]), [0.5, 0.9])
    [10.0, 30.0]
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    places = np.searchsorted(reached, np.array(points) * reached[-1])
    return [float(value) for value in values[order[places]]]
