"""Tastes in few dimensions: how well each product fits a customer by the strongest patterns in what all have bought.

PureSVD (Cremonesi, Koren & Turrin 2010, RecSys): profiles are projected onto their first singular vectors, which are
found by subspace iteration from a random start (Halko, Martinsson & Tropp 2011, SIAM Review 53(2)).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["RANKS", "find_axes", "fit_along"]

Floats = NDArray[np.float32]
RANKS = (8, 24)  # broad tastes, and finer ones
SPARE_AXES, ROUNDS, SEED = 8, 4, 0


def find_axes(profiles: sparse.csr_array, by_product: sparse.csr_array) -> Floats:
    """Products x at most 24, of length 1 and at right angles: the first says most of the profiles, and so on.

    In: customers x products, and the same turned over.

    >>> tea, cup = [1.0, 0.0], [0.0, 1.0]
    >>> profiles = np.array([tea, tea, cup], dtype=np.float32)
    >>> abs(find_axes(sparse.csr_array(profiles), sparse.csr_array(profiles.T))).round(3).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    products = profiles.shape[1]
    start = np.random.default_rng(SEED).standard_normal((products, min(products, RANKS[-1] + SPARE_AXES)))
    space = start.astype(np.float32)
    for _ in range(ROUNDS):
        space = np.linalg.qr(by_product @ (profiles @ space))[0]
    seen = profiles @ space
    strength, turn = np.linalg.eigh(seen.T @ seen)
    return np.asarray(space @ turn[:, np.argsort(-strength, kind="stable")[: RANKS[-1]]], dtype=np.float32)


def fit_along(profiles: sparse.csr_array, axes: Floats, rank: int) -> Floats:
    """Customers x products by the first axes alone: 0..1, each customer's best product 1."""
    kept = axes[:, :rank]
    fit = np.maximum((profiles @ kept) @ kept.T, np.float32(0))
    best = fit.max(axis=1, initial=0.0, keepdims=True)
    fit /= np.where(best > 0, best, np.float32(1))
    return np.asarray(fit, dtype=np.float32)
