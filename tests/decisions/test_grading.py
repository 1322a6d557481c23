"""Grades of predictions: values by hand and by scikit-learn and SciPy, and what must hold whatever was predicted."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import brier_score_loss, roc_auc_score

from crm_core.decisions.grading import (
    area_under_curve,
    bias_share,
    brier_score,
    first_promises,
    grade_methods,
    hits_at_top,
    pool_windows,
    rank_correlation,
    reliability_bins,
)
from crm_core.errors import CrmError

PREDICTED = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.booleans()), min_size=1, max_size=40
)


def pair_of(predicted: list[tuple[float, bool]]) -> tuple[pd.Series, pd.Series]:
    chances, happened = zip(*predicted, strict=True)
    return pd.Series(happened, dtype=bool), pd.Series(chances, dtype=float)


def said(purchases: list[float], spend: list[float], chances: list[float]) -> pd.DataFrame:
    columns = {"expected_purchases": purchases, "expected_spend": spend, "p_active": chances, "rank_score": chances}
    return pd.DataFrame(columns, index=[1, 2, 3, 4], dtype=float)


ACTUAL = pd.DataFrame({"purchases": [2.0, 0.0, 1.0, 0.0], "spend": [40.0, 0.0, 10.0, -5.0]}, index=[1, 2, 3, 4])


def test_brier_is_that_of_the_rain_forecasts_it_was_made_for() -> None:
    # Brier (1950), table 1, over both classes 0.19: half of it for one class
    chances = pd.Series([0.7, 0.9, 0.8, 0.4, 0.2, 0.0, 0.0, 0.0, 0.0, 0.1])
    rained = pd.Series([False, True, True, True, False, False, False, False, False, False])
    assert brier_score(rained, chances) == pytest.approx(0.19 / 2, abs=0.0005)


@settings(deadline=None)
@given(PREDICTED)
def test_probabilities_are_graded_as_scikit_learn_does(predicted: list[tuple[float, bool]]) -> None:
    happened, chances = pair_of(predicted)
    assert brier_score(happened, chances) == pytest.approx(brier_score_loss(happened, chances, labels=[False, True]))
    if happened.nunique() == 2:
        assert area_under_curve(happened, chances) == pytest.approx(roc_auc_score(happened, chances))
        assert area_under_curve(~happened, chances) == pytest.approx(1 - area_under_curve(happened, chances))
    else:
        assert np.isnan(area_under_curve(happened, chances))


@settings(deadline=None)
@given(PREDICTED)
def test_ranks_are_compared_as_scipy_does(predicted: list[tuple[float, bool]]) -> None:
    happened, chances = pair_of(predicted)
    if happened.nunique() == 2 and len(set(chances)) > 1:
        assert rank_correlation(chances, happened) == pytest.approx(spearmanr(chances, happened)[0])
    else:
        assert np.isnan(rank_correlation(chances, happened))


@settings(deadline=None)
@given(PREDICTED, st.integers(0, 50), st.randoms(use_true_random=False))
def test_no_grade_depends_on_the_order_of_rows(predicted: list[tuple[float, bool]], k: int, random: object) -> None:
    happened, chances = pair_of(predicted)
    order = list(range(len(happened)))
    random.shuffle(order)  # type: ignore[attr-defined]
    mixed, mixed_chances = happened.iloc[order], chances.iloc[order]
    hits = hits_at_top(happened, chances, k=k)
    assert hits_at_top(mixed, mixed_chances, k=k) == pytest.approx(hits)
    assert 0 <= hits <= min(k, happened.sum())
    assert brier_score(mixed, mixed_chances) == pytest.approx(brier_score(happened, chances))


def test_equal_scores_share_the_last_place_at_the_top() -> None:
    happened, score = pd.Series([True, True, False, False, False]), pd.Series([9, 5, 5, 5, 5])
    assert hits_at_top(happened, score, k=1) == 1.0
    assert hits_at_top(happened, score, k=3) == 1.5
    assert hits_at_top(happened, score, k=5) == 2.0


@settings(deadline=None)
@given(PREDICTED)
def test_bins_hold_every_prediction_once(predicted: list[tuple[float, bool]]) -> None:
    happened, chances = pair_of(predicted)
    bins = reliability_bins(chances, happened)
    assert bins["predictions"].sum() == len(happened)
    assert np.average(bins["share"], weights=bins["predictions"]) == pytest.approx(happened.mean())
    assert np.average(bins["chance"], weights=bins["predictions"]) == pytest.approx(chances.mean())
    assert bins["chance"].is_monotonic_increasing
    assert (bins["low"] <= bins["share"]).all()
    assert (bins["share"] <= bins["high"]).all()
    assert (bins["low"] >= 0).all()
    assert (bins["high"] <= 1).all()
    assert len(bins) <= min(10, chances.nunique())  # equal chances stay together


def test_the_range_of_a_bin_is_wilsons() -> None:
    bins = reliability_bins(pd.Series([0.3] * 10), pd.Series([True] * 3 + [False] * 7))
    assert bins.loc[0, ["low", "high"]].tolist() == pytest.approx([0.1538, 0.5021], abs=0.001)


def test_chances_without_their_outcomes_are_refused() -> None:
    with pytest.raises(CrmError, match="got 2 and 1"):
        reliability_bins(pd.Series([0.1, 0.2]), pd.Series([True]))


def test_one_window_is_graded_as_by_hand() -> None:
    grades = grade_methods({"a": said([1, 1, 1, 0], [20, 10, 10, 0], [0.9, 0.6, 0.5, 0.1])}, ACTUAL, k=2).loc["a"]
    assert grades["purchase_error"] == 0.5
    assert grades["spend_error"] == pytest.approx((20 + 10 + 0 + 5) / 4)
    assert grades["purchase_rmse"] == pytest.approx(np.sqrt(2 / 4))
    assert grades["brier"] == pytest.approx((0.01 + 0.36 + 0.25 + 0.01) / 4)
    assert grades["auc"] == 0.75
    assert (grades["hits"], grades["chance_hits"], grades["k"]) == (1.0, 1.0, 2)
    assert grades[["purchases_expected", "purchases_actual", "spend_actual"]].tolist() == [3.0, 3.0, 45.0]


def test_what_a_method_does_not_say_is_not_graded() -> None:
    nothing = said([np.nan] * 4, [np.nan] * 4, [np.nan] * 4).assign(rank_score=[4.0, 3, 2, 1])
    grades = grade_methods({"ranking": nothing}, ACTUAL, k=2).loc["ranking"]
    assert grades[["purchase_error", "spend_error", "brier", "purchases_expected"]].isna().all()
    assert grades["auc"] == 0.75


def test_several_windows_are_one_weighted_by_customers() -> None:
    good, bad = said([2, 0, 1, 0], [40, 0, 10, -5], [1, 0, 1, 0]), said([0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0])
    first = grade_methods({"a": good}, ACTUAL, k=2)
    second = grade_methods({"a": bad.loc[[1]]}, ACTUAL.loc[[1]], k=2)
    pooled = pool_windows(pd.concat([first, second])).loc["a"]
    assert pooled["customers"] == 5
    assert pooled["purchase_error"] == pytest.approx((0 * 4 + 2 * 1) / 5)
    assert pooled["auc"] == 1.0  # the second window knows none
    assert pooled["purchase_bias"] == pytest.approx(3 / 5 - 1)


def test_bias_of_nothing_is_unknown() -> None:
    assert np.isnan(bias_share(3.0, 0.0))
    assert bias_share(110.0, 100.0) == 0.1


def test_a_promise_repeated_within_its_window_counts_once() -> None:
    days = pd.to_datetime(["2026-03-01", "2026-01-01", "2026-04-01", "2026-01-05", "2026-01-05"])
    promises = pd.DataFrame(
        {
            "customer_id": [1, 1, 1, 1, 2],
            "quantity": "at_stake_minor",
            "model": ["rhythm", "rhythm", "rhythm", "counts", "rhythm"],
            "as_of": days,
            "horizon_days": 90,
        }
    )
    assert first_promises(promises).index.tolist() == [1, 2, 3, 4]
    assert first_promises(promises.iloc[:0]).empty
