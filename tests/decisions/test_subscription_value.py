"""What running contracts bring: by hand, discounted, within bounds, and a range that holds what comes."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from crm_core.decisions.subscription_value import LIFETIME_DAYS, Terms, look_ahead, range_of_total
from crm_core.errors import CrmError
from crm_core.models.shifted_beta_geometric import ShiftedBetaGeometric
from crm_core.vocabulary import DAYS_PER_YEAR
from tests.simulated_contracts import simulate_contracts

MODEL = ShiftedBetaGeometric.from_parameters({"alpha": 0.8, "beta": 8.0})
YEARLY = Terms(period_days=DAYS_PER_YEAR, horizon_days=2 * DAYS_PER_YEAR, discount_rate=0.1, margin_share=0.5)


def contracts(*rows: tuple[int, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["renewals", "wait_days", "amount_minor"])


def test_two_payments_by_hand() -> None:
    half = DAYS_PER_YEAR / 2
    found = look_ahead(MODEL, contracts((3, half, 1000)), YEARLY)
    first, both = 11 / 11.8, 11 / 11.8 * 12 / 12.8
    assert found.expected_payments[0] == pytest.approx(first + both)
    assert found.p_stays[0] == pytest.approx(both)
    assert found.value_minor[0] == pytest.approx(500 * (first / 1.1**0.5 + both / 1.1**1.5))


def test_payments_count_from_the_day_they_are_due() -> None:
    due = Terms(30, 90).due(pd.Series([0, 30, 31, 90, 91]))
    assert due.tolist() == [4, 3, 2, 1, 0]
    assert look_ahead(MODEL, contracts((0, 91, 1000)), Terms(30, 90)).value_minor[0] == 0


def test_skipped_payments_margin_and_money_scale_the_value() -> None:
    some = contracts((0, 10, 1000), (5, 3, 2000))
    whole = look_ahead(MODEL, some, replace(YEARLY, margin_share=1.0)).value_minor
    assert look_ahead(MODEL, some, YEARLY).value_minor == pytest.approx(whole / 2)
    part = look_ahead(MODEL, some, replace(YEARLY, margin_share=1.0, paid_share=0.9))
    assert part.value_minor == pytest.approx(0.9 * whole)
    dearer = look_ahead(MODEL, some, replace(YEARLY, margin_share=1.0, discount_rate=0.2)).value_minor
    assert (dearer < whole).all()


def test_a_lifetime_is_the_discounted_residual_lifetime_of_the_paper() -> None:
    terms = replace(YEARLY, horizon_days=LIFETIME_DAYS, margin_share=1.0)
    found = look_ahead(MODEL, contracts((2, 0, 1)), terms).value_minor[0]
    assert found == pytest.approx(MODEL.discounted_renewals([2], discount=0.1)[0], rel=0.01)
    free = look_ahead(MODEL, contracts((2, 0, 1)), replace(terms, discount_rate=0.0)).value_minor[0]
    assert found < free < 51


def test_the_range_lies_around_the_value_and_is_repeatable() -> None:
    some = contracts(*[(n % 7, n % 28, 1000 + n) for n in range(200)])
    terms = Terms(30.4, 365, discount_rate=0.1)
    low, high = range_of_total(MODEL, some, terms, seed=7)
    assert low < look_ahead(MODEL, some, terms).value_minor.sum() < high
    assert range_of_total(MODEL, some.sample(frac=1, random_state=3), terms, seed=7) == pytest.approx((low, high))
    assert range_of_total(MODEL, some, terms, seed=8) != (low, high)
    assert range_of_total(MODEL, some.head(0), terms, seed=7) == (0.0, 0.0)
    undiscounted = replace(terms, discount_rate=0.0)
    assert range_of_total(MODEL, some, undiscounted, seed=7)[0] > low


def test_eight_of_ten_ranges_hold_what_comes() -> None:
    """With parameters learnt from the same 150 customers; each half of what falls outside lies on its side."""
    terms, within, below = Terms(30.4, 365), 0, 0
    for seed in range(100):
        random = np.random.default_rng(seed)
        leaving = random.beta(0.8, 8.0, 150)
        stays, could = random.geometric(leaving) - 1, random.integers(0, 25, 150)
        known = pd.DataFrame({"renewals": np.minimum(stays, could), "ended": stays < could})
        running = known[~known["ended"]].assign(wait_days=15.0, amount_minor=1000.0)
        comes = 1000 * np.minimum((stays - could)[~known["ended"]], 12).sum()
        low, high = range_of_total(ShiftedBetaGeometric().fit(known), running, terms, seed=7)
        within, below = within + (low <= comes <= high), below + (comes < low)
    assert 72 <= within <= 92
    assert below <= 20


def test_what_cannot_be_is_said() -> None:
    with pytest.raises(CrmError, match="days between two payments must be above 0"):
        Terms(0, 365)
    with pytest.raises(CrmError, match="margin is a share between 0 and 1"):
        Terms(30, 365, margin_share=1.5)
    with pytest.raises(CrmError, match="discount rate must be 0 or more"):
        Terms(30, 365, discount_rate=-0.1)


def test_a_simulated_shop_is_worth_what_its_model_says() -> None:
    """The mean of many futures is the expectation."""
    running = simulate_contracts(300, seed=4).assign(wait_days=10.0, amount_minor=500.0)
    terms = Terms(30.4, 730)
    low, high = range_of_total(MODEL, running, terms, seed=7)
    assert (low + high) / 2 == pytest.approx(look_ahead(MODEL, running, terms).value_minor.sum(), rel=0.01)
