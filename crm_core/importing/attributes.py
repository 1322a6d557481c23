"""One word per owner from many rows: a customer's name, a product's name, an order's channel."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from crm_core.importing.text_table import Codes, TextColumn, Words

__all__ = ["agree_within", "distinct_rows", "latest_word", "sorted_codes", "sorted_positions"]


def latest_word(owner: Codes, owners: int, column: TextColumn, day: Codes) -> Words:
    """Each owner's word on the latest day (of several, the first by spelling), None where there is none.

    >>> latest_word(np.array([0, 0, 1]), 2, TextColumn.of(["Ann", "Anna", ""]), np.array([1, 2, 3])).tolist()
    ['Anna', None]
    """
    words = len(column.words)
    rank = np.empty(words, np.int64)
    rank[sorted_positions(column.words)] = np.arange(words)[::-1]
    used = (owner >= 0) & (column.codes >= 0)
    best = np.full(owners, -1, np.int64)
    np.maximum.at(best, owner[used], day[used] * words + rank[column.codes[used]])
    by_rank = np.empty(words, object)
    by_rank[rank] = column.words
    chosen = np.full(owners, None, object)
    chosen[best >= 0] = by_rank[best[best >= 0] % max(words, 1)]
    return chosen


def agree_within(group: Codes, codes: Codes) -> tuple[Codes, npt.NDArray[np.bool_]]:
    """Each row's code by the first known one of its group, and the rows (a mask) that say otherwise; -1 is unknown.

    >>> agree_within(np.array([0, 0, 0, 1, -1]), np.array([-1, 4, 5, -1, 9]))
    (array([ 4,  4,  4, -1,  9]), array([False, False,  True, False, False]))
    """
    grouped = np.flatnonzero((group >= 0) & (codes >= 0))
    first = np.full(group.max(initial=-1) + 1, -1, np.int64)
    first[group[grouped[::-1]]] = codes[grouped[::-1]]
    agreed = codes.copy()
    agreed[group >= 0] = first[group[group >= 0]]
    return agreed, (codes >= 0) & (codes != agreed)


def distinct_rows(*columns: Codes) -> tuple[Codes, list[Codes]]:
    """Which distinct combination each row has, and the combinations column by column.

    >>> distinct_rows(np.array([5, 5, 6]), np.array([1, 1, 1]))
    (array([0, 0, 1]), [array([5, 6]), array([1, 1])])
    """
    combined = np.zeros(len(columns[0]), np.int64)
    for codes in columns:
        lowest = codes.min(initial=0)
        combined = combined * (codes.max(initial=0) - lowest + 1) + (codes - lowest)
    _, first, inverse = np.unique(combined, return_index=True, return_inverse=True)
    return inverse.astype(np.int64), [codes[first] for codes in columns]


def sorted_positions(words: Words) -> Codes:
    """The positions that put words in order of spelling."""
    positions: Codes = pc.sort_indices(pa.array(words, pa.string())).to_numpy().astype(np.int64)
    return positions


def sorted_codes(column: TextColumn) -> tuple[Codes, Words]:
    """The column's codes over its used words in order of spelling.

    >>> codes, words = sorted_codes(TextColumn.of(["b", "", "a", "b"]))
    >>> codes.tolist(), words.tolist()
    ([1, -1, 0, 1], ['a', 'b'])
    """
    used = TextColumn.from_words(column.words, column.codes)
    sorting = sorted_positions(used.words)
    place = np.append(np.empty(len(sorting), np.int64), -1)
    place[sorting] = np.arange(len(sorting))
    return place[used.codes], used.words[sorting]
