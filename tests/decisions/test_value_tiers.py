"""Value tiers by cumulative share, contribution, and their edges."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.decisions.value_tiers import contribution_curve, contribution_shares, value_tiers
from crm_core.errors import CrmError


def test_the_best_make_up_half_the_value() -> None:
    tiers = value_tiers(pd.Series([400, 200, 150, 100, 80, 70]))
    assert tiers.tolist() == ["high", "high", "medium", "medium", "low", "low"]


@given(st.lists(st.integers(0, 100), min_size=1, max_size=40))
@settings(deadline=None)
def test_the_high_tier_holds_its_share_and_equals_stand_together(values: list[int]) -> None:
    clv = pd.Series(values)
    tiers = value_tiers(clv, high_share=0.5, medium_share=0.8)
    assert len(pd.DataFrame({"clv": clv, "tier": tiers}).drop_duplicates()) == len(set(values))
    if clv.sum() > 0:
        assert clv[tiers == "high"].sum() >= 0.5 * clv.sum()
        assert clv[tiers != "low"].sum() >= 0.8 * clv.sum()
    else:
        assert set(tiers) == {"low"}


def test_losses_are_low_and_unknown_values_have_no_tier() -> None:
    assert value_tiers(pd.Series([100.0, -50.0, np.nan])).tolist()[:2] == ["high", "low"]
    assert value_tiers(pd.Series([100.0, -50.0, np.nan])).isna().tolist() == [False, False, True]


def test_crossed_shares_are_refused() -> None:
    with pytest.raises(CrmError, match=r"got 0\.9 and 0\.8"):
        value_tiers(pd.Series([1]), high_share=0.9)


def test_contributions_sum_to_one_unless_there_is_no_profit() -> None:
    assert contribution_shares(pd.Series([30.0, -10.0, 80.0])).sum() == pytest.approx(1)
    assert contribution_shares(pd.Series([5.0, -5.0])).isna().all()


def test_the_curve_rises_from_nothing_to_everything_in_few_points() -> None:
    profit = pd.Series(np.random.default_rng(1).lognormal(3, 1, 5_000))
    curve = contribution_curve(profit)
    assert len(curve) == 200
    assert curve.iloc[0].tolist() == [0, 0, 0]
    assert curve.iloc[-1].tolist() == pytest.approx([1, 1, 5_000])
    assert (np.diff(curve["value_share"], 2) < 0.001).all()
    top = profit.sort_values(ascending=False).head(int(curve["customers"].iloc[20])).sum() / profit.sum()
    assert curve["value_share"].iloc[20] == pytest.approx(top)


def test_nobody_makes_an_empty_curve() -> None:
    assert contribution_curve(pd.Series([], dtype="float64")).empty
