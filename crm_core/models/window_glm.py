"""A regularised GLM on top of another model: what the facts of past days say that this model did not.

It learns from several windows of the same shop, each with a level of its own (season, growth), and tells only how
customers differ from each other beyond the model that it stands on; the level is for others to decide.
"""

from typing import Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from crm_core.errors import CrmError
from crm_core.models.one_thread import one_thread

__all__ = ["WindowGLM"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
KNOTS = 4
BLOCK = 10_000  # customers whose splines are in memory at once
FURTHEST = 4.0  # logarithms that the facts may move a prediction


class WindowGLM:
    """Poisson for counts or logistic for yes and no, on splines of the facts, with a ridge penalty.

    Fitted: coefficients_, levels_ (one per window), columns_ (the facts that vary).
    """

    coefficients_: Floats
    levels_: Floats
    columns_: list[str]

    def __init__(self, kind: Literal["poisson", "logistic"], *, penalty: float = 0.03) -> None:
        self.kind: Literal["poisson", "logistic"] = kind
        self.penalty = penalty

    def fit(self, facts: pd.DataFrame, outcome: Floats, *, offset: Floats, window: Places) -> Self:
        """Penalised maximum likelihood; every window weighs the same.

        ``offset``: what the model below says, as a logarithm or a logit; ``window``: from 0, per row.
        """
        from sklearn.pipeline import make_pipeline  # both are slow to import
        from sklearn.preprocessing import SplineTransformer, StandardScaler

        self.columns_ = [str(name) for name in facts if float(facts[name].std()) > 0]
        self._lowest, self._highest = facts[self.columns_].min(), facts[self.columns_].max()
        self._splines = make_pipeline(
            StandardScaler(),
            SplineTransformer(n_knots=KNOTS, degree=3, knots="quantile", include_bias=False),
            StandardScaler(copy=False),  # of what the splines have just made, which is wide
        )
        X = np.asarray(self._splines.fit_transform(facts[self.columns_]), np.float64)
        windows = int(window.max()) + 1
        weight = 1.0 / (windows * np.bincount(window, minlength=windows)[window])
        found = _minimise(X, outcome, offset, window, weight, windows, self.kind, self.penalty)
        self.coefficients_, self.levels_ = found[: X.shape[1]], found[X.shape[1] :]
        return self

    def relative(self, facts: pd.DataFrame, *, offset: Floats | None = None) -> Floats:  # noqa: ARG002 - moves alike
        """How far the facts move each customer from any offset, in logarithms or logits; beyond what was seen, as at
        its edge."""
        if not hasattr(self, "coefficients_"):
            raise CrmError("This model is not fitted yet; call fit first.")
        inside = facts[self.columns_].clip(self._lowest, self._highest, axis=1)
        blocks = [inside.iloc[start : start + BLOCK] for start in range(0, len(inside), BLOCK)]  # splines are wide
        moved = [np.asarray(self._splines.transform(block), np.float64) @ self.coefficients_ for block in blocks]
        return np.asarray(np.clip(np.concatenate([np.zeros(0), *moved]), -FURTHEST, FURTHEST))


def _minimise(
    X: Floats,
    y: Floats,
    offset: Floats,
    window: Places,
    weight: Floats,
    windows: int,
    kind: Literal["poisson", "logistic"],
    penalty: float,
) -> Floats:
    """Coefficients and levels at the minimum of the penalised deviance."""
    size = X.shape[1]

    def loss(b: Floats) -> tuple[float, Floats]:
        eta = offset + X @ b[:size] + b[size:][window]
        if kind == "poisson":
            mean = np.exp(np.clip(eta, -20.0, 12.0))
            value = mean - y * eta
        else:
            mean = expit(eta)
            value = np.logaddexp(0.0, eta) - y * eta
        slope = weight * (mean - y)
        levels = np.bincount(window, weights=slope, minlength=windows)
        total = float(weight @ value) + 0.5 * penalty * float(b[:size] @ b[:size])
        return total, np.concatenate([X.T @ slope + penalty * b[:size], levels])

    with one_thread():
        found = minimize(loss, np.zeros(size + windows), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return np.asarray(found.x, np.float64)
