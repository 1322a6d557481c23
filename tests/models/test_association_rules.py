"""Association rules: published and hand-worked values, a comparison by hand, properties, and nothing to find."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom

from crm_core.models.association_rules import AssociationRules, find_rules
from crm_core.models.item_sets import find_item_sets
from tests.models.test_item_sets import count_by_hand, simulate_baskets


def baskets(*kinds: tuple[int, str]) -> pd.DataFrame:
    """Orders of one letter per product: (how many, "abc")."""
    orders = [products for number, products in kinds for _ in range(number)]
    rows = [(order, product) for order, products in enumerate(orders) for product in products]
    return pd.DataFrame(rows, columns=["order_id", "product_id"])


def rule_of(rules: AssociationRules, first: str, second: str) -> pd.Series:
    table = rules.table
    [(_, row)] = table[(table["first"] == tuple(first)) & (table["second"] == tuple(second))].iterrows()
    return row


def test_tea_and_coffee_have_the_published_values() -> None:
    """Brin, Motwani & Silverstein (1997), table 1: of 100 baskets 25 with tea, 90 with coffee, 20 with both: interest
    .89; conviction as in Brin, Motwani, Ullman & Tsur (1997): P(tea) P(no coffee) / P(tea, no coffee)."""
    rules = find_rules(find_item_sets(baskets((20, "ct"), (70, "c"), (5, "t"), (5, "x"))))
    rule = rule_of(rules, "t", "c")
    assert (rule["support"], rule["confidence"]) == (0.2, 0.8)
    assert rule["lift"] == pytest.approx(0.2 / (0.25 * 0.9), abs=1e-12)
    assert round(rule["lift"], 2) == 0.89
    assert rule["conviction"] == pytest.approx(0.25 * 0.1 / 0.05, abs=1e-12)
    assert rule["leverage"] == pytest.approx(0.2 - 0.225, abs=1e-12)
    assert not rule["significant"]


def test_a_worked_example_with_three_products() -> None:
    """Ten baskets, worked by hand: 3 abc, 2 ab, 1 c, 4 d."""
    rules = find_rules(find_item_sets(baskets((3, "abc"), (2, "ab"), (1, "c"), (4, "d"))))
    assert len(rules.table) == 6 + 6
    always = rule_of(rules, "a", "b")
    assert (always["confidence"], always["lift"], always["conviction"]) == (1.0, 2.0, np.inf)
    two = rule_of(rules, "ab", "c")
    assert (two["first_baskets"], two["second_baskets"], two["baskets"]) == (5, 4, 3)
    assert two[["confidence", "lift", "conviction"]].tolist() == pytest.approx([0.6, 1.5, 1.5])
    assert two["leverage"] == pytest.approx(0.3 - 0.5 * 0.4)
    assert two["chance"] == pytest.approx((4 * 15 + 6) / 252, rel=1e-9)
    wide = rule_of(rules, "c", "ab")
    assert wide[["confidence", "lift"]].tolist() == pytest.approx([0.75, 1.5])
    assert wide["conviction"] == pytest.approx(0.5 / 0.25)


def test_independent_products_have_lift_and_conviction_of_exactly_one() -> None:
    rule = rule_of(find_rules(find_item_sets(baskets((1, "ab"), (2, "a"), (2, "b"), (4, "x")))), "a", "b")
    assert (rule["lift"], rule["conviction"]) == (1.0, 1.0)


def test_every_rule_of_many_small_shops_is_as_counted_by_hand() -> None:
    for seed in range(100):
        rows = simulate_baskets(seed)
        support = count_by_hand(rows, 0.05)
        found = find_rules(find_item_sets(rows, min_support=0.05))
        expected = {
            (tuple(sorted(order[:cut])), tuple(sorted(order[cut:])))
            for products in support
            for order in permutations(products)
            for cut in range(1, len(products))
        }
        table = found.table
        assert set(zip(table["first"], table["second"], strict=True)) == expected
        assert len(table) == len(expected)
        total = found.baskets
        for row in table.itertuples():
            both = support[tuple(sorted(row.first + row.second))]
            assert row.confidence == pytest.approx(both / support[row.first], abs=1e-12)
            assert row.lift == pytest.approx(both / support[row.first] / support[row.second], abs=1e-12)
            assert row.support <= min(support[row.first], support[row.second])
            tail = hypergeom.sf(row.baskets - 1, total, row.first_baskets, row.second_baskets)
            assert row.chance == pytest.approx(tail, rel=1e-8)


def test_rows_in_another_order_give_the_same_table() -> None:
    rows = simulate_baskets(11, orders=200, lines=1_000)
    first = find_rules(find_item_sets(rows, min_support=0.01)).table
    other = find_rules(find_item_sets(rows.sample(frac=1, random_state=2), min_support=0.01)).table
    pd.testing.assert_frame_equal(other, first)
    both_ways = first.loc[first["significant"], "leverage"]
    assert both_ways.is_monotonic_decreasing


def test_what_is_bought_by_chance_is_hardly_ever_called_significant() -> None:
    """Twenty shops of products bought independently of each other: about 7,000 pairs were looked at in each."""
    rng = np.random.default_rng(4)
    called = 0
    for _ in range(20):
        bought = rng.random((1_000, 60)) < rng.uniform(0.002, 0.1, 60)
        order, product = np.nonzero(bought)
        rules = find_rules(find_item_sets(pd.DataFrame({"order_id": order, "product_id": product}), least_baskets=3))
        called += int(rules.table["significant"].any())
        assert rules.tested > 3_000
    assert called <= 2


def test_what_goes_together_is_found_among_chance() -> None:
    rng = np.random.default_rng(6)
    bought = rng.random((1_000, 30)) < 0.05
    bought[:, 7] |= bought[:, 3] & (rng.random(1_000) < 0.5)
    order, product = np.nonzero(bought)
    table = find_rules(find_item_sets(pd.DataFrame({"order_id": order, "product_id": product}), least_baskets=3)).table
    assert {*table["first"].iloc[:2]} == {(3,), (7,)}
    assert table["significant"].iloc[:2].all()


def test_little_confidence_is_left_out_but_was_tested() -> None:
    sets = find_item_sets(simulate_baskets(1), min_support=0.05)
    everything, some = find_rules(sets), find_rules(sets, min_confidence=0.5)
    kept = everything.table[everything.table["confidence"] >= 0.5].reset_index(drop=True)
    assert 0 < len(some.table) < len(everything.table)
    pd.testing.assert_frame_equal(some.table, kept)
    assert some.tested == everything.tested


@pytest.mark.parametrize("kinds", [(), ((3, "a"),), ((2, "a"), (2, "b"))])
def test_nothing_to_find_is_an_empty_table_with_a_sentence(kinds: tuple[tuple[int, str], ...]) -> None:
    rules = find_rules(find_item_sets(baskets(*kinds)))
    assert rules.table.empty
    assert {"first", "second", "lift", "significant"} <= set(rules.table.columns)
    assert len(rules.notes) == 1


def test_what_may_all_be_chance_is_said_to_be_so() -> None:
    rules = find_rules(find_item_sets(baskets((1, "ab"), (2, "a"), (2, "b"), (4, "x"))))
    assert len(rules.table) == 2
    assert rules.notes[0].startswith("What was bought together may all be chance")
