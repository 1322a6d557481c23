"""Which recipe answers: recovery on simulated shops, the inner split, small shops, properties."""

import numpy as np
import pandas as pd
import pytest

from crm_core.models.offer_choice import SURE_BY, WINDOW_DAYS, choose_recipe, ndcg, window_of
from crm_core.models.offer_recipes import LEARNT, NEW, NEXT
from crm_core.models.purchase_matrix import count_purchases
from crm_core.models.tastes import learn_tastes
from tests.models.simulated_baskets import simulate_crowds, simulate_groceries


@pytest.fixture(scope="module")
def groceries() -> pd.DataFrame:
    return simulate_groceries(120, seed=4)


def test_where_products_come_again_in_their_rhythm_that_is_learnt(groceries: pd.DataFrame) -> None:
    choice = choose_recipe(count_purchases(groceries), new_only=False)
    assert choice.recipe.name == LEARNT
    table = choice.table["ndcg"]
    assert table[LEARNT] > 1.15 * table[NEXT[1].name]  # own purchases alone
    due, just_bought = choice.recipe.learnt.of_cells[[9, 6]] if choice.recipe.learnt else (0, 0)
    assert due > just_bought + 1


def test_where_tastes_are_all_there_is_customers_alike_answer() -> None:
    choice = choose_recipe(count_purchases(simulate_crowds(160, seed=5)), new_only=True)
    table = choice.table["ndcg"]
    assert table[choice.recipe.name] > 1.4 * table[NEW[3].name]  # popular lately
    assert not choice.recipe.popular


def test_a_short_past_leaves_the_plain_recipe_and_says_so(groceries: pd.DataFrame) -> None:
    few = count_purchases(groceries[groceries["customer_id"] < 6])
    for new_only, recipes in ((False, NEXT), (True, NEW)):
        choice = choose_recipe(few, new_only=new_only)
        assert choice.recipe == recipes[0]
        assert choice.table.empty
        assert choice.notes == (
            f"The past is too short to choose a method by it, so the usual one answers: {recipes[0].name}.",
        )


def test_what_was_learnt_stands_where_few_were_tested_and_nothing_was_surely_better() -> None:
    rng = np.random.default_rng(2)
    rows = simulate_crowds(30, seed=6, crowds=1, each=40)
    choice = choose_recipe(count_purchases(rows.assign(product_id=rng.integers(0, 40, len(rows)))), new_only=False)
    best = (choice.table["gain"] - SURE_BY * choice.table["noise"]).max()
    assert choice.usual == LEARNT
    assert (choice.recipe.name == LEARNT) == (best <= 0)


def test_the_order_of_rows_changes_no_figure(groceries: pd.DataFrame) -> None:
    for new_only in (False, True):
        one = choose_recipe(count_purchases(groceries), new_only=new_only)
        other = choose_recipe(count_purchases(groceries.sample(frac=1, random_state=8)), new_only=new_only)
        assert one.recipe.name == other.recipe.name
        pd.testing.assert_frame_equal(one.table, other.table, rtol=1e-9)


def test_a_window_asks_for_the_first_basket_and_for_what_is_new() -> None:
    days = [0, 10, 60, 70, 95, 95, 99]
    rows = pd.DataFrame(
        {
            "customer_id": "a",
            "order_id": range(7),
            "date": pd.Timestamp("2026-01-01") + pd.to_timedelta(days, unit="D"),
            "product_id": ["tea", "cup", "tea", "tea", "tea", "jam", "wax"],
        }
    )
    matrix = count_purchases(rows)  # products in order: cup, jam, tea, wax
    first = window_of(matrix, began=WINDOW_DAYS, new_only=False)
    assert first.wanted.tolist() == [[False, False, True, False]]  # day 70, a day after the window began
    assert first.parts.matrix.baskets.tolist() == [3]
    new = window_of(matrix, began=WINDOW_DAYS, new_only=True)
    assert new.wanted.tolist() == [[False, True, False, True]]


def test_what_was_known_earlier_is_what_would_have_been_counted_then(groceries: pd.DataFrame) -> None:
    matrix = count_purchases(groceries)
    earlier = matrix.known_before(40)
    then = count_purchases(groceries[groceries["date"] <= earlier.as_of], as_of=earlier.as_of)
    for name in ("orders", "first_age_days", "last_age_days", "purchase_age_days", "baskets_since"):
        np.testing.assert_array_equal(getattr(earlier, name), getattr(then, name))
    assert earlier.customers[earlier.customer].tolist() == then.customers[then.customer].tolist()


def test_ndcg_is_one_for_the_best_list_and_equals_count_as_behind() -> None:
    scores = np.array([[5, 4, 3, 2, 1], [1, 1, 1, 1, 1]], dtype=np.float32)
    wanted = np.array([[True, True, False, False, False], [True, False, False, False, False]])
    perfect, tied = ndcg(scores, wanted)
    assert perfect == pytest.approx(1)
    assert tied == pytest.approx(1 / np.log2(6))  # the last of five
    assert ndcg(scores, wanted, leave_out=scores > 4)[1] == pytest.approx(1 / np.log2(6))


def test_choosing_happens_once_for_each_question(groceries: pd.DataFrame) -> None:
    tastes = learn_tastes(count_purchases(groceries))
    assert tastes.choice(new_only=False) is tastes.choice(new_only=False)


def test_both_chosen_side_by_side_are_those_chosen_alone(groceries: pd.DataFrame) -> None:
    matrix = count_purchases(groceries)
    both, alone = learn_tastes(matrix).choose_both(), learn_tastes(matrix)
    for new_only in (False, True):
        one, other = both.choice(new_only=new_only), alone.choice(new_only=new_only)
        assert one.recipe.name == other.recipe.name
        pd.testing.assert_frame_equal(one.table, other.table)
    assert both.choose_both().choice(new_only=True) is both.choice(new_only=True)
