"""One series carried on: a published forecast, and the form that each kind of series is given."""

import numpy as np
import pytest

from crm_core.models.series_fits import arima_ahead, smooth_ahead
from tests.models.simulated_series import simulate_series

# Saudi oil production 1996 to 2013, million tonnes: Hyndman & Athanasopoulos (2018), Forecasting: principles and
# practice, 2nd ed., section 7.1
OIL = [445.36, 453.20, 454.41, 422.38, 456.04, 440.39, 425.19, 486.21, 500.43, 521.28]
OIL += [508.95, 488.89, 509.87, 456.72, 473.82, 525.95, 549.83, 542.34]


def test_simple_smoothing_gives_the_published_forecast() -> None:
    found = smooth_ahead(np.array(OIL), months=5)
    assert found is not None
    ahead, parts = found
    assert parts == "level"
    assert ahead.round(2).tolist() == [542.68] * 5  # table 7.1


def test_a_season_is_seen_from_two_years_on() -> None:
    series = simulate_series(1, months=36, seed=5, season=0.8).to_numpy()[0]
    long, short = smooth_ahead(series, months=12), smooth_ahead(series[:23], months=12)
    assert long is not None
    assert short is not None
    assert long[1] == "level and season"
    assert "season" not in short[1]
    assert np.corrcoef(long[0], np.sin(2 * np.pi * (np.arange(36, 48) + 3) / 12))[0, 1] > 0.9


def test_each_kind_of_series_gets_its_order() -> None:
    random = np.random.default_rng(1)
    surprises = random.normal(0, 1, 120)
    leaning, moving = [0.0], 50 + np.cumsum(surprises) + random.normal(0, 1.5, 120)
    for surprise in surprises:
        leaning.append(-0.8 * leaning[-1] + surprise)
    orders = [arima_ahead(series, months=3) for series in (surprises + 20, np.array(leaning) + 20, moving)]
    names = [found[1].split(":")[0] for found in orders if found]
    assert names == ["ARIMA(0,0,0)", "ARIMA(1,0,0)", "ARIMA(0,1,1)"]


def test_the_unit_of_money_changes_nothing() -> None:
    series = simulate_series(1, months=30, seed=8, growth=0.02).to_numpy()[0]
    for carry_on in (smooth_ahead, arima_ahead):
        one, other = carry_on(series, months=6), carry_on(series * 128, months=6)
        assert one is not None
        assert other is not None
        assert other[0] == pytest.approx(one[0] * 128, rel=1e-12)
