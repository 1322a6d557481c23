"""Some of many, evenly spaced: the same ones in every run, and from all over their order."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["even_places"]


def even_places(number: int, most: int) -> NDArray[np.int64]:
    """The places of at most so many of a number of things, the first and the last among them.

    >>> even_places(3, 5).tolist(), even_places(9, 3).tolist(), even_places(0, 3).tolist()
    ([0, 1, 2], [0, 4, 8], [])
    """
    return np.unique(np.linspace(0, max(number - 1, 0), min(number, most)).astype(np.int64))
