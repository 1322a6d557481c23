"""Lists of offers graded: by hand, chance by enumeration, pooled with intervals."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from crm_core.decisions.offer_grading import chance_of_a_hit, grade_lists, pool_grades


def pairs(*rows: tuple[str, int | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["customer_id", "product_id"])


@pytest.mark.parametrize(("wanted", "products", "shown"), [(1, 6, 5), (3, 8, 5), (2, 4, 5), (0, 7, 5), (5, 9, 2)])
def test_chance_is_what_counting_all_draws_gives(wanted: int, products: int, shown: int) -> None:
    draws = list(combinations(range(products), min(shown, products)))
    hits = sum(any(product < wanted for product in draw) for draw in draws)
    assert chance_of_a_hit(wanted, products, shown=shown) == pytest.approx(hits / len(draws))


def test_a_list_its_bestsellers_and_chance_by_hand() -> None:
    lists = pairs(*[("a", product) for product in (7, 1, 2)], ("b", 9)).assign(rank=[1, 2, 3, 1])
    grades = grade_lists(lists, pairs(("a", 1), ("a", 3), ("b", None)), pairs(("a", 5)), [5, 3, 4], products=11)
    a, b = grades.loc["a"], grades.loc["b"]
    ideal = 1 + 1 / np.log2(3)
    assert a["list"] == a["bestsellers"] == 1
    assert a["list_ndcg"] == pytest.approx((1 / np.log2(3)) / ideal)  # a hit on the second place
    assert a["bestsellers_ndcg"] == pytest.approx(1 / ideal)  # 5 was bought before, so 3 stands first
    assert a["chance"] == pytest.approx(1 - (8 * 7 * 6 * 5 * 4) / (10 * 9 * 8 * 7 * 6))
    assert b["list"] == b["bestsellers"] == b["chance"] == 0
    assert np.isnan(b["list_ndcg"])


def test_the_order_of_rows_changes_nothing() -> None:
    rng = np.random.default_rng(3)
    lists = pd.DataFrame([(c, r, int(p)) for c in range(9) for r, p in enumerate(rng.permutation(30)[:10], 1)])
    lists.columns = ["customer_id", "rank", "product_id"]
    wanted = pd.DataFrame({"customer_id": np.repeat(range(9), 4), "product_id": rng.integers(0, 30, 36)})
    wanted = wanted.drop_duplicates()
    one = grade_lists(lists, wanted, None, list(range(30)), products=30)
    other = grade_lists(lists.sample(frac=1, random_state=1), wanted.sample(frac=1, random_state=2), None,
                        list(range(30)), products=30)  # fmt: skip
    pd.testing.assert_frame_equal(one, other)


def test_pooled_shares_have_an_interval_that_holds_the_truth() -> None:
    rng = np.random.default_rng(5)
    inside = []
    for _ in range(80):
        grades = pd.DataFrame({"customer_id": range(150), "window": 0, "chance": 0.1})
        grades["list"], grades["bestsellers"] = rng.random((2, 150)) < [[0.4], [0.2]]
        for name in ("list", "bestsellers", "chance"):
            grades[f"{name}_ndcg"] = 0.1
        pooled = pool_grades(grades.astype({"list": float, "bestsellers": float}), pd.Series([0.5]))
        row = pooled.table.loc["list"]
        inside.append(row["hit_low"] <= 0.4 <= row["hit_high"])
    assert 0.9 <= np.mean(inside) <= 0.99
    assert pooled.compared.gain == pytest.approx(
        pooled.table.loc["list", "hit_share"] - pooled.table.loc["bestsellers", "hit_share"]
    )
    assert pooled.better
    assert pooled.coverage == 0.5
