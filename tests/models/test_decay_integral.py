"""The integral of two decaying powers: against finer integration, and its slopes."""

from itertools import product

import numpy as np
import pytest

from crm_core.models.decay_integral import BLOCK, decay_integral, decay_means


def integrate(p: float, alpha: float, q: float, beta: float, start: float, stop: float) -> float:
    """The same on 800 stretches of time, from very short to long."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    edges = np.r_[0, np.geomspace(1e-14 * (stop - start), stop - start, 800)]
    low, length = edges[:-1, None], np.diff(edges)[:, None]
    since = low + length * (1 + nodes) / 2
    fall = p * np.log1p(since / (alpha + start)) + q * np.log1p(since / (beta + start))
    return float((np.exp(-fall) * length * weights / 2).sum())


@pytest.mark.parametrize(("start", "stop"), [(0.0, 1.0), (0.0, 4.0), (0.9, 1.0), (0.0, 1e-3)])
def test_it_holds_for_all_powers_and_times(start: float, stop: float) -> None:
    """Times in mean tenures: alpha or beta of a hundred thousandth is beyond anything that is fitted."""
    times = [1e-5, 0.01, 0.5, 30.0, 1e4]
    for p, q, alpha, beta in product([0.01, 0.5, 3.0, 50.0, 1e4], [0.01, 1.001, 1.6, 20.0, 1000.0], times, times):
        value = float(decay_integral(np.array([p]), alpha, q, beta, np.array([start]), np.array([stop]))[0])
        assert value == pytest.approx(integrate(p, alpha, q, beta, start, stop), rel=1e-6), (p, q, alpha, beta)


@pytest.mark.parametrize(("alpha", "beta"), [(0.3, 2.0), (2.0, 0.3), (0.7, 0.7)])
def test_the_means_are_slopes_of_its_logarithm(alpha: float, beta: float) -> None:
    p, q, start, stop = np.array([2.5]), 1.4, np.array([0.2]), np.array([1.1])

    def value(p: float, alpha: float, q: float, beta: float) -> float:
        total = decay_integral(np.array([p]), alpha, q, beta, start, stop)[0]
        return float(np.log(total) - p * np.log(alpha + 0.2) - q * np.log(beta + 0.2))

    means = decay_means(p, alpha, q, beta, start, stop)
    known = np.array([2.5, alpha, q, beta])
    slopes = [(value(*(known + step)) - value(*(known - step))) / 2e-5 for step in np.eye(4) * 1e-5]
    assert float(means.total[0]) == float(decay_integral(p, alpha, q, beta, start, stop)[0])
    assert slopes == pytest.approx(
        [
            -float(means.log_alpha[0]) - np.log(alpha + 0.2),
            -2.5 * float(means.by_alpha[0]),
            -float(means.log_beta[0]) - np.log(beta + 0.2),
            -q * float(means.by_beta[0]),
        ],
        rel=1e-8,
    )


def test_no_time_is_nothing_and_each_row_stands_for_itself() -> None:
    p = np.linspace(0.1, 9.0, 2 * BLOCK + 3)
    start = np.linspace(0, 50, len(p))
    stop = start + np.where(np.arange(len(p)) % 2, 20.0, 0.0)
    whole = decay_integral(p, 3.0, 1.5, 8.0, start, stop)
    assert (whole[::2] == 0).all()
    assert np.isfinite(decay_means(p, 3.0, 1.5, 8.0, start, stop)).all()
    for row in (1, BLOCK - 1, BLOCK + 1, len(p) - 2):
        one = slice(row, row + 1)
        assert whole[row] == pytest.approx(float(decay_integral(p[one], 3.0, 1.5, 8.0, start[one], stop[one])[0]))
