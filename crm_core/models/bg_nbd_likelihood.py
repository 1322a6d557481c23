"""The likelihood of BG/NBD on grouped customers, with its gradient. Symbols as in bg_nbd.py."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, psi

__all__ = ["GroupedCustomers", "distinct_rows"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
MOST_WHOLE = 20_000  # whole numbers up to here are their own codes


class GroupedCustomers:
    """The sufficient statistics: customers with equal (x, t_x, T) are one row with a weight.

    Gamma functions depend on x alone and logarithms on one time each, so they are taken once per distinct value. Those
    who bought once (x = 0) can't have left and need their T alone.
    """

    def __init__(self, x: Floats, t_x: Floats, T: Floats, *, unit: float = 1.0) -> None:
        self.customers, self.purchases = len(x), float(x.sum())
        (counts, of_count), (lasts, of_last), (ends, of_end) = _codes(x), _codes(t_x), _codes(T)
        self.counts, self.lasts, self.ends = counts, lasts / unit, ends / unit
        self.weight_of_count = np.bincount(of_count, minlength=len(counts)).astype(np.float64)
        self.weight_of_end = np.bincount(of_end, minlength=len(ends)).astype(np.float64)
        self.purchases_of_end = np.bincount(of_end, weights=x, minlength=len(ends))
        again = x > 0
        key = (of_count[again] * len(lasts) + of_last[again]) * len(ends) + of_end[again]
        key, weight = np.unique(key, return_counts=True)
        key, self.end = np.divmod(key, len(ends))
        self.count, self.last = np.divmod(key, len(lasts))
        self.weight, self.x = weight.astype(np.float64), counts[self.count]

    def log_likelihood(self, logs: Floats) -> tuple[float, Floats]:
        """The value and its gradient by log r, log alpha, log a, log b."""
        # Fader, Hardie & Lee (2005), Marketing Science 24(2), eq. 6, as
        # log(A) + log(B) - (r + x) log(alpha + T) + log(1 + odds of having left)
        r, alpha, a, b = np.exp(logs)
        x, n = self.counts, self.weight_of_count
        later = np.maximum(x, 1.0) + b - 1
        log_end, log_last = np.log(alpha + self.ends), np.log(alpha + self.lasts)
        gap = log_end[self.end] - log_last[self.last]
        log_odds = (logs[2] - np.log(later))[self.count] + (r + self.x) * gap
        shrunk = np.exp(-np.abs(log_odds))
        left = self.weight * np.where(log_odds > 0, 1.0, shrunk) / (1 + shrunk)  # weight x P(left)
        buys = r * self.weight_of_end + self.purchases_of_end  # sum of r + x by T
        value = n @ (gammaln(r + x) - gammaln(r) + r * logs[1] + _log_beta_ratio(a, b, x)) - buys @ log_end
        value += _dot(self.weight, np.maximum(log_odds, 0.0) + np.log(1 + shrunk))
        by_end, by_last = 1 / (alpha + self.ends), 1 / (alpha + self.lasts)
        both = psi(a + b) - psi(a + b + x)
        slope = (
            n @ (psi(r + x) - psi(r) + logs[1]) - self.weight_of_end @ log_end + _dot(left, gap),
            self.customers * r / alpha
            - buys @ by_end
            + _dot(left * (r + self.x), by_end[self.end] - by_last[self.last]),
            n @ both + left.sum() / a,
            n @ (both + psi(b + x) - psi(b)) - _dot(left, (1 / later)[self.count]),
        )
        return float(value), np.array(slope) * np.array([r, alpha, a, b])


def distinct_rows(*columns: Floats) -> tuple[Positions, Positions]:
    """Where each distinct combination of values first stands, in the order of the values, and which one each row has.

    >>> first, place = distinct_rows(np.array([3.0, 1.0, 3.0]), np.array([5.0, 5.0, 5.0]))
    >>> first.tolist(), place.tolist()
    ([1, 0], [1, 0, 1])
    """
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        values, code = _codes(column)
        _, key = np.unique(key * len(values) + code, return_inverse=True)
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    return first, place


def _codes(values: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Values in rising order and each row's place among them; not every value need occur."""
    if len(values) and values.min() >= 0 and values.max() <= MOST_WHOLE:
        whole = values.astype(np.int64)
        if (whole == values).all():
            return np.arange(int(whole.max()) + 1, dtype=np.float64), whole
    distinct, code = np.unique(values, return_inverse=True)
    return distinct, code


def _dot(first: Floats, second: Floats) -> float:
    """The dot product without BLAS, whose threads wait longer for each other than the sum takes."""
    return float(np.einsum("i,i", first, second))


def _log_beta_ratio(a: float, b: float, x: Floats) -> Floats:
    """log B(a, b + x) / B(a, b)."""
    return np.asarray(gammaln(b + x) - gammaln(b) + gammaln(a + b) - gammaln(a + b + x))
