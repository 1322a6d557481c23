"""Why a product is offered to a customer, in their own numbers."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from crm_core.models.purchase_matrix import PurchaseMatrix
from crm_core.vocabulary import OfferReason
from crm_core.wording import plural

__all__ = ["POPULAR_DAYS", "count_supporters", "explain_offers", "explain_own"]

Ints = NDArray[np.int64]
count_words = lru_cache(maxsize=8192)(plural)  # the same few counts in tens of thousands of reasons
POPULAR_DAYS = 90


def explain_offers(
    matrix: PurchaseMatrix, customer: Ints, product: Ints, neighbours: Ints
) -> tuple[list[OfferReason], list[str]]:
    """For each pair of customer (-1: unknown) and product: what speaks for it, and that in a sentence.

    `neighbours` has a row for each pair: the customers most like this one, -1 where there is none.
    """
    cells = matrix.find_cells(customer, product)
    supporters = count_supporters(matrix, product, neighbours)
    asked = (neighbours >= 0).sum(axis=1)
    recent = matrix.recent_buyers(POPULAR_DAYS)
    kinds, reasons = [], []
    for cell, bought, near, item in zip(
        cells.tolist(), supporters.tolist(), asked.tolist(), product.tolist(), strict=True
    ):
        if cell >= 0:
            kinds.append(OfferReason.OWN)
            reasons.append(explain_own(matrix, cell))
        elif bought:
            kinds.append(OfferReason.NEIGHBOURS)
            reasons.append(explain_neighbours(bought, near))
        else:
            kinds.append(OfferReason.POPULAR)
            reasons.append(explain_popularity(int(recent[item]), int(matrix.buyers[item])))
    return kinds, reasons


def count_supporters(matrix: PurchaseMatrix, product: Ints, neighbours: Ints) -> Ints:
    """How many of the named neighbours have bought the product."""
    if neighbours.shape[1] == 0:
        return np.zeros(len(product), dtype=np.int64)
    pairs = matrix.find_cells(neighbours.ravel(), np.repeat(product, neighbours.shape[1]))
    return np.asarray((pairs >= 0).reshape(neighbours.shape).sum(axis=1), dtype=np.int64)


def explain_own(matrix: PurchaseMatrix, cell: int) -> str:
    """How often, in what rhythm and how long ago the customer bought it."""
    orders, last = int(matrix.orders[cell]), int(matrix.last_age_days[cell])
    ago = "today" if last == 0 else f"{count_words(last, 'day')} ago"
    if orders == 1:
        return f"Bought once, {ago}"
    gap = round((int(matrix.first_age_days[cell]) - last) / (orders - 1))
    rhythm = f", every {count_words(gap, 'day')}" if gap > 1 else ""
    times = "twice" if orders == 2 else f"{orders} times"
    return f"Bought {times}{rhythm}, last {ago}"


def explain_neighbours(bought: int, near: int) -> str:
    """How many of the customers most like this one bought it.

    >>> explain_neighbours(4, 6), explain_neighbours(1, 1)
    ('4 of the 6 customers most like this one bought it', 'The customer most like this one bought it')
    """
    if near == 1:
        return "The customer most like this one bought it"
    return f"{bought} of the {near} customers most like this one bought it"


def explain_popularity(recent: int, ever: int) -> str:
    """How many customers bought it, lately where anyone did.

    >>> explain_popularity(23, 90)
    'Popular: 23 customers bought it in the last 90 days'
    """
    if recent:
        return f"Popular: {count_words(recent, 'customer')} bought it in the last {POPULAR_DAYS} days"
    return f"Bought by {count_words(ever, 'customer')} so far, none in the last {POPULAR_DAYS} days"
