"""Frequent item sets: a thousand small shops counted by hand, properties, limits and shops with nothing to find."""

from collections import Counter, defaultdict
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from crm_core.errors import CrmError
from crm_core.models import basket_counts
from crm_core.models.item_sets import ItemSets, find_item_sets


def simulate_baskets(seed: int, *, orders: int = 40, products: int = 8, lines: int = 150) -> pd.DataFrame:
    """Lines of a small shop; some products are bought more often, some lines are there twice."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "order_id": rng.integers(0, orders, lines),
            "product_id": np.minimum(rng.geometric(0.3, lines), products),
        }
    )


def count_by_hand(purchases: pd.DataFrame, min_support: float) -> dict[tuple[int, ...], float]:
    """Every set of up to three products that is frequent, with its support, by going through all of them."""
    baskets: dict[int, set[int]] = defaultdict(set)
    for order, product in purchases[["order_id", "product_id"]].itertuples(index=False):
        baskets[order].add(product)
    counts = Counter(
        products for basket in baskets.values() for size in (1, 2, 3) for products in combinations(sorted(basket), size)
    )
    shares = {products: count / len(baskets) for products, count in counts.items()}
    return {products: share for products, share in shares.items() if share >= min_support}


def as_found(sets: ItemSets) -> dict[tuple[int, ...], float]:
    table = sets.table
    found = dict(zip(table["products"], table["support"], strict=True))
    assert len(found) == len(table)
    return found


def test_a_thousand_small_shops_have_the_sets_that_counting_by_hand_finds() -> None:
    for seed in range(1000):
        rng = np.random.default_rng(seed + 10_000)
        rows = simulate_baskets(
            seed, orders=int(rng.integers(1, 60)), products=int(rng.integers(1, 12)), lines=int(rng.integers(1, 200))
        )
        min_support = float(rng.choice([0.001, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0]))
        assert as_found(find_item_sets(rows, min_support=min_support)) == count_by_hand(rows, min_support), seed


@pytest.mark.parametrize("limit", ["CELLS_AT_ONCE", "PAIRS_AT_ONCE", "DENSE_PRODUCTS"])
def test_small_pieces_come_to_the_same(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = simulate_baskets(3, orders=80, products=12, lines=500)
    whole = as_found(find_item_sets(rows, min_support=0.02))
    monkeypatch.setattr(basket_counts, limit, 5)
    assert as_found(find_item_sets(rows, min_support=0.02)) == whole
    assert len(whole) > 30


def test_no_set_is_in_more_baskets_than_its_parts() -> None:
    support = as_found(find_item_sets(simulate_baskets(1, lines=400), min_support=0.01))
    for products, share in support.items():
        for size in range(1, len(products)):
            assert all(share <= support[part] for part in combinations(products, size))


def test_rows_in_another_order_and_other_numbers_of_orders_are_no_matter() -> None:
    rows = simulate_baskets(2)
    first = find_item_sets(rows, min_support=0.05).table
    other = rows.sample(frac=1, random_state=4).assign(order_id=lambda table: -7 * table["order_id"])
    pd.testing.assert_frame_equal(find_item_sets(other, min_support=0.05).table, first)


def test_a_product_twice_in_an_order_counts_once_and_the_table_stays_as_it_was() -> None:
    rows = simulate_baskets(5)
    twice = pd.concat([rows, rows, rows.head(7)])
    before = twice.copy(deep=True)
    pd.testing.assert_frame_equal(find_item_sets(twice).table, find_item_sets(rows).table)
    pd.testing.assert_frame_equal(twice, before)


def test_a_product_a_hundred_and_more_times_in_an_order_counts_once() -> None:
    rows = pd.DataFrame({"order_id": [1] * 300 + [1, 2], "product_id": [5] * 300 + [6, 6]})
    assert as_found(find_item_sets(rows)) == {(5,): 0.5, (6,): 1.0, (5, 6): 0.5}


def test_rows_without_order_or_product_are_left_out() -> None:
    rows = pd.DataFrame({"order_id": ["a", "a", None, "b", "c"], "product_id": ["x", "y", "x", None, "x"]})
    found = find_item_sets(rows)
    assert found.baskets == 2
    assert as_found(found) == {("x",): 1.0, ("y",): 0.5, ("x", "y"): 0.5}


def test_what_is_asked_of_sets_rises_until_few_enough_stay_and_those_are_all_there_are() -> None:
    rows = simulate_baskets(8, orders=300, products=15, lines=2_000)
    everything = find_item_sets(rows, min_support=0)
    some = find_item_sets(rows, min_support=0, most_sets=20)
    for size in (2, 3):
        counts, least = everything.counts[size - 1], some.least_baskets[size - 1]
        assert 0 < len(some.counts[size - 1]) <= 20 < len(counts)
        assert (some.counts[size - 1] >= least).all()
        assert len(some.counts[size - 1]) == (counts >= least).sum()


@pytest.mark.parametrize(
    ("orders", "products", "least", "sentence"),
    [
        ([], [], 1, "No order names a product, so nothing can be said of what is bought together."),
        ([1, 2], [5, 5], 1, "All orders are of one product, so there is nothing that could go with it."),
        ([1, 2], [5, 6], 1, "No order holds two different products, so nothing was bought together yet."),
        ([1, 1], [5, 6], 3, "No two products were bought together in 3 orders or more."),
    ],
)
def test_shops_with_nothing_to_find_get_a_sentence(
    orders: list[int], products: list[int], least: int, sentence: str
) -> None:
    found = find_item_sets(pd.DataFrame({"order_id": orders, "product_id": products}), least_baskets=least)
    assert found.notes == (sentence,)
    assert not (found.table["size"] > 1).any()
    assert list(found.table.columns) == ["products", "size", "baskets", "support"]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(CrmError, match="need the columns product_id; found order_id, item"):
        find_item_sets(pd.DataFrame({"order_id": [1], "item": [2]}))
