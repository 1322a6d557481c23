"""RFM scores: quintiles with ties kept together, levels, and what they refuse."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.errors import CrmError
from crm_core.features.rfm import rfm_table, score_quintiles

AS_OF = date(2026, 6, 30)


def make_facts(number: int, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "last_order_on": pd.Timestamp(AS_OF) - pd.to_timedelta(rng.integers(0, 700, number), unit="D"),
            "orders": rng.poisson(2, number) + 1,
            "spend_minor": rng.integers(-500, 90_000, number),
        },
        index=np.arange(100, 100 + number),
    )


def test_ten_different_values_fill_the_five_scores_evenly() -> None:
    assert score_quintiles(pd.Series(range(10))).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


@pytest.mark.parametrize("number", [1, 2, 3, 7, 100])
def test_when_all_are_equal_everyone_stands_in_the_middle(number: int) -> None:
    assert score_quintiles(pd.Series([4] * number)).tolist() == [3] * number


def test_nobody_is_scored_in_an_empty_base() -> None:
    assert rfm_table(make_facts(0), as_of=AS_OF).empty


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=60))
@settings(deadline=None)
def test_more_is_never_scored_lower_and_equals_are_scored_equally(values: list[int]) -> None:
    scores = score_quintiles(pd.Series(values))
    table = pd.DataFrame({"value": values, "score": scores}).sort_values("value")
    assert scores.between(1, 5).all()
    assert table["score"].is_monotonic_increasing
    assert len(table.drop_duplicates()) == len(set(values))


def test_the_order_of_rows_changes_nothing() -> None:
    facts = make_facts(300)
    shuffled = facts.sample(frac=1, random_state=5)
    pd.testing.assert_frame_equal(rfm_table(shuffled, as_of=AS_OF).sort_index(), rfm_table(facts, as_of=AS_OF))


def test_a_later_order_gets_the_better_recency() -> None:
    table = rfm_table(make_facts(200), as_of=AS_OF).sort_values("days_since_last_order")
    assert table["r_score"].is_monotonic_decreasing
    assert set(table["r_score"]) == {1, 2, 3, 4, 5}


def test_customers_without_an_order_are_left_out_and_the_facts_stay_as_they_were() -> None:
    facts = make_facts(5)
    facts.loc[100, ["orders", "last_order_on"]] = [0, pd.NaT]
    before = facts.copy(deep=True)
    assert rfm_table(facts, as_of=AS_OF).index.tolist() == [101, 102, 103, 104]
    pd.testing.assert_frame_equal(facts, before)


def test_levels_follow_from_the_sum() -> None:
    table = rfm_table(make_facts(400), as_of=AS_OF)
    assert (table["rfm_sum"] == table[["r_score", "f_score", "m_score"]].sum(axis=1)).all()
    for level, low, high in (("low", 3, 6), ("medium", 7, 11), ("high", 12, 15)):
        assert table.loc[table["rfm_level"] == level, "rfm_sum"].between(low, high).all()
        assert (table["rfm_level"] == level).any()


def test_a_missing_column_is_named_with_those_found() -> None:
    with pytest.raises(CrmError, match=r"needs the columns orders, spend_minor; found last_order_on\."):
        rfm_table(make_facts(3)[["last_order_on"]], as_of=AS_OF)
