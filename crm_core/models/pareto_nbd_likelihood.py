"""The likelihood of Pareto/NBD on grouped customers, with its gradient. Symbols as in pareto_nbd.py."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, gammaln, psi

from crm_core.models.decay_integral import decay_integral, decay_means
from crm_core.models.purchase_groups import GroupedCustomers, weighted_sum

__all__ = ["ParetoLikelihood", "log_odds_of_having_left"]

Floats = NDArray[np.float64]


class ParetoLikelihood(GroupedCustomers):
    """The likelihood of r, alpha, s and beta."""

    def __init__(self, x: Floats, t_x: Floats, T: Floats, *, unit: float = 1.0) -> None:
        super().__init__(x, t_x, T, fewest=0, unit=unit)

    def log_likelihood(self, logs: Floats) -> tuple[float, Floats]:
        """The value and its gradient by log r, log alpha, log s, log beta."""
        # Fader & Hardie (2005), "A Note on Deriving the Pareto/NBD Model and Related Expressions", eq. 18 with its
        # integral over the time of leaving (A_0, eq. 19 and 20) as it stands before it is solved:
        # log(A) - (r + x) log(alpha + T) - s log(beta + T) + log(1 + odds of having left)
        r, alpha, s, beta = np.exp(logs)
        x, n, ends = self.counts, self.weight_of_count, self.ends
        last, end = self.lasts[self.last], ends[self.end]
        means = decay_means(r + self.x, alpha, s + 1, beta, last, end)
        gap_alpha, gap_beta = np.log((alpha + end) / (alpha + last)), np.log((beta + end) / (beta + last))
        log_odds = _log_odds(means.total, (r + self.x) * gap_alpha, s * gap_beta, s=s, beta=beta, last=last)
        left = self.weight * expit(log_odds)
        buys = r * self.weight_of_end + self.purchases_of_end  # sum of r + x by T
        log_alpha, log_beta = np.log(alpha + ends), np.log(beta + ends)
        value = n @ (gammaln(r + x) - gammaln(r) + r * logs[1] + s * logs[3])
        value -= buys @ log_alpha + s * (self.weight_of_end @ log_beta)
        value += weighted_sum(self.weight, np.logaddexp(0.0, log_odds))
        slope = (
            n @ (psi(r + x) - psi(r) + logs[1])
            - self.weight_of_end @ log_alpha
            + weighted_sum(left, gap_alpha - means.log_alpha),
            self.customers * r / alpha
            - buys @ (1 / (alpha + ends))
            + weighted_sum(left * (r + self.x), 1 / (alpha + end) - means.by_alpha),
            self.customers * logs[3]
            - self.weight_of_end @ log_beta
            + weighted_sum(left, 1 / s + gap_beta - means.log_beta),
            self.customers * s / beta
            - s * (self.weight_of_end @ (1 / (beta + ends)))
            + weighted_sum(left, s / (beta + end) - (s + 1) * means.by_beta),
        )
        return float(value), np.array(slope) * np.array([r, alpha, s, beta])


def log_odds_of_having_left(
    x: Floats, t_x: Floats, T: Floats, *, r: float, alpha: float, s: float, beta: float
) -> Floats:
    """Log of P(left between t_x and T) / P(still a customer at T), per history."""
    total = decay_integral(r + x, alpha, s + 1, beta, t_x, T)
    gap_alpha, gap_beta = np.log((alpha + T) / (alpha + t_x)), np.log((beta + T) / (beta + t_x))
    return _log_odds(total, (r + x) * gap_alpha, s * gap_beta, s=s, beta=beta, last=t_x)


def _log_odds(total: Floats, fall_alpha: Floats, fall_beta: Floats, *, s: float, beta: float, last: Floats) -> Floats:
    return np.asarray(np.log(s * np.maximum(total, 1e-300) / (beta + last)) + fall_alpha + fall_beta)
