"""Lifetime value: the corrected published examples, and discounting month by month."""

import numpy as np
import pandas as pd
import pytest

from crm_core.decisions.lifetime_value import discount_expected_spend, plan_lifetime_value, profit_lifetime_value
from crm_core.errors import CrmError
from crm_core.models.value import predict_summary
from crm_core.vocabulary import DAYS_PER_YEAR
from tests.models.simulated import simulate_summary

Plan = tuple[list[float], list[float], float, float]


def test_the_plan_of_three_years() -> None:
    value = plan_lifetime_value([2000, 2500, 3000], [0.8, 0.75, 0.7], discount_rate=0.05)
    assert value == pytest.approx(5038.55, abs=0.005)


def test_the_cost_of_winning_the_customer_is_taken_off_once() -> None:
    value = plan_lifetime_value([2000, 2500, 3000], [0.8, 0.75, 0.7], discount_rate=0.05, acquisition_cost=38.55)
    assert value == pytest.approx(5000.0, abs=0.005)


def test_a_forecast_of_two_years() -> None:
    assert profit_lifetime_value([1000, 1200], discount_rate=0.10) == pytest.approx(1900.83, abs=0.005)


def test_without_discount_the_value_is_the_plain_sum() -> None:
    assert profit_lifetime_value([1000, -200, 500], discount_rate=0.0, acquisition_cost=100) == 1200.0
    assert profit_lifetime_value([], discount_rate=0.1) == 0.0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([1.0], [0.5, 0.5], 0.1, 0.0), "1 revenues and 2 probabilities"),
        (([1.0], [1.5], 0.1, 0.0), "Year 1: a probability lies between 0 and 1; got 1.5"),
        (([1.0, float("nan")], [0.5, 0.5], 0.1, 0.0), "Year 2 has no amount"),
        (([1.0], [0.5], -1.0, 0.0), "yearly share such as 0.10"),
        (([1.0], [0.5], 0.1, -3.0), "cost of winning a customer must be 0 or more; got -3"),
    ],
)
def test_a_wrong_plan_is_refused_in_a_sentence(arguments: Plan, sentence: str) -> None:
    revenues, probabilities, rate, cost = arguments
    with pytest.raises(CrmError, match=sentence):
        plan_lifetime_value(revenues, probabilities, discount_rate=rate, acquisition_cost=cost)


def test_lifetime_value_without_discount_is_margin_times_expected_spend() -> None:
    prediction = predict_summary(simulate_summary(300, seed=2), horizon_days=365)
    value = discount_expected_spend(prediction, horizon_days=365, margin_share=0.4)
    np.testing.assert_allclose(value, 0.4 * prediction.table["expected_spend"], rtol=1e-9)


def test_discounting_lies_between_nothing_and_the_whole_horizon() -> None:
    prediction = predict_summary(simulate_summary(300, seed=2), horizon_days=730)
    plain = discount_expected_spend(prediction, horizon_days=730)
    value = discount_expected_spend(prediction, horizon_days=730, discount_rate=0.12)
    assert (value < plain / 1.12 ** (30 / DAYS_PER_YEAR)).all()
    assert (value > plain / 1.12 ** (730 / DAYS_PER_YEAR)).all()


def test_one_month_is_discounted_by_one_month() -> None:
    prediction = predict_summary(simulate_summary(50, seed=2), horizon_days=30)
    value = discount_expected_spend(prediction, horizon_days=30, discount_rate=0.10)
    np.testing.assert_allclose(value, prediction.table["expected_spend"] / 1.1 ** (30 / DAYS_PER_YEAR), rtol=1e-9)


def test_nobody_has_no_value() -> None:
    nobody = predict_summary(simulate_summary(3, seed=2).iloc[:0], horizon_days=365)
    assert discount_expected_spend(nobody, horizon_days=365).empty


def test_a_margin_above_one_is_refused() -> None:
    prediction = predict_summary(simulate_summary(3, seed=2), horizon_days=365)
    with pytest.raises(CrmError, match="margin is a share between 0 and 1; got 1"):
        discount_expected_spend(prediction, horizon_days=365, margin_share=1.2)
    with pytest.raises(CrmError, match="horizon must be a number of days above 0"):
        discount_expected_spend(prediction, horizon_days=0)
    assert isinstance(discount_expected_spend(prediction, horizon_days=365), pd.Series)
