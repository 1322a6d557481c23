"""TIFU-kNN: a customer's own fading basket frequencies, mixed with those of the customers nearest to them.

Hu, He, Gao & Zhang (2020), "Modeling Personalized Item Frequency Information for Next-basket Recommendation", SIGIR.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from crm_core.models.taste_parts import Own, TasteParts

__all__ = ["score_tifu"]

NEIGHBOURS = 100
OWN_SHARE = 0.7
CELLS = 2_000_000  # customers x customers in memory at once


def score_tifu(parts: TasteParts, customers: NDArray[np.int64]) -> NDArray[np.float32]:
    """Scores of all products for some customers, one row each (neighbours by Euclidean distance), a few at a time."""
    vectors = parts.matrix.spread(parts.count_own(Own.GROUPS)).astype(np.float32)
    by_product = sparse.csr_array(vectors.T)
    step = max(1, CELLS // max(vectors.shape[0], 1))
    starts = range(0, max(len(customers), 1), step)
    return np.concatenate(
        [_score_some(parts, vectors, by_product, customers[start : start + step]) for start in starts]
    )


def _score_some(
    parts: TasteParts, vectors: sparse.csr_array, by_product: sparse.csr_array, customers: NDArray[np.int64]
) -> NDArray[np.float32]:
    squared = np.asarray((vectors * vectors).sum(axis=1)).ravel()
    distance = squared[None, :] - np.float32(2) * (vectors[customers] @ by_product).toarray()
    distance[np.arange(len(customers)), customers] = np.inf
    distance[:, parts.matrix.baskets == 0] = np.inf
    size = min(NEIGHBOURS, distance.shape[1])
    near = np.argpartition(distance, size - 1, axis=1)[:, :size]
    weight = np.isfinite(np.take_along_axis(distance, near, axis=1)).astype(np.float32)
    weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1)
    starts = np.arange(0, near.size + 1, size)
    mean = sparse.csr_array((weight.ravel(), near.ravel(), starts), shape=distance.shape) @ vectors
    mixed = OWN_SHARE * vectors[customers] + (1 - OWN_SHARE) * mean
    scores = np.asarray(mixed.toarray(), dtype=np.float32)
    return np.asarray(scores / np.maximum(scores.max(axis=1, initial=0.0, keepdims=True), np.float32(1e-30)))
