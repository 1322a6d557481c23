"""MBG/NBD: published values, and what tells it from BG/NBD."""

import numpy as np
import pandas as pd
import pytest

from crm_core.models.bg_nbd import BetaGeoNBD
from crm_core.models.gamma_gamma import GammaGamma
from crm_core.models.mbg_nbd import ModifiedBetaGeoNBD
from crm_core.models.outcomes import outcome_points
from tests.models.simulated import RATES, SPEND, customers, simulate_ahead

PUBLISHED = {"r": 0.5248, "alpha": 6.1831, "a": 0.8914, "b": 1.614}  # Batislam, Denizel & Filiztekin (2007); weeks


def test_published_parameters_of_cdnow(cdnow: pd.DataFrame) -> None:
    model = ModifiedBetaGeoNBD().fit(cdnow)
    assert model.parameters == pytest.approx(PUBLISHED, abs=0.0005)
    assert (model.customers_, model.repeat_buyers_, model.regularised_) == (2357, 946, False)


def test_at_first_the_share_that_stays_is_the_mean_of_the_dropout() -> None:
    model = ModifiedBetaGeoNBD.from_parameters(RATES)
    assert float(model.p_alive(customers((0, 0, 0))).iloc[0]) == pytest.approx(2.5 / 3.2)


def test_silence_after_the_first_purchase_tells_of_leaving() -> None:
    once = customers(*[(0, 0, T) for T in (0, 10, 100, 1_000, 100_000)])
    alive = ModifiedBetaGeoNBD.from_parameters(RATES).p_alive(once)
    assert alive.is_monotonic_decreasing
    assert alive.iloc[-1] < 0.1
    assert (BetaGeoNBD.from_parameters(RATES).p_alive(once) == 1).all()


def test_ranges_know_of_the_further_chance_to_leave() -> None:
    """The high point of purchases drawn for one-time buyers is the one of those simulated one by one."""
    model, spend = ModifiedBetaGeoNBD.from_parameters({**RATES, "r": 4.0}), GammaGamma.from_parameters(**SPEND)
    lived = simulate_ahead(model, 400_000, seed=8, ahead=1_000, tenures=(29, 31))
    once = lived[lived["repeat_days"] == 0]
    asked = customers((0, 0, 30)).assign(mean_repeat_spend=np.nan, purchase_days=1.0, total_spend=20.0)
    points = outcome_points(asked, rates=model, spend=spend, days=1_000, seed=5)
    high = float(points["expected_purchases_high"].iloc[0])
    assert high == pytest.approx(float(once["purchases_ahead"].quantile(0.9)), abs=1)
