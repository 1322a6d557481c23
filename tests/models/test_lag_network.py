"""The network on lags: a shape learnt from many, seeded, and refusing what teaches it nothing."""

import numpy as np
import pytest

from crm_core.errors import CrmError
from crm_core.models.lag_network import LagNetwork
from tests.models.simulated_series import simulate_series


def rows_of(**kind: float) -> list[np.ndarray]:
    return list(simulate_series(20, months=36, seed=6, **kind).to_numpy())


def test_a_season_learnt_from_all_is_told_of_one() -> None:
    rows = rows_of(season=0.8)
    ahead = LagNetwork().fit(rows).predict_ahead(rows[0], months=12)
    assert np.corrcoef(ahead, np.sin(2 * np.pi * (np.arange(36, 48) + 3) / 12))[0, 1] > 0.9


def test_the_same_seed_gives_the_same_answer() -> None:
    rows = rows_of(growth=0.02)
    one, again, other = (LagNetwork(seed=seed).fit(rows).predict_ahead(rows[3], months=6) for seed in (7, 7, 8))
    assert one.tolist() == again.tolist()
    assert one.tolist() != other.tolist()


def test_a_year_without_spend_goes_on_so() -> None:
    network = LagNetwork().fit(rows_of())
    assert network.predict_ahead(np.zeros(20), months=3).tolist() == [0.0, 0.0, 0.0]


def test_too_few_months_and_no_fit_are_said() -> None:
    with pytest.raises(CrmError, match="needs 60 months with a year before them; got 1"):
        LagNetwork().fit([np.ones(13)])
    with pytest.raises(CrmError, match=r"call fit\(series\) first"):
        LagNetwork().predict_ahead(np.ones(12), months=1)
