"""Money at stake: its value, its range, and adding several."""

import numpy as np
import pytest

from crm_core.decisions.stakes import STAKE_DAYS, add_stakes, rhythm_stake, second_order_stake


def test_the_value_is_the_customers_own_rate_times_their_mean_order() -> None:
    stake = rhythm_stake(np.array([1000.0, 3000.0]), usual_gap_days=30, gaps=5, seed=1)
    assert stake.value_minor == pytest.approx(2000 * STAKE_DAYS / 30)
    assert stake.draws_minor.mean() == pytest.approx(stake.value_minor, rel=0.06)
    assert stake.low_minor <= stake.value_minor <= stake.high_minor


def test_more_gaps_make_the_range_narrower() -> None:
    few, many = (rhythm_stake(np.array([1000.0]), usual_gap_days=10, gaps=g, seed=1) for g in (1, 100))
    assert few.high_minor - few.low_minor > 1.5 * (many.high_minor - many.low_minor)


def test_ranges_of_several_customers_do_not_add() -> None:
    stakes = [rhythm_stake(np.array([1000.0]), usual_gap_days=30, gaps=3, seed=s) for s in range(20)]
    together = add_stakes(stakes)
    assert together.value_minor == pytest.approx(sum(s.value_minor for s in stakes))
    assert together.high_minor < sum(s.high_minor for s in stakes)
    assert together.low_minor > sum(s.low_minor for s in stakes)


def test_the_same_seed_gives_the_same_range() -> None:
    one, other = (second_order_stake(np.array([5.0, 9.0, 40.0]), seed=3) for _ in range(2))
    np.testing.assert_array_equal(one.draws_minor, other.draws_minor)
    assert one.value_minor == 18.0
