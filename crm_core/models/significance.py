"""Whether a count is more than chance: the exact tail of the hypergeometric distribution, and many tests at once."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

__all__ = ["chance_of_overlap", "false_discovery_rates"]

Floats = NDArray[np.float64]
NEGLIGIBLE = 1e-17  # of the sum so far


def chance_of_overlap(both: ArrayLike, first: ArrayLike, second: ArrayLike, total: int) -> Floats:
    """How likely two groups drawn at random from `total` share `both` members or more: Fisher's exact test, one-sided.

    In: both, first, second: counts, one entry per question; `first` and `second` are the sizes of the groups.
    Source: Fisher (1935), J. R. Stat. Soc. 98. The tail is summed away from the mean, where terms only fall.

    >>> chance_of_overlap([3, 0], [4, 4], [4, 4], 8).round(4).tolist()
    [0.2429, 1.0]
    """
    k, a, b = np.broadcast_arrays(*(np.asarray(values, dtype=np.float64) for values in (both, first, second)))
    n = float(total)
    above = k * n > a * b
    tail = np.empty(k.shape)
    tail[above] = _sum_tail(k[above], a[above], b[above], n, up=True)
    tail[~above] = 1 - _sum_tail(k[~above] - 1, a[~above], b[~above], n, up=False)
    return np.clip(tail, 0.0, 1.0)


def _sum_tail(k: Floats, a: Floats, b: Floats, n: float, *, up: bool) -> Floats:
    """P(K >= k), or P(K <= k) where not `up`; each term from the one before by the ratio of the two."""
    possible = (k >= np.maximum(0, a + b - n)) & (k <= np.minimum(a, b))
    start = np.full(len(k), -np.inf)
    start[possible] = _log_probability(k[possible], a[possible], b[possible], n)
    sums, term, going = np.ones(len(k)), np.ones(len(k)), np.flatnonzero(possible)
    k = k.copy()
    while len(going):
        x, a_, b_ = k[going], a[going], b[going]
        if up:
            ratio = (a_ - x) * (b_ - x) / ((x + 1) * (n - a_ - b_ + x + 1))
        else:
            ratio = x * (n - a_ - b_ + x) / ((a_ - x + 1) * (b_ - x + 1))
        term[going] *= ratio
        sums[going] += term[going]
        k[going] += 1 if up else -1
        going = going[term[going] > NEGLIGIBLE * sums[going]]
    return np.asarray(np.exp(start + np.log(sums)), dtype=np.float64)


def _log_probability(k: Floats, a: Floats, b: Floats, n: float) -> Floats:
    chosen = _log_choose(a, k) + _log_choose(n - a, b - k) - _log_choose(np.full_like(b, n), b)
    return np.asarray(chosen, dtype=np.float64)


def _log_choose(n: Floats, k: Floats) -> Floats:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1), dtype=np.float64)


def false_discovery_rates(chances: Floats, *, tests: int | None = None) -> Floats:
    """The share of false ones to be expected among all that are as unlikely or more: Benjamini & Hochberg (1995).

    In: chances, 0..1 (p-values); tests: how many were looked at, where more than are given here: the others count as
    not surprising at all.

    >>> false_discovery_rates(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    many = len(chances) if tests is None else max(tests, len(chances))
    order = np.argsort(chances, kind="stable")
    raw = chances[order] * many / np.arange(1, len(chances) + 1)
    steady = np.minimum.accumulate(raw[::-1])[::-1]
    rates = np.empty(len(chances))
    rates[order] = np.minimum(steady, 1.0)
    return rates
