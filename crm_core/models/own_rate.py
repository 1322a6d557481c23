"""Own rate: everyone goes on as they did in all the days seen, drawn towards the shop's mean (a gamma-Poisson model).

Nobody ever leaves, and how long somebody has been a customer is not asked: a repeat purchase counts the same whether
the first was early or late. The simple rule that is often as good as any model (Wübben & Wangenheim 2008).
Symbols: x = repeat_days, L = days seen, r and alpha of the gamma distribution of rates.
Source of the likelihood: Ehrenberg (1959), The pattern of consumer purchases, Applied Statistics 8(1).
"""

from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln

from crm_core.errors import CrmError, TooLittleDataError

__all__ = ["OwnRate"]

Floats = NDArray[np.float64]
LOG_BOUND = 9.0


class OwnRate:
    """Fitted: r_, alpha_ (days), observed_days_.

    >>> base = pd.DataFrame({"repeat_days": [0.0, 0.0, 1.0, 4.0]})
    >>> OwnRate().fit(base, observed_days=100).expected_purchases(base, days=100).round(2).tolist()
    [0.44, 0.44, 1.09, 3.02]
    """

    r_: float
    alpha_: float
    observed_days_: float

    def fit(self, summary: pd.DataFrame, *, observed_days: float) -> Self:
        """Maximum likelihood of everyone's repeat days in the days seen. In: summary[repeat_days]."""
        x = summary["repeat_days"].to_numpy(np.float64)
        if not len(x):
            raise TooLittleDataError("The own rate needs at least one customer with a purchase; there is none.")
        self.observed_days_ = max(float(observed_days), 1.0)
        counts, people = np.unique(x, return_counts=True)

        def loss(logs: Floats) -> float:
            r, odds = np.exp(logs)  # odds: of the shop's mean over r
            value = gammaln(r + counts) - gammaln(r) - (r + counts) * np.log1p(odds) + counts * np.log(odds)
            return -float(people @ value) / len(x)

        start = np.log([0.5, max(float(x.mean()), 0.01) / 0.5])
        found = minimize(loss, start, method="L-BFGS-B", bounds=[(-LOG_BOUND, LOG_BOUND)] * 2)
        r, odds = (float(value) for value in np.exp(found.x))
        self.r_, self.alpha_ = r, self.observed_days_ / odds
        return self

    def expected_purchases(self, summary: pd.DataFrame, *, days: float) -> pd.Series:
        """Expected number of purchase days within the days ahead."""
        shape, rate = self._posterior(summary)
        return pd.Series(shape / rate * days, index=summary.index, name="expected_purchases")

    def p_active(self, summary: pd.DataFrame, *, days: float) -> pd.Series:
        """P(at least one purchase within the days ahead), 0..1."""
        shape, rate = self._posterior(summary)
        return pd.Series(-np.expm1(-shape * np.log1p(days / rate)), index=summary.index, name="p_active")

    def _posterior(self, summary: pd.DataFrame) -> tuple[Floats, float]:
        if not hasattr(self, "r_"):
            raise CrmError("This own-rate model is not fitted yet; call fit(summary, observed_days=…) first.")
        return self.r_ + summary["repeat_days"].to_numpy(np.float64), self.alpha_ + self.observed_days_
