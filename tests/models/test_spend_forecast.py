"""Forecasts of monthly spend: what is recovered, what falls back, and that nothing is ever unknown or below 0."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.errors import CrmError
from crm_core.models.spend_forecast import FITTED, Method, forecast_spend
from tests.models.simulated_series import simulate_series


def error_of(series: pd.DataFrame, method: Method, *, ahead: int) -> float:
    """The mean distance, per customer, of the sum of the last months from what was forecast of them."""
    said = forecast_spend(series.iloc[:, :-ahead], months=ahead, method=method).table.sum(axis=1)
    return float((said - series.iloc[:, -ahead:].sum(axis=1)).abs().mean())


@pytest.mark.parametrize("method", list(Method))
def test_a_level_is_recovered(method: Method) -> None:
    series = simulate_series(12, months=39, seed=1)
    told = forecast_spend(series.iloc[:, :36], months=3, method=method).table.mean(axis=1)
    off = (told / series.iloc[:, :36].mean(axis=1) - 1).abs().mean()
    assert off < 0.12


@pytest.mark.parametrize("method", FITTED)
def test_a_trend_is_followed_closer_than_by_the_mean(method: Method) -> None:
    series = simulate_series(12, months=48, seed=2, growth=0.04)
    assert error_of(series, method, ahead=12) < 0.6 * error_of(series, Method.MEAN, ahead=12)


@pytest.mark.parametrize("method", [*FITTED, Method.LAST_YEAR])
def test_a_season_is_followed_closer_than_by_the_mean(method: Method) -> None:
    series = simulate_series(12, months=39, seed=3, season=0.8)
    assert error_of(series, method, ahead=3) < 0.75 * error_of(series, Method.MEAN, ahead=3)


@pytest.mark.parametrize("method", list(Method))
def test_a_constant_goes_on_and_nothing_stays_nothing(method: Method) -> None:
    series = pd.DataFrame([[2500.0] * 30, [0.0] * 30], index=["a", "b"])
    told = forecast_spend(series, months=2, method=method)
    assert told.table.to_numpy().tolist() == [[2500.0, 2500.0], [0.0, 0.0]]
    assert set(told.used) == {"Every month was the same"}


@pytest.mark.parametrize(
    ("method", "months", "words"),
    [
        (Method.ETS, 5, "fewer than 8"),
        (Method.ARIMA, 5, "fewer than 8"),
        (Method.NETWORK, 36, "fewer than 60 examples to learn from"),
        (Method.LAST_YEAR, 5, "less than a year"),
    ],
)
def test_what_falls_back_says_so(method: Method, months: int, words: str) -> None:
    series = simulate_series(1, months=months, seed=4)
    told = forecast_spend(series, months=3, method=method)
    assert told.used.tolist() == [f"Mean of the months: {words}"]
    assert told.fell_back.all()
    assert told.table.to_numpy() == pytest.approx(np.full((1, 3), series.to_numpy().mean()))
    assert not forecast_spend(series, months=3, method=Method.MEAN).fell_back.any()


def test_months_before_the_first_are_no_zeros_and_rows_may_come_in_any_order() -> None:
    series = simulate_series(8, months=30, seed=5)
    series.iloc[2, :10] = np.nan
    for method in Method:
        told = forecast_spend(series, months=4, method=method).table
        if method is not Method.NETWORK:
            alone = forecast_spend(series.iloc[[2], 10:], months=4, method=method).table
            pd.testing.assert_frame_equal(told.iloc[[2]], alone)
            shuffled = forecast_spend(series.sample(frac=1, random_state=1), months=4, method=method).table
            pd.testing.assert_frame_equal(shuffled.sort_index(), told)
        pd.testing.assert_frame_equal(forecast_spend(series, months=4, method=method).table, told)


def test_nobody_gets_no_row_and_no_month_is_refused() -> None:
    nobody = simulate_series(0, months=24, seed=1)
    assert forecast_spend(nobody, months=3, method=Method.ETS).table.shape == (0, 3)
    unknown = pd.DataFrame([[np.nan, np.nan]], index=["a"])
    told = forecast_spend(unknown, months=2, method=Method.ARIMA)
    assert (told.table.to_numpy().tolist(), told.used["a"]) == ([[0.0, 0.0]], "Nothing: no whole month yet")
    with pytest.raises(CrmError, match="at least 1 month ahead; got 0"):
        forecast_spend(nobody, months=0, method=Method.MEAN)


MONTHS = st.one_of(st.just(0.0), st.integers(-500, 90_000).map(float))
SERIES = st.lists(MONTHS, min_size=1, max_size=30)


@settings(max_examples=15, deadline=None)
@given(st.lists(SERIES, min_size=1, max_size=2), st.sampled_from(list(Method)))
def test_nothing_is_unknown_or_below_zero(rows: list[list[float]], method: Method) -> None:
    longest = max(map(len, rows))
    series = pd.DataFrame([[np.nan] * (longest - len(row)) + row for row in rows])
    told = forecast_spend(series, months=14, method=method)
    assert np.isfinite(told.table.to_numpy()).all()
    assert (told.table.to_numpy() >= 0).all()
    assert (told.table.max(axis=1) <= 2 * series.max(axis=1).clip(lower=0) + 1e-9).all()
    assert told.used.str.len().gt(0).all()
