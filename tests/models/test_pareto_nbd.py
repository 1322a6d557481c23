"""Pareto/NBD: published values, the closed forms of the papers, independent integration."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import gammaln, hyp2f1
from scipy.stats import gamma

from crm_core.models.pareto_nbd import ParetoNBD
from crm_core.models.pareto_nbd_likelihood import ParetoLikelihood
from tests.models.simulated import customers, simulate_summary

PUBLISHED = {"r": 0.5533, "alpha": 10.578, "s": 0.6062, "beta": 11.669}  # Fader, Hardie & Lee (2005), table 2; weeks


def test_published_parameters_of_cdnow(cdnow: pd.DataFrame) -> None:
    model = ParetoNBD().fit(cdnow)
    assert model.parameters == pytest.approx(PUBLISHED, abs=0.001)
    assert model.log_likelihood_ == pytest.approx(-9594.98, abs=0.01)
    assert (model.customers_, model.repeat_buyers_, model.regularised_) == (2357, 946, False)


def test_published_probability_and_expectation_of_single_customers() -> None:
    """The reference manual and the walkthrough of the R package BTYD."""
    silent = ParetoNBD.from_parameters({"r": 0.55, "alpha": 10.56, "s": 0.61, "beta": 11.64})
    assert float(silent.p_alive(customers((0, 0, 39))).iloc[0]) == pytest.approx(0.2924031, abs=5e-8)
    model = ParetoNBD.from_parameters(PUBLISHED)
    expected = model.expected_purchases(customers((26, 30.86, 31), (0, 0, 0)), days=52)
    assert expected.tolist() == pytest.approx([25.46, 1.473], abs=0.005)


@pytest.mark.parametrize(("alpha", "beta"), [(10.6, 11.7), (11.7, 10.6), (2.0, 30.0), (30.0, 2.0), (8.0, 8.0)])
@pytest.mark.parametrize("s", [0.6, 1.0, 2.5])
def test_the_likelihood_is_the_closed_form(alpha: float, beta: float, s: float) -> None:
    """Fader & Hardie (2005), eq. 18 to 20: the roles change with the larger of alpha and beta."""
    r = 0.55
    for x, t_x, T in [(0, 0.0, 39.0), (2, 30.43, 38.86), (7, 3.0, 30.0), (1, 10.0, 10.0)]:

        def solved(t: float, x: float = x) -> float:
            larger, second = max(alpha, beta), s + 1 if alpha >= beta else r + x
            argument = abs(alpha - beta) / (larger + t)
            return float(hyp2f1(r + s + x, second, r + s + x + 1, argument) / (larger + t) ** (r + s + x))

        stayed = (alpha + T) ** -(r + x) * (beta + T) ** -s
        left = s / (r + s + x) * (solved(t_x) - solved(T))
        value = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + np.log(stayed + left)
        grouped = ParetoLikelihood(np.array([x]), np.array([t_x]), np.array([T]))
        assert grouped.log_likelihood(np.log([r, alpha, s, beta]))[0] == pytest.approx(value, abs=1e-9)
        model = ParetoNBD.from_parameters({"r": r, "alpha": alpha, "s": s, "beta": beta})
        assert float(model.p_alive(customers((x, t_x, T))).iloc[0]) == pytest.approx(stayed / (stayed + left), rel=1e-8)


def integrate(history: Callable[[Any, Any], Any]) -> float:
    """The mean of a function of both rates over their priors, the likelihood of a history being one."""
    r, alpha, s, beta = PUBLISHED.values()
    nodes, weights = np.polynomial.legendre.leggauss(600)
    level, step = (1 + nodes) / 2, weights / 2
    rate, leaving = gamma.ppf(level, r, scale=1 / alpha)[:, None], gamma.ppf(level, s, scale=1 / beta)[None, :]
    return float(step @ history(rate, leaving) @ step)


@pytest.mark.parametrize(("x", "t_x", "T"), [(0, 0.0, 38.86), (2, 30.43, 38.86), (1, 3.0, 10.0), (5, 9.0, 30.0)])
def test_probabilities_and_expectation_agree_with_integration(x: float, t_x: float, T: float) -> None:
    model, summary, days = ParetoNBD.from_parameters(PUBLISHED), customers((x, t_x, T)), 39.0

    def stays(rate: Any, leaving: Any) -> Any:
        return rate**x * np.exp(-(rate + leaving) * T)

    def leaves(rate: Any, leaving: Any) -> Any:
        both = rate + leaving
        return rate**x * leaving / both * (np.exp(-both * t_x) - np.exp(-both * T))

    likelihood = integrate(lambda rate, leaving: stays(rate, leaving) + leaves(rate, leaving))
    assert float(model.p_alive(summary).iloc[0]) == pytest.approx(integrate(stays) / likelihood, rel=1e-4)
    buys = integrate(
        lambda rate, leaving: stays(rate, leaving) * rate / (rate + leaving) * -np.expm1(-(rate + leaving) * days)
    )
    assert float(model.p_active(summary, days=days).iloc[0]) == pytest.approx(buys / likelihood, rel=1e-4)
    ahead = integrate(lambda rate, leaving: stays(rate, leaving) * rate / leaving * -np.expm1(-leaving * days))
    assert float(model.expected_purchases(summary, days=days).iloc[0]) == pytest.approx(ahead / likelihood, rel=1e-4)


@pytest.mark.parametrize("logs", [[-0.9, -0.2, -0.1, 0.7], [-0.9, 0.7, 0.4, -0.2], [0.3, 0.1, 0.0, 0.1]])
def test_the_gradient_is_the_slope_of_the_likelihood(logs: list[float]) -> None:
    summary = simulate_summary(300, seed=5)
    grouped = ParetoLikelihood(*(summary[name].to_numpy() for name in customers().columns), unit=100.0)
    _, slope = grouped.log_likelihood(np.array(logs))
    for number, step in enumerate(np.eye(4) * 1e-5):
        difference = grouped.log_likelihood(logs + step)[0] - grouped.log_likelihood(logs - step)[0]
        assert slope[number] == pytest.approx(difference / 2e-5, rel=1e-5, abs=1e-4)


@pytest.mark.parametrize("corner", range(16))
def test_the_likelihood_is_finite_at_the_bounds_of_the_search(corner: int) -> None:
    logs = np.array([14.0 if corner >> place & 1 else -14.0 for place in range(4)])
    histories = customers((10_000, 3_000, 3_000), (10_000, 1, 3_000), (0, 0, 0), (0, 0, 3_000), (1, 0, 5))
    grouped = ParetoLikelihood(*(histories[name].to_numpy() for name in histories.columns), unit=700.0)
    value, slope = grouped.log_likelihood(logs)
    assert np.isfinite(value)
    assert np.isfinite(slope).all()


def test_expectation_is_whole_where_the_printed_formula_is_singular() -> None:
    asked = customers((2, 30.43, 38.86), (0, 0, 0))
    near = [
        ParetoNBD.from_parameters({**PUBLISHED, "s": s}).expected_purchases(asked, days=39).to_numpy()
        for s in (1 - 1e-6, 1.0, 1 + 1e-6)
    ]
    assert near[1] == pytest.approx((near[0] + near[2]) / 2, rel=1e-9)
