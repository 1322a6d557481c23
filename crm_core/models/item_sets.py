"""Products that are often bought in one order: frequent sets of one, two and three, counted in sparse matrices.

Pairs come from the product of the basket matrix with itself; triples only from pairs that are frequent, because a set
is never in more baskets than its parts. Source: Agrawal, Imielinski & Swami (1993), SIGMOD 22.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from crm_core.errors import CrmError

__all__ = ["ItemSets", "find_item_sets"]

Ints = NDArray[np.int64]
NEEDED_COLUMNS = ("order_id", "product_id")
CELLS_AT_ONCE = 4_000_000  # of any table that is made on the way: memory stays the same however large the shop
PAIRS_AT_ONCE = 1_000_000  # of two products within baskets
DENSE_PRODUCTS = 4_000  # products whose pairs are looked up in a full table


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
        keys, wanted = (_pair_keys(rows, base) if size == 2 else rows[:, 0] for rows in (self.members[size - 1], pairs))
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


def count_pairs(baskets: Any, least: int) -> tuple[Ints, Ints]:
    """Pairs of columns that are together in enough rows, and in how many; a block of columns at a time."""
    width = baskets.shape[1]
    across = baskets.T.tocsr()
    found, counts = [np.empty((0, 2), np.int64)], [np.empty(0, np.int64)]
    step = max(CELLS_AT_ONCE // max(width, 1), 1)
    for start in range(0, width, step):
        both = (across[start : start + step] @ baskets).tocoo()
        row = both.row + start
        enough = (both.data >= least) & (both.col > row)
        pairs = np.column_stack([row[enough], both.col[enough]]).astype(np.int64)
        in_order = np.lexsort(pairs.T[::-1])
        found.append(pairs[in_order])
        counts.append(both.data[enough].astype(np.int64)[in_order])
    return np.concatenate(found), np.concatenate(counts)


def count_triples(baskets: Any, pairs: Ints, least: int) -> tuple[Ints, Ints]:
    """The same for three columns: which baskets hold each frequent pair, times the baskets, a block of pairs at a time.

    A triple is counted from its two rarest columns, as they are in the fewest baskets, and only where all three of its
    pairs are frequent.
    """
    by_rarity = np.argsort(np.bincount(baskets.indices, minlength=baskets.shape[1]), kind="stable")
    by_rarity = by_rarity[np.bincount(pairs.ravel(), minlength=len(by_rarity))[by_rarity] > 1]
    rank = np.full(baskets.shape[1], -1, dtype=np.int64)
    rank[by_rarity] = np.arange(len(by_rarity))
    small, beginnings = baskets[:, by_rarity], _beginnings(rank[pairs], len(by_rarity))
    holding = baskets_of_pairs(small, beginnings)
    found, counts = [np.empty((0, 3), np.int64)], [np.empty(0, np.int64)]
    step = max(CELLS_AT_ONCE // max(len(by_rarity), 1), 1)
    for start in range(0, len(beginnings), step):
        all_three = (holding[start : start + step] @ small).tocoo()
        enough = np.flatnonzero(all_three.data >= least)
        pair, third = beginnings[all_three.row[enough] + start], all_three.col[enough].astype(np.int64)
        new = third > pair[:, 1]
        found.append(np.column_stack([pair[new], third[new]]))
        counts.append(all_three.data[enough][new].astype(np.int64))
    triples = np.sort(by_rarity[np.concatenate(found)], axis=1)
    in_order = np.lexsort(triples.T[::-1])
    return triples[in_order], np.concatenate(counts)[in_order]


def _beginnings(ranked: Ints, width: int) -> Ints:
    """The pairs that some third, larger one completes to three whose pairs are all there; in ascending order."""
    ranked = np.sort(ranked[(ranked >= 0).all(axis=1)], axis=1)
    links = sparse.coo_array((np.ones(len(ranked), dtype=np.int32), tuple(ranked.T)), shape=(width, width)).tocsr()
    completed = (links @ links.T).multiply(links).tocoo()
    pairs = np.column_stack([completed.row, completed.col]).astype(np.int64)
    return pairs[np.lexsort(pairs.T[::-1])]


def baskets_of_pairs(baskets: Any, pairs: Ints) -> Any:
    """Pairs x baskets, 1 where a basket holds both and a third product that comes after them."""
    width = max(baskets.shape[1], 1)
    keys = _pair_keys(pairs, width)
    table = None
    if width <= DENSE_PRODUCTS:
        table = np.full(width * width, -1, dtype=np.int32)
        table[keys] = np.arange(len(keys), dtype=np.int32)
    which, where = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    for basket, first, second in _pairs_within(baskets):
        wanted = first.astype(np.int64) * width + second
        if table is not None:
            place = table[wanted]
        else:
            place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
            place = np.where(keys[place] == wanted, place, -1) if len(keys) else np.full(len(wanted), -1)
        hit = place >= 0
        which.append(place[hit].astype(np.int32))
        where.append(basket[hit])
    places = (np.concatenate(which), np.concatenate(where))
    ones = np.ones(len(places[0]), dtype=np.int32)
    return sparse.coo_array((ones, places), shape=(len(pairs), baskets.shape[0])).tocsr()


def _pairs_within(baskets: Any) -> Iterator[tuple[Any, Any, Any]]:
    """(basket, first column, second column) of every two products, a basket's last aside, some baskets at a time."""
    baskets.sort_indices()
    sizes = np.diff(baskets.indptr).astype(np.int64)
    begun = np.maximum(sizes - 1, 0)
    done = np.r_[0, np.cumsum(begun * (begun - 1) // 2)]
    start = 0
    while start < len(sizes):
        end = max(int(np.searchsorted(done, done[start] + PAIRS_AT_ONCE, side="right")) - 1, start + 1)
        first_entry, last_entry = int(baskets.indptr[start]), int(baskets.indptr[end])
        entry = np.arange(first_entry, last_entry)
        basket = np.repeat(np.arange(start, end, dtype=np.int32), sizes[start:end])
        after = np.maximum(baskets.indptr[basket + 1] - entry - 2, 0)  # entries of the same basket that follow
        left = np.repeat(entry, after)
        right = left + 1 + np.arange(len(left)) - np.repeat(np.cumsum(after) - after, after)
        yield np.repeat(basket, after), baskets.indices[left], baskets.indices[right]
        start = end


def _pair_keys(pairs: Ints, width: int) -> Ints:
    return pairs[:, 0] * width + pairs[:, 1]


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
