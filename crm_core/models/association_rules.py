"""Rules of the kind "who buys X also buys Y", with how often, how much more than by chance, and how surely.

Sources: Agrawal, Imielinski & Swami (1993) for support and confidence; Brin, Motwani, Ullman & Tsur (1997), SIGMOD 26,
for lift (there: interest) and conviction; Piatetsky-Shapiro (1991) for leverage.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.models.item_sets import ItemSets
from crm_core.models.significance import chance_of_overlap, false_discovery_rates

__all__ = ["AssociationRules", "find_rules"]

Ints = NDArray[np.int64]
LIKELY_REAL = 0.05  # of the rules called significant, at most this share is expected to be chance
PARTS: dict[int, list[tuple[tuple[int, ...], tuple[int, ...]]]] = {  # by size: what is X, what Y
    2: [((0,), (1,)), ((1,), (0,))],
    3: [((0, 1), (2,)), ((0, 2), (1,)), ((1, 2), (0,)), ((2,), (0, 1)), ((1,), (0, 2)), ((0,), (1, 2))],
}
NOTHING_SURE = "What was bought together may all be chance: no two products stand out from how often each is bought."


@dataclass(frozen=True, eq=False)
class AssociationRules:
    """table: [first, second: tuples of product_id (X and Y), first_baskets, second_baskets, baskets: counts (X, Y,
    both), support, confidence: 0..1, lift, conviction (inf where confidence is 1), leverage, chance: p-value,
    false_share: the same corrected for all tests, significant: bool]. Strongest first: significant ones, then by
    leverage, lift and the products. baskets, tested: counts; notes: sentences.
    """

    table: pd.DataFrame
    baskets: int
    tested: int
    notes: tuple[str, ...]


def find_rules(sets: ItemSets, *, min_confidence: float = 0.0) -> AssociationRules:
    """All rules from one product to one, from two to one and from one to two that the frequent sets hold.

    The test is one-sided Fisher's, corrected for every rule that frequent parts could form, also those that turned out
    to be in too few baskets: else the rare ones that got in by luck would look surprising.

    >>> from crm_core.models.item_sets import find_item_sets
    >>> rows = pd.DataFrame({"order_id": [1, 1, 2, 2, 3, 4], "product_id": ["tea", "cup", "tea", "cup", "tea", "oil"]})
    >>> rule = find_rules(find_item_sets(rows)).table.iloc[0]
    >>> print(rule["first"], rule["second"], rule["confidence"], round(rule["lift"], 3), rule["conviction"])
    ('cup',) ('tea',) 1.0 1.333 inf
    """
    pieces = [_rules_of(sets, size, *part) for size, parts in PARTS.items() for part in parts]
    table = pd.concat([piece for piece in pieces if len(piece)] or pieces[:1], ignore_index=True)
    tested = count_tested(sets)
    measured = measure_rules(table, sets.baskets, tested)
    significant = bool(measured["significant"].any())
    kept = measured[measured["confidence"] >= min_confidence]
    kept = kept.sort_values(
        ["significant", "leverage", "lift", "x1", "x2", "y1", "y2"],
        ascending=[False, False, False, True, True, True, True],
        kind="stable",
    )
    names = _name_parts(kept, sets.products)
    rules = pd.concat([names, kept.drop(columns=["x1", "x2", "y1", "y2"]).reset_index(drop=True)], axis="columns")
    notes = sets.notes if significant or sets.notes else (NOTHING_SURE,)
    return AssociationRules(rules, sets.baskets, tested, notes)


def count_tested(sets: ItemSets) -> int:
    """Rules that frequent parts can form: ordered pairs of products, and a pair with a product in both directions."""
    singles, pairs = int((sets.counts[0] >= sets.least_baskets[1]).sum()), len(sets.members[1])
    return singles * max(singles - 1, 0) + 2 * pairs * max(singles - 2, 0)


def _rules_of(sets: ItemSets, size: int, first: tuple[int, ...], second: tuple[int, ...]) -> pd.DataFrame:
    """One rule per set of a size, split in one way; places of products, -1 where there is no second one."""
    members = sets.members[size - 1]
    none = np.full(len(members), -1, dtype=np.int64)
    parts = {"x": members[:, list(first)], "y": members[:, list(second)]}
    columns = {
        f"{name}{place + 1}": part[:, place] if place < part.shape[1] else none
        for name, part in parts.items()
        for place in (0, 1)
    }
    counts = {"first_baskets": sets.count_of(parts["x"]), "second_baskets": sets.count_of(parts["y"])}
    return pd.DataFrame(columns | counts | {"baskets": sets.counts[size - 1]})


def measure_rules(table: pd.DataFrame, total: int, tested: int) -> pd.DataFrame:
    """The counts with what follows from them. In: [first_baskets, second_baskets, baskets: counts of X, Y and both]."""
    total = max(total, 1)
    first, second, both = (table[name].to_numpy(np.float64) for name in ("first_baskets", "second_baskets", "baskets"))
    confidence = both / np.maximum(first, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        # from whole numbers, so that it is 1 exactly where X and Y are independent
        conviction = np.where(both == first, np.inf, first * (total - second) / (total * (first - both)))
        lift = both * total / (first * second)
    chance = chance_of_overlap(both, first, second, total)
    false_share = false_discovery_rates(chance, tests=tested)
    return table.assign(
        support=both / total,
        confidence=confidence,
        lift=lift,
        conviction=conviction,
        leverage=both / total - first * second / total**2,
        chance=chance,
        false_share=false_share,
        significant=false_share <= LIKELY_REAL,
    )


def _name_parts(table: pd.DataFrame, products: pd.Index) -> pd.DataFrame:
    ids = products.tolist()
    sides = {}
    for name, side in (("first", "x"), ("second", "y")):
        places = zip(table[f"{side}1"].tolist(), table[f"{side}2"].tolist(), strict=True)
        parts = [(ids[one],) if two < 0 else (ids[one], ids[two]) for one, two in places]
        sides[name] = pd.Series(parts, dtype=object)
    return pd.DataFrame(sides)
