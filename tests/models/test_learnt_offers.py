"""What is learnt beyond a mix: recovery of known effects, few data keep the plain order, and TIFU-kNN by hand."""

import numpy as np
import pandas as pd
import pytest

from crm_core.models.learnt_offers import Pairs, climb, learn_offers
from crm_core.models.purchase_matrix import count_purchases
from crm_core.models.taste_parts import Own, TasteParts
from crm_core.models.tifu import score_tifu


def simulate_pairs(size: int, *, seed: int, effect: tuple[float, ...] = (1.0, 0.5, 0.8, -0.6)) -> Pairs:
    """Facts of the mix, one fit, one of products and one of cells."""
    rng = np.random.default_rng(seed)
    facts = rng.normal(size=(size, 4)) * [1.0, 1.0, 2.0, 0.5]
    chance = 1 / (1 + np.exp(2 - facts @ np.array(effect)))
    return Pairs(np.arange(size), facts, (rng.random(size) < chance).astype(float), 1, 1)


def test_known_effects_are_found_again() -> None:
    found = learn_offers(simulate_pairs(40_000, seed=1, effect=(1.6, 0.5, 0.8, -0.6)))
    assert found.level == pytest.approx(-2, abs=0.1)
    assert found.of_mix == pytest.approx(1.6, abs=0.06)
    assert found.of_fits[0] == pytest.approx(0.5, abs=0.05)
    assert found.of_products[0] == pytest.approx(0.8, abs=0.05)
    assert found.of_cells[0] == pytest.approx(-0.6, abs=0.1)


def test_few_data_keep_the_order_of_the_mix() -> None:
    pairs = simulate_pairs(60, seed=2)
    found = learn_offers(pairs)
    weights = [found.of_mix, found.of_fits[0], found.of_products[0], found.of_cells[0]]
    mix, fit, product, cell = np.array(weights) * pairs.scale
    assert found.of_mix == pytest.approx(1, abs=0.1)  # it counts in full
    assert abs(fit) < 0.5 * mix
    assert abs(product) < 0.5 * mix  # it was 1.6 times as strong
    assert abs(cell) < 0.5 * mix


@pytest.mark.parametrize("effect", [-0.5, 0.0, 2.0])
def test_the_mix_counts_about_in_full_until_many_data_say_otherwise(effect: float) -> None:
    few, many = (learn_offers(simulate_pairs(size, seed=5, effect=(effect, 0.0, 0.0, 0.0))) for size in (80, 20_000))
    assert 0.7 < few.of_mix < 1.3
    assert many.of_mix == pytest.approx(effect, abs=0.25)


def test_it_ends_at_the_same_place_from_another_start_and_with_nothing_bought() -> None:
    pairs = simulate_pairs(3_000, seed=3)
    once = learn_offers(pairs)
    again = learn_offers(pairs, start=learn_offers(simulate_pairs(3_000, seed=4)))
    assert again.of_mix == pytest.approx(once.of_mix, rel=1e-3)
    nothing = learn_offers(Pairs(pairs.customer, pairs.facts, np.zeros(3_000), 1, 1))
    assert np.isfinite(nothing.of_mix)
    assert nothing.level < -6


def test_tifu_mixes_ones_own_fading_baskets_with_the_neighbours_mean() -> None:
    rows = pd.DataFrame(
        {
            "customer_id": ["a", "a", "b"],
            "order_id": [1, 2, 3],
            "date": pd.to_datetime(["2026-01-01", "2026-01-05", "2026-01-03"]),
            "product_id": ["tea", "cup", "jam"],
        }
    )
    parts = TasteParts(count_purchases(rows))
    assert parts.count_own(Own.GROUPS).tolist() == pytest.approx([1 / 7, 0.9 / 7, 1 / 7])  # cup, tea, jam
    scores = score_tifu(parts, np.array([0]))[0]  # cup .7, jam .3, tea .63, over the best
    assert scores.tolist() == pytest.approx([1, 3 / 7, 0.9], rel=1e-5)


def test_own_purchases_are_shares_of_the_favourite() -> None:
    rows = pd.DataFrame(
        {
            "customer_id": ["a"] * 3 + ["b"],
            "order_id": [1, 2, 3, 4],
            "date": pd.Timestamp("2026-01-01"),
            "product_id": ["tea", "tea", "cup", "cup"],
        }
    )
    parts = TasteParts(count_purchases(rows))
    assert parts.own(Own.COUNTS).toarray().tolist() == [[0.5, 1], [1, 0]]
    later = TasteParts(count_purchases(rows).known_before(5))  # nobody had bought anything
    assert later.own(Own.COUNTS).toarray().tolist() == [[0, 0], [0, 0]]


def test_a_row_that_stands_for_three_counts_like_three_rows() -> None:
    pairs = simulate_pairs(300, seed=6)
    facts, start = np.column_stack([np.ones(300), pairs.facts]), np.zeros(5)
    counts = np.arange(300) % 3 + 1
    once = climb(facts, pairs.happened, np.ones(5), start, weight=counts.astype(float))
    repeated = climb(facts.repeat(counts, axis=0), pairs.happened.repeat(counts), np.ones(5), start)
    assert once == pytest.approx(repeated, rel=1e-3)
