"""In how many baskets two and three products are together: sparse matrices multiplied, a block at a time.

Baskets are rows and products columns, with 1 where a basket holds a product. Memory stays the same however large the
shop: only what is in enough baskets is kept of each block.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["count_pairs", "count_triples", "pair_keys"]

Ints = NDArray[np.int64]
CELLS_AT_ONCE = 4_000_000  # of any table that is made on the way
PAIRS_AT_ONCE = 1_000_000  # of two products within baskets
DENSE_PRODUCTS = 4_000  # products whose pairs are looked up in a full table


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
    keys = pair_keys(pairs, width)
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


def pair_keys(pairs: Ints, width: int) -> Ints:
    """One number for each pair, ascending as the pairs are."""
    return pairs[:, 0] * width + pairs[:, 1]
