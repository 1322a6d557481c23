"""A small neural network on lags: from a customer's last twelve months the next one, learnt from all of them together.

Twelve to thirty-six months of one customer teach no network anything, so it is one for everybody: every series is
divided by its own mean of the year before, and what is learnt is a shape (level, trend, the same month a year ago).
"""

from typing import Self

import numpy as np
from numpy.typing import NDArray

from crm_core.errors import CrmError
from crm_core.models.quiet_fit import quiet_fit

__all__ = ["LAGS", "LEAST_EXAMPLES", "LagNetwork"]

Floats = NDArray[np.float64]
LAGS = 12  # months
LEAST_EXAMPLES = 60  # pairs of a year and the month after it
HIDDEN, PENALTY, STEPS = (6,), 3.0, 300


class LagNetwork:
    """scikit-learn's MLPRegressor on scaled lags. Fitted: network_, examples_.

    >>> wave = np.array([10.0, 10.0, 10.0, 20.0] * 8)
    >>> LagNetwork().fit([wave] * 4).predict_ahead(wave, months=4).round(-1).tolist()
    [10.0, 10.0, 10.0, 20.0]
    """

    def __init__(self, *, seed: int = 7) -> None:
        self.seed = seed

    def fit(self, series: list[Floats]) -> Self:
        """Learn from every month that has a year with any spend before it. In: series in order of time."""
        from sklearn.neural_network import MLPRegressor  # half a second, and few need it

        lags, after = _examples(series)
        self.examples_ = len(after)
        if self.examples_ < LEAST_EXAMPLES:
            raise CrmError(f"A network needs {LEAST_EXAMPLES} months with a year before them; got {self.examples_}.")
        network = MLPRegressor(
            hidden_layer_sizes=HIDDEN, activation="tanh", solver="lbfgs", alpha=PENALTY, max_iter=STEPS
        )
        with quiet_fit():
            self.network_ = network.set_params(random_state=self.seed).fit(lags, after)
        return self

    def predict_ahead(self, series: Floats, *, months: int) -> Floats:
        """The months ahead, each from the twelve before it, forecast ones included. In: at least twelve months."""
        if not hasattr(self, "network_"):
            raise CrmError("This network has learnt nothing yet; call fit(series) first.")
        path = list(series[-LAGS:])
        for _ in range(months):
            before = np.array(path[-LAGS:])
            scale = before.mean()
            if scale <= 0:  # a year without any spend
                path.append(0.0)
                continue
            with quiet_fit():
                factor = float(self.network_.predict(_shape(before / scale)[None])[0])
            path.append(float(np.clip(factor, 0.0, LAGS)) * scale)
        return np.array(path[LAGS:])


def _shape(scaled: Floats) -> Floats:
    """What the network sees of a year whose mean is 1."""
    return np.clip(scaled, -LAGS, LAGS) - 1.0


def _examples(series: list[Floats]) -> tuple[Floats, Floats]:
    """Years as shapes, and what came after each over its mean."""
    lags, after = [], []
    for values in series:
        for month in range(LAGS, len(values)):
            before = values[month - LAGS : month]
            scale = before.mean()
            if scale > 0:
                lags.append(_shape(before / scale))
                after.append(np.clip(values[month] / scale, 0.0, LAGS))
    return np.array(lags).reshape(-1, LAGS), np.array(after, dtype=np.float64)
