"""The exact tail and the correction for many tests: published values, scipy's as a second opinion, extremes."""

import numpy as np
import pytest
from scipy.stats import false_discovery_control, hypergeom

from crm_core.models.significance import chance_of_overlap, false_discovery_rates


def test_the_lady_who_tasted_tea() -> None:
    """Fisher (1935): all four cups right by chance is 1 of 70."""
    assert chance_of_overlap([4], [4], [4], 8)[0] == pytest.approx(1 / 70, rel=1e-12)


def test_every_small_table_has_its_exact_chance() -> None:
    total = 14
    asked = np.array(
        [(k, a, b) for a in range(total + 1) for b in range(total + 1) for k in range(min(a, b) + 1)], dtype=float
    )
    k, a, b = asked.T
    assert chance_of_overlap(k, a, b, total) == pytest.approx(hypergeom.sf(k - 1, total, a, b), abs=1e-12)


def test_large_and_unlikely_counts_keep_their_digits() -> None:
    total, first, second = 1_000_000, 60_000, 45_000
    both = np.array([2_000, 2_650, 2_700, 2_750, 3_500, 20_000])
    expected = hypergeom.sf(both - 1, total, first, second)
    found = chance_of_overlap(both, np.full(6, first), np.full(6, second), total)
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-300)
    assert 0 < found[4] < 1e-50


def test_impossible_counts_and_full_groups() -> None:
    assert chance_of_overlap([5, 8, 3], [4, 8, 3], [4, 8, 8], 8).tolist() == [0.0, 1.0, 1.0]


def test_the_published_fifteen_hypotheses_keep_four() -> None:
    """Benjamini & Hochberg (1995), section 4.1."""
    most = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    chances = np.array([*most, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0])
    rates = false_discovery_rates(chances)
    assert (rates <= 0.05).sum() == 4
    assert rates == pytest.approx(false_discovery_control(chances), rel=1e-12)
    mixed = np.random.default_rng(1).permutation(15)
    assert false_discovery_rates(chances[mixed]) == pytest.approx(rates[mixed], rel=1e-12)


def test_tests_that_are_not_listed_count_as_not_surprising() -> None:
    chances = np.array([0.001, 0.2, 0.004])
    with_the_rest = false_discovery_rates(np.r_[chances, np.ones(97)])[:3]
    assert false_discovery_rates(chances, tests=100) == pytest.approx(with_the_rest)
    assert false_discovery_rates(np.array([])).tolist() == []
