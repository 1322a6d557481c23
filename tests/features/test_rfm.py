"""RFM scores: quintiles with ties kept together, levels, and what they refuse."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.errors import CrmError
from crm_core.features.rfm import RfmLimits, rfm_table, score_by_limits, score_quintiles, usual_limits

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


def test_own_limits_score_by_themselves_whoever_else_there_is() -> None:
    limits = RfmLimits(recency_days=(7, 30, 90, 365), orders=(2, 4, 8, 16), spend_minor=(0, 100, 200, 300))
    facts = pd.DataFrame(
        {
            "last_order_on": pd.Timestamp(AS_OF) - pd.to_timedelta([0, 7, 8, 90, 365, 366], unit="D"),
            "orders": [1, 2, 3, 15, 16, 99],
            "spend_minor": [-1, 0, 99, 100, 299, 300],
        }
    )
    table = rfm_table(facts, as_of=AS_OF, limits=limits)
    assert table["r_score"].tolist() == [5, 5, 4, 3, 2, 1]
    assert table["f_score"].tolist() == [1, 2, 2, 4, 5, 5]
    assert table["m_score"].tolist() == [1, 2, 2, 3, 4, 5]
    alone = pd.concat([rfm_table(facts.iloc[[place]], as_of=AS_OF, limits=limits) for place in range(6)])
    pd.testing.assert_frame_equal(alone, table)


def test_only_some_facts_may_have_limits() -> None:
    facts = make_facts(200)
    fifths, mixed = rfm_table(facts, as_of=AS_OF), rfm_table(facts, as_of=AS_OF, limits=RfmLimits(orders=(2, 3, 4, 5)))
    pd.testing.assert_frame_equal(mixed[["r_score", "m_score"]], fifths[["r_score", "m_score"]])
    assert (mixed["f_score"] == facts["orders"].clip(upper=5)).all()


@settings(deadline=None)
@given(number=st.integers(1, 60), seed=st.integers(0, 200))
def test_limits_near_the_fifths_can_always_be_used_and_change_little(number: int, seed: int) -> None:
    facts = make_facts(number, seed).assign(spend_minor=lambda table: table["spend_minor"].abs())
    limits = usual_limits(facts, as_of=AS_OF)
    by_limits, fifths = (rfm_table(facts, as_of=AS_OF, limits=found) for found in (limits, RfmLimits()))
    assert ((by_limits["r_score"] - fifths["r_score"]).abs() <= 1).all() or number < 10
    assert (by_limits["orders"].sort_values().index == by_limits["orders"].sort_values().index).all()


@pytest.mark.parametrize("limits", [(1, 2, 3), (1, 2, 2, 3), (4, 3, 2, 1), (-1, 1, 2, 3)])
def test_limits_that_do_not_rise_are_refused(limits: tuple[int, ...]) -> None:
    with pytest.raises(CrmError, match=r"The limits of orders must be 4 numbers .* they are "):
        RfmLimits(orders=limits)


def test_a_limit_belongs_to_the_score_above_it() -> None:
    assert score_by_limits(pd.Series([9.99, 10, 40]), (10, 20, 30, 40)).tolist() == [1, 2, 5]
