"""The integral of two decaying powers of time, which Pareto/NBD needs for dropout and for the next purchase.

It stands for the difference of two hypergeometric functions in the papers, without what cancels and what is singular.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["DecayMeans", "decay_integral", "decay_means"]

Floats = NDArray[np.float64]
NODES = 24
BLOCK = 1_000  # rows at a time, so that their nodes stay near the processor
NEGLIGIBLE = 40.0  # beyond a fall by exp(-40) the rest no longer counts
_nodes, _weights = np.polynomial.legendre.leggauss(NODES)
LEVELS, SHARES = (1 + _nodes) / 2, _weights / 2


class DecayMeans(NamedTuple):
    """The integral per row, and means with its integrand as the density of tau."""

    total: Floats
    log_alpha: Floats  # of log (alpha + tau) / (alpha + start)
    log_beta: Floats
    by_alpha: Floats  # of 1 / (alpha + tau)
    by_beta: Floats


def decay_integral(p: Floats, alpha: float, q: float, beta: float, start: Floats, stop: Floats) -> Floats:
    """The integral over tau of ((alpha + start) / (alpha + tau))**p ((beta + start) / (beta + tau))**q, per row.

    >>> ten = np.array([10.0])
    >>> decay_integral(np.array([2.0]), 5.0, 1.0, 5.0, 0 * ten, ten).round(12).tolist()  # (5 - 5**3 / 15**2) / 2
    [2.222222222222]
    """
    total = np.empty(len(p))
    for rows in _blocks(len(p)):
        total[rows] = _density(p[rows], alpha, q, beta, start[rows], stop[rows])[0].sum(axis=1)
    return total


def decay_means(p: Floats, alpha: float, q: float, beta: float, start: Floats, stop: Floats) -> DecayMeans:
    """The same integral, with the means that its slopes are made of."""
    found = np.empty((len(DecayMeans._fields), len(p)))
    for rows in _blocks(len(p)):
        at = start[rows]
        density, step, log_alpha, log_beta = _density(p[rows], alpha, q, beta, at, stop[rows])
        found[0, rows] = density.sum(axis=1)
        density /= np.maximum(found[0, rows], 1e-300)[:, None]
        since = at[:, None] + step
        for number, value in enumerate((log_alpha, log_beta, 1 / (alpha + since), 1 / (beta + since)), 1):
            found[number, rows] = np.einsum("ij,ij->i", density, value)
    return DecayMeans(*found)


def _density(
    p: Floats, alpha: float, q: float, beta: float, start: Floats, stop: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """At each node: the integrand times the node's share of the way, tau - start, and both logarithms.

    Nodes are Gauss-Legendre's on the scale of log(nearer + tau), nearer being the smaller of alpha and beta: there both
    powers are smooth, however near to 0 that is and however far the way.
    """
    nearer = min(alpha, beta)
    way = np.minimum(stop - start, np.minimum(_reach(p, alpha + start), _reach(q, beta + start)))
    width = np.log1p(way / (nearer + start))
    log_nearer = width[:, None] * LEVELS
    step = (nearer + start)[:, None] * np.expm1(log_nearer)
    log_farther = np.log1p(step / (max(alpha, beta) + start)[:, None])
    log_alpha, log_beta = (log_nearer, log_farther) if alpha <= beta else (log_farther, log_nearer)
    density = np.exp(log_nearer - p[:, None] * log_alpha - q * log_beta)
    return density * ((nearer + start) * width)[:, None] * SHARES, step, log_alpha, log_beta


def _reach(power: Floats | float, from_zero: Floats) -> Floats:
    """How far on a power of time has become negligible."""
    return np.asarray(from_zero * np.expm1(np.minimum(NEGLIGIBLE / power, 600.0)))


def _blocks(rows: int) -> list[slice]:
    return [slice(start, start + BLOCK) for start in range(0, rows, BLOCK)]
