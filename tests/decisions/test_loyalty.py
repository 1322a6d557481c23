"""Loyalty: the weighted score, its tiers, the scale of the source, and what other weights would change."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from crm_core.decisions.loyalty import loyalty_inputs, loyalty_tiers, score_loyalty, source_scale_score
from crm_core.decisions.weight_change import compare_weights, rank_agreement
from crm_core.errors import CrmError


def make_base(number: int, seed: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {"clv_minor": rng.lognormal(8, 1, number).round(), "repeat_rate": 1 - 1 / (1 + rng.poisson(2, number))},
        index=np.arange(1, number + 1),
    )


def test_the_source_scale_gives_the_corrected_published_example() -> None:
    base = pd.DataFrame({"clv_minor": [503_855], "repeat_rate": [0.8]})
    assert source_scale_score(base, alpha=1, beta=0, currency="EUR").iloc[0] == pytest.approx(5038.55)
    assert source_scale_score(base, alpha=0.3, beta=0.7, currency="EUR").iloc[0] == pytest.approx(0.3 * 5038.55 + 0.56)
    assert source_scale_score(base, alpha=1, beta=0, currency="JPY").iloc[0] == pytest.approx(503_855)


def test_the_score_weighs_the_place_by_value_and_the_repeat_rate() -> None:
    base = pd.DataFrame({"clv_minor": [1, 5, 9], "repeat_rate": [0.9, 0.5, 0.0]})
    assert score_loyalty(base, alpha=3, beta=1).tolist() == pytest.approx([22.5, 50.0, 75.0])


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 40))
@settings(deadline=None, max_examples=60)
def test_scores_stay_within_0_and_100_and_only_the_ratio_matters(alpha: float, beta: float, number: int) -> None:
    if alpha + beta < 1e-6:
        return
    base = make_base(number)
    scores = score_loyalty(base, alpha=alpha, beta=beta)
    assert scores.between(0, 100).all()
    np.testing.assert_allclose(scores, score_loyalty(base, alpha=7 * alpha, beta=7 * beta), rtol=1e-9, atol=1e-9)


def test_equal_customers_get_equal_scores_in_any_order() -> None:
    base = make_base(200)
    base.loc[150] = base.loc[20]
    scores = score_loyalty(base, alpha=0.6, beta=0.4)
    assert scores[150] == scores[20]
    shuffled = score_loyalty(base.sample(frac=1, random_state=1), alpha=0.6, beta=0.4)
    pd.testing.assert_series_equal(shuffled.sort_index(), scores)


def test_worth_more_or_back_more_often_never_lowers_the_score() -> None:
    base = make_base(100)
    before = score_loyalty(base, alpha=0.5, beta=0.5)[50]
    richer = base.copy()
    richer.loc[50, "clv_minor"] *= 3
    keener = base.copy()
    keener.loc[50, "repeat_rate"] = 0.99
    assert score_loyalty(richer, alpha=0.5, beta=0.5)[50] > before
    assert score_loyalty(keener, alpha=0.5, beta=0.5)[50] > before


def test_a_single_customer_and_an_empty_base_can_be_scored() -> None:
    assert score_loyalty(make_base(1).assign(repeat_rate=0.0), alpha=1, beta=1).tolist() == [25.0]
    assert score_loyalty(make_base(0), alpha=1, beta=1).empty


def test_an_unknown_value_has_no_score_and_no_tier() -> None:
    base = make_base(3)
    base.loc[2, "clv_minor"] = np.nan
    scores = score_loyalty(base, alpha=0.6, beta=0.4)
    assert scores.isna().tolist() == [False, True, False]
    assert loyalty_tiers(scores, high_cut=70, low_cut=40).isna().tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("alpha", "beta", "words"),
    [(0, 0, "nothing is left to weigh"), (-1, 1, "can't be negative"), (1, np.nan, "negative")],
)
def test_useless_weights_are_refused_with_a_sentence(alpha: float, beta: float, words: str) -> None:
    with pytest.raises(CrmError, match=words):
        score_loyalty(make_base(3), alpha=alpha, beta=beta)


def test_crossed_cut_offs_are_refused() -> None:
    with pytest.raises(CrmError, match=r"low cut-off \(80\) is above the high one \(70\)"):
        loyalty_tiers(pd.Series([1.0]), high_cut=70, low_cut=80)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(CrmError, match="needs clv_minor; found repeat_rate"):
        loyalty_inputs(make_base(2)[["repeat_rate"]])


def test_the_rank_correlation_is_spearmans() -> None:
    rng = np.random.default_rng(4)
    first, second = rng.integers(0, 10_000, (2, 500)) / 100
    assert rank_agreement(first, second) == pytest.approx(spearmanr(first, second).statistic, abs=1e-9)


def test_who_enters_and_who_leaves_the_top_are_told_apart() -> None:
    base = pd.DataFrame({"clv_minor": [4, 3, 2, 1], "repeat_rate": [0.1, 0.2, 0.8, 0.9]}, index=[1, 2, 3, 4])
    change = compare_weights(loyalty_inputs(base), current=(0, 1), saved=(1, 0), top=2)
    assert (change.enters, change.leaves, change.rank_correlation) == ((4, 3), (1, 2), -1.0)
    assert not change.hardly_matters
    assert change.sentence == "2 customers enter the top 2 and as many leave it, compared with your saved weights."


def test_the_same_weights_change_nothing() -> None:
    change = compare_weights(loyalty_inputs(make_base(50)), current=(0.6, 0.4), saved=(3, 2))
    assert (change.enters, change.leaves, change.rank_correlation) == ((), (), 1.0)
    assert change.sentence == "The same 20 customers lead as with your saved weights."


def test_weights_hardly_matter_where_everyone_comes_back_equally_often() -> None:
    change = compare_weights(
        loyalty_inputs(make_base(50).assign(repeat_rate=0.0)), current=(0.9, 0.1), saved=(0.1, 0.9)
    )
    assert change.hardly_matters
    assert change.sentence.endswith("These weights hardly matter here: almost any choice gives the same order.")


def test_nobody_leads_an_empty_list() -> None:
    change = compare_weights(loyalty_inputs(make_base(0)), current=(1, 0), saved=(0, 1))
    assert (change.enters, change.sentence) == ((), "No customer has a score yet.")


def test_equal_scores_at_the_edge_of_the_top_are_parted_by_value_whatever_the_order() -> None:
    base = pd.DataFrame({"clv_minor": [10, 30, 20, 40], "repeat_rate": [0.5, 0.5, 0.5, 0.5]}, index=[1, 2, 3, 4])
    for seed in range(4):
        inputs = loyalty_inputs(base.sample(frac=1, random_state=seed))
        assert compare_weights(inputs, current=(0, 1), saved=(0, 1), top=2).leaves == ()
        change = compare_weights(inputs, current=(0, 1), saved=(1, 0), top=2)
        assert (change.enters, change.leaves) == ((), ())
