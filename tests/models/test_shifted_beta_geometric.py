"""Shifted beta-geometric: published cohorts, recovery, direct summation, properties and extremes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import hyp2f1

from crm_core.errors import CrmError, TooLittleDataError
from crm_core.models.shifted_beta_geometric import ShiftedBetaGeometric
from tests.simulated_contracts import simulate_contracts

# Fader & Hardie (2007), table 1: of 1,000 customers how many are left after 0 to 7 years
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]


def contracts(renewals: Sequence[float], ended: Sequence[bool]) -> pd.DataFrame:
    return pd.DataFrame({"renewals": renewals, "ended": ended})


def cohort(left: list[int]) -> pd.DataFrame:
    """Customers who came together, of whom so many were left after each renewal."""
    gone = -np.diff(left)
    years = len(gone)
    renewals = np.r_[np.repeat(np.arange(years), gone), np.full(left[-1], years)]
    return contracts(renewals, renewals < years)


@pytest.mark.parametrize(
    ("left", "alpha", "beta", "likelihood"),
    [(HIGH_END, 0.668, 3.806, -1611.2), (REGULAR, 0.704, 1.182, -1680.3)],
    ids=["high end", "regular"],
)
def test_published_parameters_of_two_cohorts(left: list[int], alpha: float, beta: float, likelihood: float) -> None:
    model = ShiftedBetaGeometric().fit(cohort(left))
    assert model.parameters == pytest.approx({"alpha": alpha, "beta": beta}, abs=0.0005)
    assert model.log_likelihood_ == pytest.approx(likelihood, abs=0.05)
    assert (model.customers_, model.ended_, model.regularised_) == (1000, 1000 - left[-1], False)


def test_retention_rises_and_its_product_is_survival() -> None:
    model = ShiftedBetaGeometric().fit(cohort(REGULAR))
    retention, survival = model.retention(30), model.survival(30)
    assert retention.is_monotonic_increasing
    assert survival.iloc[1:].to_numpy() == pytest.approx(retention.cumprod().to_numpy())
    assert float(survival.loc[7]) == pytest.approx(0.241, abs=0.012)
    assert model.p_renews([0, 6]) == pytest.approx(retention.loc[[1, 7]].to_numpy())
    assert model.p_stays([0, 2], periods=[7, 3]) == pytest.approx([survival.loc[7], survival.loc[5] / survival.loc[2]])


@pytest.mark.parametrize("parameters", [(0.668, 3.806), (3.8, 15.2), (0.067, 0.267), (1.0, 1.0), (500.0, 4000.0)])
@pytest.mark.parametrize("discount", [0.1, 0.02, 1.0])
def test_discounted_lifetime_is_the_sum_of_its_terms(parameters: tuple[float, float], discount: float) -> None:
    """And the closed form of Fader & Hardie (2010), eq. 6, where that does not overflow."""
    alpha, beta = parameters
    model = ShiftedBetaGeometric.from_parameters({"alpha": alpha, "beta": beta})
    survival = model.survival(6000).to_numpy()
    for made in (0, 1, 4, 40):
        terms = survival[made + 1 :] / survival[made]
        direct = float(terms @ (1 + discount) ** -np.arange(len(terms), dtype=float))
        found = float(model.discounted_renewals([made], discount=discount)[0])
        assert found == pytest.approx(direct, rel=1e-9)
        closed = (
            (beta + made)
            / (alpha + beta + made)
            * hyp2f1(1, beta + made + 1, alpha + beta + made + 1, 1 / (1 + discount))
        )
        assert alpha == 500 or found == pytest.approx(float(closed), rel=1e-7)
        some = float(model.discounted_renewals([made], discount=discount, periods=5)[0])
        assert some == pytest.approx(float(terms[:5] @ (1 + discount) ** -np.arange(5.0)))


def test_the_residual_lifetime_has_an_end_only_above_one() -> None:
    model = ShiftedBetaGeometric.from_parameters({"alpha": 3.0, "beta": 10.0})
    survival = model.survival(200_000).to_numpy()
    direct = [survival[made + 1 :].sum() / survival[made] for made in (0, 5)]
    assert model.expected_renewals([0, 5]) == pytest.approx(direct, rel=1e-4)
    endless = ShiftedBetaGeometric.from_parameters({"alpha": 0.8, "beta": 10.0})
    assert np.isinf(endless.expected_renewals([0, 5])).all()
    assert endless.expected_renewals([0], periods=24)[0] == pytest.approx(endless.survival(24).iloc[1:].sum())


@pytest.mark.parametrize("known", [{"alpha": 0.8, "beta": 8.0}, {"alpha": 3.0, "beta": 9.0}])
def test_known_parameters_are_found_again(known: dict[str, float]) -> None:
    model = ShiftedBetaGeometric().fit(simulate_contracts(60_000, seed=3, **known))
    assert model.parameters == pytest.approx(known, rel=0.05)


def test_the_uncertainty_is_that_of_repeated_samples() -> None:
    logs = [
        np.log(list(ShiftedBetaGeometric().fit(simulate_contracts(1_500, seed=seed)).parameters.values()))
        for seed in range(60)
    ]
    model = ShiftedBetaGeometric().fit(simulate_contracts(1_500, seed=99))
    told = np.sqrt(np.diag(model.covariance_))
    assert told == pytest.approx(np.std(logs, axis=0), rel=0.25)
    drawn = np.log(model.draw_parameters(4_000, seed=1))
    assert drawn.std(axis=0) == pytest.approx(told, rel=0.05)
    assert (model.draw_parameters(5, seed=1) == model.draw_parameters(5, seed=1)).all()


def test_the_gradient_is_the_slope_of_the_likelihood() -> None:
    from crm_core.models.shifted_beta_geometric import _Counts

    counts = _Counts.of(simulate_contracts(300, seed=2))
    logs = np.log([0.7, 5.0])
    _, slope = counts.log_likelihood(logs)
    for number, step in enumerate(np.eye(2) * 1e-5):
        difference = counts.log_likelihood(logs + step)[0] - counts.log_likelihood(logs - step)[0]
        assert slope[number] == pytest.approx(difference / 2e-5, rel=1e-5)


def test_the_order_of_customers_makes_no_difference() -> None:
    customers = simulate_contracts(400, seed=5)
    shuffled = customers.sample(frac=1, random_state=1)
    assert ShiftedBetaGeometric().fit(customers).parameters == ShiftedBetaGeometric().fit(shuffled).parameters


EXTREMES = {
    "one who stays": contracts([0], [False]),
    "one who left": contracts([0], [True]),
    "nobody left": contracts([5] * 500, [False] * 500),
    "nobody left of few": contracts([1, 2, 3], [False] * 3),
    "everybody left at once": contracts([0] * 500, [True] * 500),
    "everybody left together": contracts([7] * 500, [True] * 500),
    "one renewal was seen": contracts([1] * 40 + [0] * 60, [False] * 40 + [True] * 60),
    "10,000 renewals": contracts([10_000, 3, 0], [False, True, False]),
    "all leave alike": contracts(np.random.default_rng(4).geometric(0.2, 5_000) - 1.0, [True] * 5_000),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_give_finite_sane_answers(name: str) -> None:
    model = ShiftedBetaGeometric().fit(EXTREMES[name])
    assert all(np.isfinite(value) and value > 0 for value in model.parameters.values())
    assert np.isfinite(model.log_likelihood_)
    assert np.isfinite(model.covariance_).all()
    chances = model.p_renews([0, 1, 100])
    assert ((chances > 0) & (chances < 1)).all()
    assert np.isfinite(model.discounted_renewals([0, 10_000], discount=0.008)).all()
    assert np.isfinite(model.draw_parameters(50, seed=3)).all()
    assert model.survival(100).between(0, 1).all()
    if name != "all leave alike":
        assert model.regularised_


def test_the_prior_gives_way_to_what_was_seen() -> None:
    assert ShiftedBetaGeometric().fit(EXTREMES["nobody left"]).p_renews(0) > 0.99
    assert ShiftedBetaGeometric().fit(EXTREMES["everybody left at once"]).p_renews(0) < 0.05
    assert float(ShiftedBetaGeometric().fit(EXTREMES["one who stays"]).p_renews(0)) == pytest.approx(6 / 7, abs=0.01)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    st.floats(1e-5, 1e5),
    st.floats(1e-5, 1e5),
    st.lists(st.integers(0, 2_000), min_size=1, max_size=6),
    st.floats(1e-3, 2.0),
)
def test_chances_and_sums_stay_in_bounds(alpha: float, beta: float, made: list[int], discount: float) -> None:
    model = ShiftedBetaGeometric.from_parameters({"alpha": alpha, "beta": beta})
    chance = model.p_renews(made)
    assert ((chance >= 0) & (chance <= 1)).all()
    some = model.discounted_renewals(made, discount=discount, periods=20)
    whole = model.discounted_renewals(made, discount=discount)
    assert np.isfinite(whole).all()
    assert (some <= whole * (1 + 1e-9)).all()
    assert (some >= chance - 1e-12).all()  # the next one counts in full
    assert (whole <= (1 + discount) / discount * (1 + 1e-9)).all()
    assert (model.expected_renewals(made, periods=20) <= 20).all()
    stays = model.p_stays(made, periods=20)
    assert ((stays >= 0) & (stays <= chance + 1e-9)).all()


def test_fit_returns_itself_and_leaves_its_input_alone() -> None:
    model, customers = ShiftedBetaGeometric(), simulate_contracts(100, seed=1)
    with pytest.raises(CrmError, match=r"call fit\(customers\) first"):
        model.p_renews(0)
    before = customers.copy()
    assert model.fit(customers) is model
    pd.testing.assert_frame_equal(customers, before)
    assert model.discounted_renewals([], discount=0.1, periods=[]).shape == (0,)
    assert model.discounted_renewals([3], discount=0.1, periods=0)[0] == 0


def test_impossible_input_is_refused_in_a_sentence() -> None:
    with pytest.raises(CrmError, match="need a column 'ended'; there are renewals"):
        ShiftedBetaGeometric().fit(pd.DataFrame({"renewals": [1]}))
    with pytest.raises(TooLittleDataError, match="at least one customer"):
        ShiftedBetaGeometric().fit(contracts([], []))
    with pytest.raises(CrmError, match="must be whole numbers, 0 or more"):
        ShiftedBetaGeometric().fit(contracts([-1], [True]))
    with pytest.raises(CrmError, match="beta must be above 0"):
        ShiftedBetaGeometric.from_parameters({"alpha": 1.0, "beta": 0.0})
    model = ShiftedBetaGeometric.from_parameters({"alpha": 1.0, "beta": 1.0})
    with pytest.raises(CrmError, match="discount per period must be 0 or more"):
        model.discounted_renewals([0], discount=-0.1)
    with pytest.raises(CrmError, match="periods ahead must be 0 or more"):
        model.survival(-1)
