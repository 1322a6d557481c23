"""How a line of an order is known again: a hash of what it says, and which of several equal ones it is."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm_core.importing.text_table import Codes, TextColumn

__all__ = ["fingerprint_lines", "number_equal_lines"]

ODD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: spreads neighbouring numbers over all bits
SHIFT = np.uint64(29)


def fingerprint_lines(product: TextColumn, quantity: npt.NDArray[np.float64], amount_minor: Codes) -> Codes:
    """A 63-bit number per line from product, quantity and amount; the same on every run and machine.

    >>> lines = fingerprint_lines(TextColumn.of(["a", "a", ""]), np.array([1.0, 1.0, np.nan]), np.array([5, 5, 5]))
    >>> bool(lines[0] == lines[1]), bool(lines[0] == lines[2])
    (True, False)
    """
    names = np.append(pd.util.hash_array(product.words, categorize=False), np.uint64(0))
    with np.errstate(over="ignore"):
        mixed = names[product.codes]
        for numbers in (
            np.where(np.isnan(quantity), -0.0, quantity + 0.0).view(np.uint64),
            amount_minor.view(np.uint64),
        ):
            mixed = (mixed ^ numbers) * ODD
            mixed ^= mixed >> SHIFT
    return (mixed >> np.uint64(1)).astype(np.int64)


def number_equal_lines(order: Codes, fingerprint: Codes) -> tuple[Codes, Codes]:
    """The lines' sorting by order and fingerprint, and per sorted line which of the equal ones it is, from 0.

    >>> number_equal_lines(np.array([1, 0, 1, 1]), np.array([7, 7, 7, 5]))
    (array([1, 3, 0, 2]), array([0, 0, 0, 1]))
    """
    sorting = np.lexsort((fingerprint, order))
    position = np.arange(len(sorting))
    first = np.ones(len(sorting), bool)
    ordered, printed = order[sorting], fingerprint[sorting]
    first[1:] = (ordered[1:] != ordered[:-1]) | (printed[1:] != printed[:-1])
    start = np.maximum.accumulate(np.where(first, position, 0))
    return sorting, position - start
