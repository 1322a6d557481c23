"""The forest with ranges: by hand, from simulated customers, its properties, and scikit-learn's contract."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import RandomForestRegressor
from sklearn.utils.estimator_checks import parametrize_with_checks

from crm_core.models.newcomers import RangeForest, weighted_quantiles

BOUNDS = (0.0, 100.0)


def simulate(customers: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Loyalty grows with orders, by less and less; conversation and service do not matter. NaN where nobody asked."""
    random = np.random.default_rng(seed)
    orders = random.integers(1, 8, customers).astype(float)
    minutes = random.exponential(20, customers)
    answer = np.where(random.random(customers) < 0.7, np.nan, random.exponential(120, customers))
    loyalty = true_loyalty(orders) + random.normal(0, 8, customers)
    return np.column_stack([orders, minutes, answer]), loyalty.clip(*BOUNDS)


def true_loyalty(orders: np.ndarray) -> np.ndarray:
    return 100 * orders / (orders + 3)


@parametrize_with_checks([RangeForest(trees=20)])  # type: ignore[untyped-decorator]
def test_the_contract_of_scikit_learn(estimator: RangeForest, check: Callable[[Any], None]) -> None:
    check(estimator)


def test_two_kinds_of_customers_by_hand() -> None:
    """Each kind's own mean, and its own errors: 40 +- 10 for one order, exactly 90 for two."""
    X = np.repeat([[1.0], [2.0]], 100, axis=0)
    y = np.concatenate([np.tile([30.0, 50.0], 50), np.full(100, 90.0)])
    model = RangeForest(bounds=BOUNDS).fit(X, y)
    one, two = model.predict_range([[1.0], [2.0]]).to_numpy()
    assert one == pytest.approx([40.0, 30.0, 50.0], abs=1.5)
    assert two == pytest.approx([90.0, 90.0, 90.0])
    # by hand: half of them are off by 10, half by nothing; from the mean 65 they are off by 35, 15 and 25
    assert model.error_ == pytest.approx(5.0, abs=0.2)
    assert model.baseline_error_ == pytest.approx((35 + 15 + 2 * 25) / 4 * 200 / 199)
    assert model.mean_ == 65.0


def test_the_prediction_is_the_published_forest() -> None:
    """The mean is scikit-learn's own; only the ranges are ours."""
    X, y = simulate(400, seed=11)
    order = np.lexsort((y, *X.T))
    peer = RandomForestRegressor(200, min_samples_leaf=10, random_state=7).fit(X[order], y[order])
    assert RangeForest().fit(X, y).predict(X[:50]) == pytest.approx(peer.predict(X[:50]))
    scored = RandomForestRegressor(200, min_samples_leaf=10, random_state=7, oob_score=True).fit(X[order], y[order])
    error = np.abs(scored.oob_prediction_ - y[order]).mean()
    assert RangeForest().fit(X, y).error_ == pytest.approx(error)


def test_simulated_loyalty_is_recovered_in_order_and_in_size() -> None:
    model = RangeForest(bounds=BOUNDS).fit(*simulate(800, seed=3))
    X, _ = simulate(2_000, seed=4)
    predicted = model.predict(X)
    orders = np.arange(1.0, 8.0)
    by_orders = np.array([predicted[X[:, 0] == number].mean() for number in orders])
    assert (np.diff(by_orders) > 0).all()
    assert by_orders == pytest.approx(true_loyalty(orders), abs=2)
    assert model.beats_mean_
    assert model.error_ == pytest.approx(8 * np.sqrt(2 / np.pi), rel=0.1)  # the mean absolute value of the noise


def test_ranges_hold_eight_of_ten_new_customers() -> None:
    model = RangeForest(bounds=BOUNDS).fit(*simulate(800, seed=5))
    X, y = simulate(1_000, seed=6)
    found = model.predict_range(X)
    inside = ((found["low"] <= y) & (y <= found["high"])).mean()
    assert inside == pytest.approx(0.8, abs=0.04)
    assert model.coverage_ == pytest.approx(0.8, abs=0.04)


def test_facts_that_say_nothing_do_not_beat_the_mean() -> None:
    beaten = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        beaten += RangeForest(trees=30).fit(random.random((60, 3)), random.random(60)).beats_mean_
    assert beaten <= 2


def test_low_is_below_value_and_value_below_high_within_the_bounds() -> None:
    random = np.random.default_rng(7)
    X = random.random((200, 1))
    y = np.where(random.random(200) < X[:, 0], 100.0, 0.0)  # all or nothing: others' errors lead far out
    found = RangeForest(bounds=BOUNDS).fit(X, y).predict_range(np.vstack([X, X + 50, X - 50]))
    assert (found["low"] <= found["value"]).all()
    assert (found["value"] <= found["high"]).all()
    assert (found["low"].min(), found["high"].max()) == BOUNDS
    assert RangeForest().fit(X, y).predict_range(X)["high"].max() > 100


def test_shuffled_customers_give_the_same_answer() -> None:
    X, y = simulate(150, seed=8)
    mixed = np.random.default_rng(9).permutation(len(y))
    one, other = RangeForest().fit(X, y), RangeForest().fit(X[mixed], y[mixed])
    assert (one.predict_range(X).to_numpy() == other.predict_range(X).to_numpy()).all()
    assert (one.error_, one.coverage_) == (other.error_, other.coverage_)


def test_having_asked_nobody_is_a_branch_of_its_own() -> None:
    answer = np.concatenate([np.full(60, np.nan), np.full(60, 30.0)])[:, None]
    model = RangeForest().fit(answer, np.repeat([20.0, 70.0], 60))
    assert model.predict([[np.nan], [30.0]]) == pytest.approx([20.0, 70.0])


def test_everybody_the_same_is_no_better_than_the_mean() -> None:
    model = RangeForest(bounds=BOUNDS).fit(np.ones((40, 2)), np.full(40, 55.0))
    assert not model.beats_mean_
    assert model.predict_range([[1.0, 1.0]]).to_numpy().tolist() == [[55.0, 55.0, 55.0]]


@pytest.mark.parametrize(
    ("point", "expected"), [(0.1, 1.0), (0.25, 1.0), (0.26, 2.0), (0.75, 2.0), (0.76, 4.0), (1.0, 4.0)]
)
def test_weighted_quantiles_by_hand(point: float, expected: float) -> None:
    assert weighted_quantiles(np.array([4.0, 1.0, 2.0]), np.array([1, 1, 2]), [point]) == [expected]
