"""Means over a beta-distributed dropout probability: Gauss-Jacobi quadrature, nodes for each customer's own beta."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from crm_core.models.one_thread import one_thread

__all__ = ["mean_over_dropout"]

Floats = NDArray[np.float64]
NODES = 32
BLOCK = 20_000


def mean_over_dropout(function: Callable[[Floats, NDArray[np.intp]], Floats], *, a: float, b: Floats) -> Floats:
    """E[function(p, row)] for p ~ Beta(a, b[row]), one value per row.

    function gets p as an array (rows, nodes) and the numbers of those rows.

    >>> mean_over_dropout(lambda p, rows: p, a=1.0, b=np.array([1.0, 3.0])).round(12).tolist()
    [0.5, 0.25]
    """
    shapes, place = np.unique(b, return_inverse=True)
    nodes, weights = _beta_nodes(a, shapes)
    mean = np.empty(len(b))
    for start in range(0, len(b), BLOCK):
        rows = np.arange(start, min(start + BLOCK, len(b)))
        mean[rows] = (function(nodes[place[rows]], rows) * weights[place[rows]]).sum(axis=1)
    return mean


def _beta_nodes(a: float, b: Floats) -> tuple[Floats, Floats]:
    """Nodes in 0..1 and weights that sum to 1, one row per b."""
    # Golub & Welsch (1969): eigenvalues of the recurrence matrix of the Jacobi polynomials (on -1..1) are the nodes,
    # squared first components of its eigenvectors the weights. Recurrence: Abramowitz & Stegun 22.7.1.
    k = np.arange(1, NODES, dtype=np.float64)
    high, low = b[:, None] - 1.0, a - 1.0
    total = high + low
    middle = (low - high) * (low + high) / ((2 * k + total) * (2 * k + total + 2))
    beside = 4 * (k + high) * (k + low) / ((2 * k + total) ** 2 * (2 * k + total + 1))
    more = k[1:]  # at k = 1 the last factor is 1, whatever the total
    beside[:, 1:] *= more * (more + total) / (2 * more + total - 1)
    matrix = np.zeros((len(b), NODES, NODES))
    inner, outer = np.arange(NODES - 1), np.arange(1, NODES)
    matrix[:, 0, 0] = ((low - high) / (total + 2))[:, 0]
    matrix[:, outer, outer] = middle
    matrix[:, outer, inner] = np.sqrt(beside)
    with one_thread():
        values, vectors = np.linalg.eigh(matrix)
    return (1 + values) / 2, vectors[:, 0, :] ** 2
