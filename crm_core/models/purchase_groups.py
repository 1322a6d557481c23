"""Customers with equal purchase histories, taken together: what the likelihoods of the BG/NBD family are sums over."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["GroupedCustomers", "distinct_rows", "weighted_sum"]

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
MOST_WHOLE = 20_000  # whole numbers up to here are their own codes


class GroupedCustomers:
    """The sufficient statistics: customers with equal (x, t_x, T) are one row with a weight.

    Gamma functions depend on x alone and logarithms on one time each, so they are taken once per distinct value. Rows
    are made of those with the fewest repeat purchases after which one can have left; others need their T alone.
    """

    def __init__(self, x: Floats, t_x: Floats, T: Floats, *, fewest: int, unit: float = 1.0) -> None:
        self.customers = len(x)
        (counts, of_count), (lasts, of_last), (ends, of_end) = _codes(x), _codes(t_x), _codes(T)
        self.counts, self.lasts, self.ends = counts, lasts / unit, ends / unit
        self.weight_of_count = np.bincount(of_count, minlength=len(counts)).astype(np.float64)
        self.weight_of_end = np.bincount(of_end, minlength=len(ends)).astype(np.float64)
        self.purchases_of_end = np.bincount(of_end, weights=x, minlength=len(ends))
        may_leave = x >= fewest
        key = (of_count[may_leave] * len(lasts) + of_last[may_leave]) * len(ends) + of_end[may_leave]
        key, weight = np.unique(key, return_counts=True)
        key, self.end = np.divmod(key, len(ends))
        self.count, self.last = np.divmod(key, len(lasts))
        self.weight, self.x = weight.astype(np.float64), counts[self.count]


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


def weighted_sum(weights: Floats, values: Floats) -> float:
    """The dot product without BLAS, whose threads wait longer for each other than the sum takes.

    >>> weighted_sum(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    11.0
    """
    return float(np.einsum("i,i", weights, values))


def _codes(values: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Values in rising order and each row's place among them; not every value need occur."""
    if len(values) and values.min() >= 0 and values.max() <= MOST_WHOLE:
        whole = values.astype(np.int64)
        if (whole == values).all():
            return np.arange(int(whole.max()) + 1, dtype=np.float64), whole
    distinct, code = np.unique(values, return_inverse=True)
    return distinct, code
