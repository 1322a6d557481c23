"""The gap statistic: crowds without groups are told from groups."""

import numpy as np
import pandas as pd
import pytest

from crm_core.features.scaled_facts import scale_facts
from crm_core.models.gap_statistic import beats_even_crowd, gap_statistic, groups_by_gap
from tests.models.simulated_groups import simulate_groups

NUMBERS = range(2, 7)


def test_a_crowd_that_is_spread_evenly_has_one_group() -> None:
    """Tibshirani et al. (2001), scenario a: 200 points uniform over the unit square in ten dimensions."""
    found = gap_statistic(np.random.default_rng(4).uniform(size=(200, 10)), NUMBERS, seed=7)
    assert groups_by_gap(found) == 1
    assert not any(beats_even_crowd(found, k) for k in NUMBERS)


@pytest.mark.parametrize("dimensions", [2, 6])
def test_a_crowd_around_one_middle_has_no_real_groups(dimensions: int) -> None:
    found = gap_statistic(np.random.default_rng(4).normal(size=(400, dimensions)), NUMBERS, seed=7)
    assert groups_by_gap(found) == 1
    assert not any(beats_even_crowd(found, k) for k in NUMBERS)


def test_three_groups_are_three() -> None:
    table, _ = simulate_groups()
    found = gap_statistic(scale_facts(table, columns=list(table)).values.to_numpy(), NUMBERS, seed=7)
    assert beats_even_crowd(found, 3)
    assert found.loc[3, "gap"] - found.loc[2, "gap"] > 1
    assert found.index.tolist() == [1, *NUMBERS]
    assert (found["spread"] > 0).all()


def test_the_gap_knows_no_scale() -> None:
    points = np.random.default_rng(2).normal(size=(60, 2))
    pd.testing.assert_frame_equal(
        gap_statistic(points, [2, 3], seed=7), gap_statistic(points * 1_000, [2, 3], seed=7), rtol=1e-6
    )


def test_points_that_are_all_on_few_places_break_nothing() -> None:
    found = gap_statistic(np.array([[0.0], [1.0], [5.0]] * 9), [2, 3], seed=7)
    assert np.isfinite(found.to_numpy()).all()
    assert beats_even_crowd(found, 3)
