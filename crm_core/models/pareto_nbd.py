"""Pareto/NBD: how often a customer will buy again, and whether at all, when they may leave at any time.

Symbols of the paper: x = repeat_days, t_x = first_to_last_days, T = tenure_days, t = days ahead. While a customer is
active they buy at a rate that differs between customers (gamma: r, alpha), and leave for good, whether they buy or not,
at another (gamma: s, beta).
Source: Schmittlein, Morrison & Colombo (1987), Counting Your Customers, Management Science 33(1), 1-24; Fader & Hardie
(2005), A Note on Deriving the Pareto/NBD Model and Related Expressions.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, exprel

from crm_core.models.decay_integral import decay_integral
from crm_core.models.pareto_nbd_likelihood import ParetoLikelihood, log_odds_of_having_left
from crm_core.models.purchase_family import PurchaseModel, history_columns
from crm_core.models.purchase_groups import distinct_rows

__all__ = ["ParetoNBD"]

Floats = NDArray[np.float64]


class ParetoNBD(PurchaseModel):
    """The Pareto/NBD model. What it is asked and learns: PurchaseModel; alpha_ and beta_ are times.

    >>> model = ParetoNBD.from_parameters({"r": 0.5533, "alpha": 10.578, "s": 0.6062, "beta": 11.669})  # in weeks
    >>> customer = pd.DataFrame({"repeat_days": [26], "first_to_last_days": [30.86], "tenure_days": [31]})
    >>> round(float(model.expected_purchases(customer, days=52).iloc[0]), 2)
    25.46
    """

    NAME = "Pareto/NBD"
    PARAMETERS = ("r", "alpha", "s", "beta")
    TIMES = frozenset({"alpha", "beta"})
    PRIOR_MEDIAN = (0.5, 0.5, 0.5, 2.0)
    s_: float
    beta_: float

    def p_alive(self, summary: pd.DataFrame) -> pd.Series:
        """P(still a customer), 0..1; below 1 for one-time buyers too."""
        self._check_fitted()
        x, t_x, T = history_columns(summary)
        # Fader & Hardie (2005), eq. 36 and 37
        first, place = distinct_rows(x, t_x, T)
        log_odds = log_odds_of_having_left(
            x[first], t_x[first], T[first], r=self.r_, alpha=self.alpha_, s=self.s_, beta=self.beta_
        )
        return pd.Series(expit(-log_odds)[place], index=summary.index, name="p_alive")

    def _likelihood(self, x: Floats, t_x: Floats, T: Floats, *, unit: float) -> ParetoLikelihood:
        return ParetoLikelihood(x, t_x, T, unit=unit)

    def _buys_while_active(self, x: Floats, T: Floats, days: float) -> Floats:
        """P(the next purchase comes before leaving and within the days ahead) of somebody active today.

        Given both rates its density u days ahead is rate exp(-(rate + dropout rate) u); the means over the rates of
        somebody active, gamma (r + x, alpha + T) and (s, beta + T), are closed, and the days are summed up numerically.
        """
        first, place = distinct_rows(x, T)
        x, T = x[first], T[first]
        wait = decay_integral(self.r_ + x + 1, self.alpha_, self.s_, self.beta_, T, T + days)
        return np.asarray(np.minimum((self.r_ + x) / (self.alpha_ + T) * wait, 1.0)[place])

    def _while_active(self, x: Floats, T: Floats, days: float) -> Floats:
        """Expected purchases of somebody active today: their mean rate times the days they are likely to stay."""
        # Fader & Hardie (2005), eq. 41 without P(alive); exprel keeps it whole at s = 1
        gap = np.log1p(days / (self.beta_ + T))
        stays = (self.beta_ + T) * gap * exprel((1 - self.s_) * gap)
        return np.asarray((self.r_ + x) / (self.alpha_ + T) * stays)
