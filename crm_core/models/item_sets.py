"""Products that are often bought in one order: frequent sets of one, two and three, counted in sparse matrices.

Pairs come from the product of the basket matrix with itself; triples only from pairs that are frequent, because a set
is never in more baskets than its parts. Source: Agrawal, Imielinski & Swami (1993), SIGMOD 22.
"""

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from crm_core.errors import CrmError
from crm_core.models.basket_counts import count_pairs, count_triples, pair_keys

__all__ = ["ItemSets", "find_item_sets"]

Ints = NDArray[np.int64]
NEEDED_COLUMNS = ("order_id", "product_id")


@dataclass(frozen=True, eq=False)
class ItemSets:
    """Frequent sets by size. members[k - 1]: sets of k, one a row, as places in `products`, ascending in every row and
    from row to row; counts[k - 1]: baskets that hold each set. baskets, baskets_of_two: how many there are, and how
    many hold two products or more. least_baskets: how many baskets a set of each size must be in. notes: sentences.
    """

    products: pd.Index
    members: tuple[Ints, Ints, Ints]
    counts: tuple[Ints, Ints, Ints]
    baskets: int
    baskets_of_two: int
    least_baskets: tuple[int, int, int]
    notes: tuple[str, ...]

    @property
    def table(self) -> pd.DataFrame:
        """One row per set, small ones first: [products: tuple of product_id, size, baskets: count, support: 0..1]."""
        ids = self.products.tolist()
        sets = [tuple(ids[place] for place in row) for rows in self.members for row in rows.tolist()]
        counts = np.concatenate(self.counts)
        return pd.DataFrame(
            {
                "products": pd.Series(sets, dtype=object),
                "size": np.repeat([1, 2, 3], [len(rows) for rows in self.members]),
                "baskets": counts,
                "support": counts / max(self.baskets, 1),
            }
        )

    def count_of(self, pairs: Ints) -> Ints:
        """Baskets of pairs that are known to be frequent; of single products where there is one column."""
        size = pairs.shape[1]
        base = max(len(self.products), 1)
        keys, wanted = (pair_keys(rows, base) if size == 2 else rows[:, 0] for rows in (self.members[size - 1], pairs))
        return self.counts[size - 1][np.searchsorted(keys, wanted)]


def find_item_sets(
    purchases: pd.DataFrame, *, min_support: float = 0.001, least_baskets: int = 1, most_sets: int | None = None
) -> ItemSets:
    """All sets of up to three products that are in enough baskets: a share `min_support` of all and `least_baskets`.

    In: purchases[order_id, product_id]; one basket is one order, a product twice in it counts once, and rows without
    either are left out. With `most_sets` what is asked of pairs, and of triples, rises until no more than that stay.
    Memory goes with the rows and the sets found, not with what is tried on the way.

    >>> rows = pd.DataFrame({"order_id": [1, 1, 2, 2, 3], "product_id": ["oil", "soap", "oil", "soap", "oil"]})
    >>> find_item_sets(rows).table.values.tolist()
    [[('oil',), 1, 3, 1.0], [('soap',), 1, 2, 0.6666666666666666], [('oil', 'soap'), 2, 2, 0.6666666666666666]]
    """
    baskets, products = fill_baskets(purchases)
    sizes = np.diff(baskets.indptr)
    least = least_count(len(sizes), min_support, least_baskets)
    counts = np.bincount(baskets.indices, minlength=len(products)).astype(np.int64)
    frequent = np.flatnonzero(counts >= least)
    kept = baskets[:, frequent]
    pairs, pair_counts, least_of_pairs = keep_strongest(*count_pairs(kept, least), least, most_sets)
    triples, triple_counts, least_of_triples = keep_strongest(
        *count_triples(kept, pairs, least_of_pairs),  # of those in fewer baskets not all would be found
        least_of_pairs,
        most_sets,
    )
    of_two = int((sizes > 1).sum())
    return ItemSets(
        products=products,
        members=(frequent[:, None], frequent[pairs], frequent[triples]),
        counts=(counts[frequent], pair_counts, triple_counts),
        baskets=len(sizes),
        baskets_of_two=of_two,
        least_baskets=(least, least_of_pairs, least_of_triples),
        notes=_notes(len(sizes), len(products), of_two, least, len(pairs)),
    )


def fill_baskets(purchases: pd.DataFrame) -> tuple[Any, pd.Index]:
    """Baskets x products, 1 where a basket holds a product, and the products in order."""
    missing = [name for name in NEEDED_COLUMNS if name not in purchases.columns]
    if missing:
        found = ", ".join(map(str, purchases.columns)) or "none"
        raise CrmError(f"Bundles need the columns {', '.join(missing)}; found {found}.")
    order, baskets_seen = _number(purchases["order_id"], sort=False)
    product, products = _number(purchases["product_id"], sort=True)
    known = (order >= 0) & (product >= 0)
    places = (order, product) if known.all() else (order[known], product[known])
    ones = np.ones(len(places[0]), dtype=np.int8)
    baskets = sparse.coo_array((ones, places), shape=(len(baskets_seen), len(products))).tocsr()
    baskets.sum_duplicates()
    baskets.data = np.ones(len(baskets.indices), dtype=np.int32)
    filled = np.flatnonzero(np.diff(baskets.indptr))
    return (baskets if len(filled) == len(baskets_seen) else baskets[filled]), products


def _number(values: pd.Series, *, sort: bool) -> tuple[NDArray[np.int32], pd.Index]:
    """Places in the list of different values, -1 where there is none; in half the memory that pandas takes."""
    places, different = pd.factorize(values, sort=sort)
    return places.astype(np.int32), pd.Index(different)


def least_count(baskets: int, min_support: float, least_baskets: int) -> int:
    """The smallest count that is a share of `min_support` or more, as division says it, and at least one.

    >>> least_count(1000, 0.007, 1), least_count(50, 0.001, 3)
    (7, 3)
    """
    least = max(ceil(min_support * baskets) - 1, 1)
    while least < baskets and least / baskets < min_support:
        least += 1
    return max(least, least_baskets, 1)


def keep_strongest(sets: Ints, counts: Ints, least: int, most: int | None) -> tuple[Ints, Ints, int]:
    """The sets in most baskets, at most so many, and how many baskets that asks for instead of `least`.

    Of equal counts all stay or none, so that the order of rows is no matter.

    >>> keep_strongest(np.array([[0, 1], [0, 2], [1, 2]]), np.array([5, 4, 4]), 2, 2)
    (array([[0, 1]]), array([5]), 5)
    """
    if most is None or len(sets) <= most:
        return sets, counts, least
    least = int(np.partition(counts, -most - 1)[-most - 1]) + 1
    kept = counts >= least
    return sets[kept], counts[kept], least


def _notes(baskets: int, products: int, of_two: int, least: int, pairs: int) -> tuple[str, ...]:
    """Why there is nothing, where there is nothing."""
    if baskets == 0:
        return ("No order names a product, so nothing can be said of what is bought together.",)
    if products == 1:
        return ("All orders are of one product, so there is nothing that could go with it.",)
    if of_two == 0:
        return ("No order holds two different products, so nothing was bought together yet.",)
    if pairs == 0:
        return (f"No two products were bought together in {least} orders or more.",)
    return ()
