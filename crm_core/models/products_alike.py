"""Item-kNN: products bought by the people who bought what a customer has, popular ones weighing less.

Deshpande & Karypis (2004), ACM TOIS 22(1), cosine between products; here over all neighbours, a customer with many
products speaking more quietly.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from crm_core.models.taste_parts import TasteParts

__all__ = ["score_products_alike"]

FEW_BUYERS = 5  # added to each product's, so that a product of one buyer is not like everything they have
CELLS = 2_000_000  # customers x customers in memory at once
DENSE = 0.1  # share of customers with something in common above which zeros are no longer worth leaving out


def score_products_alike(parts: TasteParts, customers: NDArray[np.int64]) -> NDArray[np.float32]:
    """Scores of all products for some customers, one row each, a few at a time."""
    matrix = parts.matrix
    bought = matrix.spread(np.ones(len(matrix.product))).astype(np.float32)
    rarity = (matrix.buyers + FEW_BUYERS) ** -0.5
    loudness = np.maximum(np.diff(bought.indptr), 1) ** -0.5
    step = max(1, CELLS // max(matrix.shape[0], 1))
    starts = range(0, max(len(customers), 1), step)
    shared = sparse.csr_array(bought.multiply(rarity[None, :]).astype(np.float32))
    pieces = [_score_some(shared, bought, loudness, customers[start : start + step]) for start in starts]
    return np.concatenate(pieces) * rarity.astype(np.float32)


def _score_some(
    shared: sparse.csr_array, bought: sparse.csr_array, loudness: NDArray[np.float64], customers: NDArray[np.int64]
) -> NDArray[np.float32]:
    common = sparse.csr_array((shared[customers] @ bought.T).multiply(loudness[None, :].astype(np.float32)))
    if common.nnz > DENSE * np.prod(common.shape):
        return np.asarray((bought.T @ common.toarray().T).T, dtype=np.float32)
    return np.asarray((common @ bought).toarray(), dtype=np.float32)
