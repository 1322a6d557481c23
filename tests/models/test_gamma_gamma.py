"""Gamma-Gamma: published values, recovery, fallbacks."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import gamma

from crm_core.errors import CrmError
from crm_core.features.purchase_summary import purchase_summary
from crm_core.models.gamma_gamma import GammaGamma
from tests.models.simulated import SPEND, simulate_summary

PUBLISHED = {"p": 6.25, "q": 3.74, "gamma": 15.44}  # Fader, Hardie & Lee (2005), JMR 42(4)


def buyers(*rows: tuple[float, float]) -> pd.DataFrame:
    """A summary of (x, m), first purchases costing 10."""
    table = pd.DataFrame(rows, columns=["repeat_days", "mean_repeat_spend"], dtype=float)
    spent = (table["repeat_days"] * table["mean_repeat_spend"]).fillna(0) + 10
    return table.assign(total_spend=spent, purchase_days=table["repeat_days"] + 1)


def test_published_parameters_of_cdnow(shared_data: Callable[[str], Path]) -> None:
    rows = pd.read_csv(shared_data("cdnow_sample.csv.gz"), dtype={"customer_id": str}, parse_dates=["date"])
    model = GammaGamma().fit(purchase_summary(rows, observation_end="1997-09-30"))
    assert model.buyers_ == 946
    assert {name: model.parameters[name] for name in PUBLISHED} == pytest.approx(PUBLISHED, abs=0.01)


def test_expected_spend_is_the_posterior_mean() -> None:
    """Bayes by integration: two purchases of mean 22 move the expectation of 35 towards them."""
    p, q, g = PUBLISHED.values()
    model = GammaGamma.from_parameters(**PUBLISHED)

    def weight(rate: float) -> float:
        return float(gamma.pdf(rate, q, scale=1 / g) * gamma.pdf(44.0, 2 * p, scale=1 / rate))

    top = quad(lambda rate: p / rate * weight(rate), 1e-9, 5, epsrel=1e-10)[0]
    bottom = quad(weight, 1e-9, 5, epsrel=1e-10)[0]
    expected = model.expected_spend(buyers((2, 22.0), (0, np.nan)))
    assert expected.iloc[0] == pytest.approx(top / bottom, rel=1e-6)
    assert expected.iloc[1] == pytest.approx(p * g / (q - 1))


def test_parameters_are_recovered_from_simulated_customers() -> None:
    model = GammaGamma().fit(simulate_summary(60_000, seed=21))
    assert {name: model.parameters[name] for name in SPEND} == pytest.approx(SPEND, rel=0.06)


def test_the_unit_of_money_makes_no_difference() -> None:
    summary = simulate_summary(3_000, seed=6)
    minor = summary.assign(
        mean_repeat_spend=summary["mean_repeat_spend"] * 100, total_spend=summary["total_spend"] * 100
    )
    model, in_minor = GammaGamma().fit(summary), GammaGamma().fit(minor)
    assert (in_minor.p_, in_minor.gamma_ / 100) == pytest.approx((model.p_, model.gamma_), rel=1e-4)


def test_the_more_is_known_the_more_the_own_mean_counts() -> None:
    model = GammaGamma.from_parameters(**PUBLISHED)
    spend = model.expected_spend(buyers((0, np.nan), (1, 100), (5, 100), (10_000, 100)))
    assert spend.is_monotonic_increasing
    assert spend.iloc[-1] == pytest.approx(100, abs=0.1)


def test_equal_amounts_are_expected_again() -> None:
    model = GammaGamma().fit(buyers((1, 25), (4, 25), (2, 25), (0, np.nan)))
    assert model.expected_spend(buyers((3, 25), (0, np.nan))).tolist() == [25.0, 25.0]
    assert model.notes_ == ("Spend per purchase is the same for everyone: all amounts are equal.",)
    assert model.parameters == {"mean_spend": 25.0}


def test_too_few_repeat_buyers_fall_back_to_the_mean_and_say_so() -> None:
    model = GammaGamma().fit(buyers((1, 30), (0, np.nan)))
    assert model.expected_spend(buyers((0, np.nan))).tolist() == [pytest.approx(50 / 3)]
    assert "only 1 of the 3 repeat buyers" in model.notes_[0]


def test_losses_and_unknown_amounts_stay_out_of_the_fit_and_get_an_answer() -> None:
    summary = buyers((1, 20), (2, 30), (3, 25), (4, 45), (2, -5), (3, 0), (1, np.nan))
    model = GammaGamma().fit(summary)
    assert model.buyers_ == 4
    spend = model.expected_spend(summary)
    assert np.isfinite(spend).all()
    assert (spend > 0).all()
    assert spend.iloc[6] == pytest.approx(model.mean_spend_)


def test_spend_that_depends_on_frequency_is_said() -> None:
    model = GammaGamma().fit(buyers(*[(x, 10.0 * x + shift) for x in range(1, 30) for shift in (0, 1)]))
    assert model.correlation_ == pytest.approx(1.0, abs=0.01)
    assert "Frequent buyers spend more each time here" in model.notes_[0]
    assert GammaGamma().fit(simulate_summary(3_000, seed=6)).notes_ == ()


def test_an_extreme_spread_still_gives_a_finite_mean() -> None:
    model = GammaGamma().fit(buyers(*[(1, 10.0**power) for power in range(-2, 9)]))
    assert np.isfinite(model.mean_spend_)
    assert model.q_ > 1


def test_fit_returns_itself_and_prediction_before_it_is_refused() -> None:
    model = GammaGamma()
    with pytest.raises(CrmError, match=r"call fit\(summary\) first"):
        model.expected_spend(buyers((1, 20)))
    assert model.fit(buyers((1, 20))) is model
    with pytest.raises(CrmError, match="q > 1"):
        GammaGamma.from_parameters(p=6, q=0.9, gamma=15)
