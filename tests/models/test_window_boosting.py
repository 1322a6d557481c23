"""Gradient boosting on windows: it finds what splines can't, and leaves the level alone."""

import numpy as np
import pandas as pd
import pytest

from crm_core.errors import CrmError
from crm_core.models.window_boosting import WindowBoosting

ROWS = 4_000


def xor_facts(seed: int = 5) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Two facts of which only the combination tells: (facts, whether they differ in sign, window)."""
    random = np.random.default_rng(seed)
    facts = pd.DataFrame(random.normal(size=(ROWS, 2)), columns=["one", "other"])
    differ = (facts["one"] > 0).to_numpy() ^ (facts["other"] > 0).to_numpy()
    return facts, differ, np.repeat([0, 1], ROWS // 2)


def test_counts_of_a_combination_are_found_at_any_level() -> None:
    facts, differ, window = xor_facts()
    random = np.random.default_rng(1)
    mean = np.where(differ, 2.0, 0.5) * np.where(window == 0, 1.0, 3.0)
    offset = np.log(np.full(ROWS, 0.7))
    model = WindowBoosting("poisson").fit(facts, random.poisson(mean).astype(float), offset=offset, window=window)
    moved = model.relative(facts, offset=offset)
    assert moved[differ].mean() - moved[~differ].mean() == pytest.approx(np.log(4), abs=0.25)
    assert np.exp(moved).mean() == pytest.approx(1.0, abs=0.1)  # each window has a level of its own, none is learnt


def test_chances_of_a_combination_are_found_beyond_the_offset() -> None:
    facts, differ, window = xor_facts(6)
    random = np.random.default_rng(2)
    offset = random.normal(size=ROWS)
    chance = 1 / (1 + np.exp(-(offset + np.where(differ, 1.0, -1.0))))
    model = WindowBoosting("logistic").fit(facts, (random.random(ROWS) < chance) * 1.0, offset=offset, window=window)
    moved = model.relative(facts, offset=offset)
    # shrunken trees don't go all the way to 2, and don't overshoot
    assert 0.6 < moved[differ].mean() - moved[~differ].mean() < 2.2


def test_two_fits_are_equal_and_none_before_it() -> None:
    facts, differ, window = xor_facts(7)
    offset = np.zeros(ROWS)
    first, again = (
        WindowBoosting("logistic").fit(facts, differ * 1.0, offset=offset, window=window).relative(facts, offset=offset)
        for _ in range(2)
    )
    assert np.array_equal(first, again)
    with pytest.raises(CrmError, match="not fitted yet"):
        WindowBoosting("poisson").relative(facts, offset=offset)
