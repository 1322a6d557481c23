"""The likelihood of BG/NBD and MBG/NBD on grouped customers, with its gradient. Symbols as in bg_nbd.py."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, psi

from crm_core.models.purchase_groups import GroupedCustomers, weighted_sum

__all__ = ["BetaGeoLikelihood"]

Floats = NDArray[np.float64]


class BetaGeoLikelihood(GroupedCustomers):
    """The likelihood of r, alpha, a and b.

    Somebody active has had x chances to leave, and chances_at_first more after the very first purchase: none in BG/NBD,
    one in MBG/NBD.
    """

    def __init__(self, x: Floats, t_x: Floats, T: Floats, *, chances_at_first: int, unit: float = 1.0) -> None:
        super().__init__(x, t_x, T, fewest=1 - chances_at_first, unit=unit)
        self.chances = self.counts + chances_at_first

    def log_likelihood(self, logs: Floats) -> tuple[float, Floats]:
        """The value and its gradient by log r, log alpha, log a, log b."""
        # Fader, Hardie & Lee (2005), Marketing Science 24(2), eq. 6, as
        # log(A) + log(B) - (r + x) log(alpha + T) + log(1 + odds of having left);
        # that of Batislam, Denizel & Filiztekin (2007) is the same with x + 1 chances to leave
        r, alpha, a, b = np.exp(logs)
        x, n, chances = self.counts, self.weight_of_count, self.chances
        later = np.maximum(chances, 1.0) + b - 1
        log_end, log_last = np.log(alpha + self.ends), np.log(alpha + self.lasts)
        gap = log_end[self.end] - log_last[self.last]
        log_odds = (logs[2] - np.log(later))[self.count] + (r + self.x) * gap
        shrunk = np.exp(-np.abs(log_odds))
        left = self.weight * np.where(log_odds > 0, 1.0, shrunk) / (1 + shrunk)  # weight x P(left)
        buys = r * self.weight_of_end + self.purchases_of_end  # sum of r + x by T
        value = n @ (gammaln(r + x) - gammaln(r) + r * logs[1] + _log_beta_ratio(a, b, chances)) - buys @ log_end
        value += weighted_sum(self.weight, np.maximum(log_odds, 0.0) + np.log(1 + shrunk))
        by_end, by_last = 1 / (alpha + self.ends), 1 / (alpha + self.lasts)
        both = psi(a + b) - psi(a + b + chances)
        slope = (
            n @ (psi(r + x) - psi(r) + logs[1]) - self.weight_of_end @ log_end + weighted_sum(left, gap),
            self.customers * r / alpha
            - buys @ by_end
            + weighted_sum(left * (r + self.x), by_end[self.end] - by_last[self.last]),
            n @ both + left.sum() / a,
            n @ (both + psi(b + chances) - psi(b)) - weighted_sum(left, (1 / later)[self.count]),
        )
        return float(value), np.array(slope) * np.array([r, alpha, a, b])


def _log_beta_ratio(a: float, b: float, chances: Floats) -> Floats:
    """log B(a, b + chances) / B(a, b)."""
    return np.asarray(gammaln(b + chances) - gammaln(b) + gammaln(a + b) - gammaln(a + b + chances))
