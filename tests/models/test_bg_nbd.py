"""BG/NBD: published values and independent integration, and that of MBG/NBD, which shares its likelihood."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import beta, gamma

from crm_core.models.bg_nbd import BetaGeoNBD
from crm_core.models.bg_nbd_likelihood import BetaGeoLikelihood
from crm_core.models.mbg_nbd import ModifiedBetaGeoNBD
from tests.models.simulated import RATES, customers, simulate_summary

PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}  # Fader, Hardie & Lee (2005), table 2; weeks


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


@pytest.mark.parametrize(
    ("kind", "x", "t_x", "T"),
    [
        (BetaGeoNBD, 2, 30.43, 38.86),
        (BetaGeoNBD, 1, 3.0, 10.0),
        (BetaGeoNBD, 5, 9.0, 30.0),
        (ModifiedBetaGeoNBD, 0, 0.0, 38.86),
        (ModifiedBetaGeoNBD, 1, 3.0, 10.0),
        (ModifiedBetaGeoNBD, 5, 9.0, 30.0),
    ],
)
def test_likelihood_and_expectation_agree_with_integration(
    kind: type[BetaGeoNBD], x: float, t_x: float, T: float
) -> None:
    chances = x + kind.CHANCES_AT_FIRST
    history = np.array([x]), np.array([t_x]), np.array([T])
    grouped = BetaGeoLikelihood(*history, chances_at_first=kind.CHANCES_AT_FIRST)
    value, _ = grouped.log_likelihood(np.log(list(PUBLISHED.values())))

    def stays(rate: Any, p: Any) -> Any:  # eq. 3, first and second term
        return (1 - p) ** chances * rate**x * np.exp(-rate * T)

    def leaves(rate: Any, p: Any) -> Any:
        return p * (1 - p) ** (chances - 1) * rate**x * np.exp(-rate * t_x)

    likelihood = integrate(lambda rate, p: stays(rate, p) + leaves(rate, p))
    assert np.exp(value) == pytest.approx(likelihood, rel=1e-4)
    model = kind.from_parameters(PUBLISHED)
    asked = customers((x, t_x, T))
    assert float(model.p_alive(asked).iloc[0]) == pytest.approx(integrate(stays) / likelihood, rel=1e-4)
    buys = integrate(lambda rate, p: stays(rate, p) * -np.expm1(-rate * 39))
    assert float(model.p_active(asked, days=39).iloc[0]) == pytest.approx(buys / likelihood, rel=1e-4)
    ahead = integrate(lambda rate, p: stays(rate, p) * (1 - np.exp(-rate * p * 39)) / p)
    expected = model.expected_purchases(asked, days=39)
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


@pytest.mark.parametrize("chances_at_first", [0, 1])
def test_the_gradient_is_the_slope_of_the_likelihood(chances_at_first: int) -> None:
    summary = simulate_summary(300, seed=5)
    columns = (summary[name].to_numpy() for name in customers().columns)
    grouped = BetaGeoLikelihood(*columns, chances_at_first=chances_at_first, unit=100.0)
    logs = np.log([0.4, 0.8, 0.9, 2.0])
    _, slope = grouped.log_likelihood(logs)
    for number, step in enumerate(np.eye(4) * 1e-5):
        difference = grouped.log_likelihood(logs + step)[0] - grouped.log_likelihood(logs - step)[0]
        assert slope[number] == pytest.approx(difference / 2e-5, rel=1e-5, abs=1e-4)


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
