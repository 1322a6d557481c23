"""BG/NBD: published values, independent integration, recovery, properties and extremes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta, gamma

from crm_core.errors import CrmError, TooLittleDataError
from crm_core.features.purchase_summary import purchase_summary
from crm_core.models.bg_nbd import BetaGeoNBD
from crm_core.models.bg_nbd_likelihood import GroupedCustomers
from tests.models.simulated import RATES, simulate_summary

PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}  # Fader, Hardie & Lee (2005), table 2; weeks


def customers(*rows: tuple[float, float, float]) -> pd.DataFrame:
    """A summary of (x, t_x, T)."""
    return pd.DataFrame(rows, columns=["repeat_days", "first_to_last_days", "tenure_days"], dtype=float)


@pytest.fixture(scope="module")
def cdnow(shared_data: Callable[[str], Path]) -> pd.DataFrame:
    """The published sample up to 30 September 1997, in weeks."""
    rows = pd.read_csv(shared_data("cdnow_sample.csv.gz"), dtype={"customer_id": str}, parse_dates=["date"])
    summary = purchase_summary(rows, observation_end="1997-09-30")
    return summary.assign(first_to_last_days=summary["first_to_last_days"] / 7, tenure_days=summary["tenure_days"] / 7)


def test_published_parameters_of_cdnow(cdnow: pd.DataFrame) -> None:
    model = BetaGeoNBD().fit(cdnow)
    assert model.parameters == pytest.approx(PUBLISHED, abs=0.001)
    assert model.log_likelihood_ == pytest.approx(-9582.4, abs=0.05)
    assert (model.customers_, model.repeat_buyers_, model.regularised_) == (2357, 946, False)


def test_published_expectation_of_one_customer() -> None:
    model = BetaGeoNBD.from_parameters(PUBLISHED)
    assert float(model.expected_purchases(customers((2, 30.43, 38.86)), days=39).iloc[0]) == pytest.approx(
        1.226, abs=0.0005
    )


def integrate(history: Callable[[Any, Any], Any]) -> float:
    """The mean of a function of rate and dropout p over their priors, the likelihood of a history being one."""
    r, alpha, a, b = PUBLISHED.values()
    nodes, weights = np.polynomial.legendre.leggauss(600)
    level, step = (1 + nodes) / 2, weights / 2
    rate, p = gamma.ppf(level, r, scale=1 / alpha)[:, None], beta.ppf(level, a, b)[None, :]
    return float(step @ history(rate, p) @ step)


@pytest.mark.parametrize(("x", "t_x", "T"), [(2, 30.43, 38.86), (1, 3.0, 10.0), (5, 9.0, 30.0)])
def test_likelihood_and_expectation_agree_with_integration(x: float, t_x: float, T: float) -> None:
    grouped = GroupedCustomers(np.array([x]), np.array([t_x]), np.array([T]))
    value, _ = grouped.log_likelihood(np.log(list(PUBLISHED.values())))

    def stays(rate: Any, p: Any) -> Any:  # eq. 3, first and second term
        return (1 - p) ** x * rate**x * np.exp(-rate * T)

    def leaves(rate: Any, p: Any) -> Any:
        return p * (1 - p) ** (x - 1) * rate**x * np.exp(-rate * t_x)

    likelihood = integrate(lambda rate, p: stays(rate, p) + leaves(rate, p))
    assert np.exp(value) == pytest.approx(likelihood, rel=1e-4)
    ahead = integrate(lambda rate, p: stays(rate, p) * (1 - np.exp(-rate * p * 39)) / p)
    expected = BetaGeoNBD.from_parameters(PUBLISHED).expected_purchases(customers((x, t_x, T)), days=39)
    assert float(expected.iloc[0]) == pytest.approx(ahead / likelihood, rel=1e-4)


@pytest.mark.parametrize("parameters", [{"a": 1.0}, {"a": 0.3, "b": 0.7}, {"a": 2.0}, {"a": 0.01}, {"r": 3.0}])
@pytest.mark.parametrize(("x", "T"), [(0, 0.0), (0, 40.0), (3, 5.0), (400, 100.0)])
def test_expectation_holds_where_the_printed_formula_is_singular(
    parameters: dict[str, float], x: int, T: float
) -> None:
    known = {**PUBLISHED, **parameters}
    model, t = BetaGeoNBD.from_parameters(known), 52.0
    shape, end, a, b = known["r"] + x, known["alpha"] + T, known["a"], known["b"] + x

    def moment(p: float) -> float:
        return float(-np.expm1(-shape * np.log1p(p * t / end)) / p)

    # with p = u**(1/a) the beta density has no pole at 0; betas of x repeat purchases crowd near 0
    weight = quad(lambda u: (1 - u ** (1 / a)) ** (b - 1), 0, 1, epsabs=0, epsrel=1e-10, limit=400)[0]
    value = quad(
        lambda u: moment(max(u ** (1 / a), 1e-300)) * (1 - u ** (1 / a)) ** (b - 1),
        0, 1, epsabs=0, epsrel=1e-10, limit=400,
    )[0]  # fmt: skip
    summary = customers((x, T, T))
    alive = float(model.p_alive(summary).iloc[0])
    assert float(model.expected_purchases(summary, days=t).iloc[0]) == pytest.approx(alive * value / weight, rel=1e-6)


def test_the_gradient_is_the_slope_of_the_likelihood() -> None:
    summary = simulate_summary(300, seed=5)
    grouped = GroupedCustomers(*(summary[name].to_numpy() for name in customers().columns), unit=100.0)
    logs = np.log([0.4, 0.8, 0.9, 2.0])
    _, slope = grouped.log_likelihood(logs)
    for number, step in enumerate(np.eye(4) * 1e-5):
        difference = grouped.log_likelihood(logs + step)[0] - grouped.log_likelihood(logs - step)[0]
        assert slope[number] == pytest.approx(difference / 2e-5, rel=1e-5, abs=1e-4)


def test_parameters_are_recovered_from_simulated_customers() -> None:
    model = BetaGeoNBD().fit(simulate_summary(60_000, seed=11))
    assert model.parameters == pytest.approx(RATES, rel=0.06)


def test_active_is_the_share_that_buys_again() -> None:
    """Of 40,000 who bought once 100 days ago the model's share buys in the next 60; P(alive) would say all."""
    random = np.random.default_rng(2)
    model = BetaGeoNBD.from_parameters(RATES)
    rate = random.gamma(RATES["r"], 1 / RATES["alpha"], 400_000)
    waited = random.exponential(1 / np.maximum(rate, 1e-12))
    waited = waited[waited > 100]
    share = float((waited <= 160).mean())
    summary = customers((0, 0, 100))
    assert float(model.p_active(summary, days=60).iloc[0]) == pytest.approx(share, abs=0.005)
    assert float(model.p_alive(summary).iloc[0]) == 1.0


def test_the_unit_of_time_makes_no_difference() -> None:
    days = simulate_summary(3_000, seed=4)
    weeks = days.assign(first_to_last_days=days["first_to_last_days"] / 7, tenure_days=days["tenure_days"] / 7)
    in_days, in_weeks = BetaGeoNBD().fit(days), BetaGeoNBD().fit(weeks)
    assert in_days.alpha_ / 7 == pytest.approx(in_weeks.alpha_, rel=1e-4)
    assert in_days.b_ == pytest.approx(in_weeks.b_, rel=1e-4)
    shift = float(days["repeat_days"].sum()) * np.log(7)
    assert in_days.log_likelihood_ + shift == pytest.approx(in_weeks.log_likelihood_, abs=1e-5)


def test_the_order_of_customers_makes_no_difference() -> None:
    summary = simulate_summary(500, seed=9)
    shuffled = summary.sample(frac=1, random_state=1)
    model, again = BetaGeoNBD().fit(summary), BetaGeoNBD().fit(shuffled)
    assert model.parameters == again.parameters
    expected = again.expected_purchases(shuffled, days=90).reindex(summary.index)
    pd.testing.assert_series_equal(model.expected_purchases(summary, days=90), expected)


history = st.tuples(st.integers(0, 10_000), st.floats(0, 5_000), st.floats(0, 5_000))
parameter = st.floats(1e-4, 1e4)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(history, min_size=1, max_size=8), parameter, parameter, parameter, parameter, st.floats(0, 4_000))
def test_probabilities_and_expectations_stay_in_bounds(
    rows: list[tuple[int, float, float]], r: float, alpha: float, a: float, b: float, days: float
) -> None:
    summary = customers(*((x, min(t_x, T) if x else 0, T) for x, t_x, T in rows))
    model = BetaGeoNBD.from_parameters({"r": r, "alpha": alpha, "a": a, "b": b})
    alive, active = model.p_alive(summary), model.p_active(summary, days=days)
    assert alive.between(0, 1).all()
    assert active.between(0, 1).all()
    assert (active <= alive + 1e-12).all()
    expected = model.expected_purchases(summary, days=days)
    assert np.isfinite(expected).all()
    assert (expected >= active - 1e-9).all()  # at least one purchase counts at least one


EXTREMES = {
    "no repeat order": customers((0, 0, 100), (0, 0, 200), (0, 0, 300)),
    "10,000 orders": customers((10_000, 3_000, 3_000), (3, 20, 100), (0, 0, 50)),
    "T = 0": customers((0, 0, 0), (0, 0, 0)),
    "everyone bought once": customers(*[(0, 0, T) for T in range(1, 400)]),
    "one customer": customers((0, 0, 0)),
    "one loyal customer": customers((12, 350, 360)),
    "two customers": customers((1, 30, 100), (0, 0, 20)),
    "three customers": customers((1, 30, 100), (0, 0, 20), (4, 90, 100)),
    "all identical": customers(*[(3, 60, 90)] * 200),
    "nobody ever leaves": simulate_summary(5_000, seed=3, a=1e-9, b=1.0),
    "everybody leaves at once": simulate_summary(5_000, seed=3, a=1e9, b=1.0),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_give_finite_sane_answers(name: str) -> None:
    summary = EXTREMES[name]
    model = BetaGeoNBD().fit(summary)
    assert all(np.isfinite(value) and value > 0 for value in model.parameters.values())
    assert np.isfinite(model.log_likelihood_)
    expected = model.expected_purchases(summary, days=365)
    assert np.isfinite(expected).all()
    observed = summary["repeat_days"] + 1
    # Nobody is promised more than four times the densest rhythm that was seen.
    assert (expected <= 4 * observed * (1 + 365 / summary["tenure_days"].clip(lower=180))).all()
    assert model.p_active(summary, days=365).between(0, 1).all()


def test_hardly_any_dropout_means_almost_everybody_is_still_there() -> None:
    summary = EXTREMES["nobody ever leaves"]
    model = BetaGeoNBD().fit(summary)
    assert model.regularised_
    assert model.p_alive(summary).mean() > 0.98
    assert model.r_ / model.alpha_ == pytest.approx(RATES["r"] / RATES["alpha"], rel=0.05)


def test_fit_returns_itself_and_prediction_before_it_is_refused() -> None:
    model, summary = BetaGeoNBD(), simulate_summary(100, seed=1)
    with pytest.raises(CrmError, match=r"call fit\(summary\) first"):
        model.p_alive(summary)
    assert model.fit(summary) is model
    before = summary.copy()
    model.expected_purchases(summary, days=30)
    pd.testing.assert_frame_equal(summary, before)


def test_impossible_input_is_refused_in_a_sentence() -> None:
    with pytest.raises(CrmError, match="Customer 1: needs"):
        BetaGeoNBD().fit(customers((0, 0, 5), (2, 9, 5)))
    with pytest.raises(CrmError, match="need a column 'tenure_days'"):
        BetaGeoNBD().fit(customers((0, 0, 5)).drop(columns="tenure_days"))
    with pytest.raises(TooLittleDataError, match="at least one customer"):
        BetaGeoNBD().fit(customers())
    with pytest.raises(CrmError, match="must be 0 or more; got -1"):
        BetaGeoNBD.from_parameters(PUBLISHED).expected_purchases(customers((0, 0, 5)), days=-1)
    with pytest.raises(CrmError, match="alpha must be above 0"):
        BetaGeoNBD.from_parameters({**PUBLISHED, "alpha": 0.0})
