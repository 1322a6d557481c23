"""BG/NBD: how often a customer will buy again, and whether at all, from purchase days alone.

Symbols of the paper: x = repeat_days, t_x = first_to_last_days, T = tenure_days, t = days ahead. While a customer is
active they buy at a rate that differs between customers (gamma: r, alpha); after each purchase they stay away for good
with a probability that differs too (beta: a, b).
Source: Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24(2), 275-284.
"""

from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from crm_core.models.beta_mean import mean_over_dropout
from crm_core.models.bg_nbd_likelihood import BetaGeoLikelihood
from crm_core.models.purchase_family import PurchaseModel, history_columns

__all__ = ["BetaGeoNBD"]

Floats = NDArray[np.float64]


class BetaGeoNBD(PurchaseModel):
    """The BG/NBD model. What it is asked and learns: PurchaseModel; alpha_ is a time.

    >>> model = BetaGeoNBD.from_parameters({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426})  # in weeks
    >>> customer = pd.DataFrame({"repeat_days": [2], "first_to_last_days": [30.43], "tenure_days": [38.86]})
    >>> round(float(model.expected_purchases(customer, days=39).iloc[0]), 3)
    1.226
    """

    NAME = "BG/NBD"
    PARAMETERS = ("r", "alpha", "a", "b")
    TIMES = frozenset({"alpha"})
    PRIOR_MEDIAN = (0.5, 0.5, 0.5, 2.0)
    CHANCES_AT_FIRST: ClassVar[int] = 0  # to leave, before the first repeat purchase
    a_: float
    b_: float

    def p_alive(self, summary: pd.DataFrame) -> pd.Series:
        """P(still a customer), 0..1; 1 for who has had no chance to leave yet: in BG/NBD, one-time buyers."""
        self._check_fitted()
        x, t_x, T = history_columns(summary)
        # Fader, Hardie & Lee (2008), "Computing P(alive) Using the BG/NBD Model", eq. 1
        chances = self.chances(x)
        later = np.maximum(chances, 1.0)
        log_odds = np.log(self.a_ / (self.b_ + later - 1)) + (self.r_ + x) * np.log(
            (self.alpha_ + T) / (self.alpha_ + t_x)
        )
        return pd.Series(np.where(chances > 0, expit(-log_odds), 1.0), index=summary.index, name="p_alive")

    def chances(self, x: Floats) -> Floats:
        """How often somebody still active could have left, per x; their dropout probability is Beta(a_, b_ + that)."""
        return x + self.CHANCES_AT_FIRST

    def _likelihood(self, x: Floats, t_x: Floats, T: Floats, *, unit: float) -> BetaGeoLikelihood:
        return BetaGeoLikelihood(x, t_x, T, chances_at_first=self.CHANCES_AT_FIRST, unit=unit)

    def _buys_while_active(self, x: Floats, T: Floats, days: float) -> Floats:
        """While active the next purchase waits exponentially: a gamma mixture of rates makes that a Pareto."""
        return np.asarray(-np.expm1((self.r_ + x) * np.log((self.alpha_ + T) / (self.alpha_ + T + days))))

    def _while_active(self, x: Floats, T: Floats, days: float) -> Floats:
        """Expected purchases of somebody active today (eq. 10).

        Without its hypergeometric function, which is singular at a = 1 and a + b + x = 1: given the rate and the
        dropout p the expectation is (1 - exp(-rate p t)) / p; the mean over rates is closed, over p numerical.
        """
        shape, ratio = (self.r_ + x)[:, None], (days / (self.alpha_ + T))[:, None]

        def purchases(p: Floats, rows: NDArray[np.intp]) -> Floats:
            p = np.maximum(p, 1e-300)
            return np.asarray(-np.expm1(-shape[rows] * np.log1p(p * ratio[rows])) / p)

        return mean_over_dropout(purchases, a=self.a_, b=self.b_ + self.chances(x))
