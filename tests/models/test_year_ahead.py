"""The chance of an order within a year, which tells the lost from the late."""

import pandas as pd
import pytest

from crm_core.models.bg_nbd import BetaGeoNBD
from crm_core.models.year_ahead import chance_within_a_year


def base_of(customers: int) -> pd.DataFrame:
    """Half bought once, half every ten days until lately."""
    once = {"purchase_days": 1, "first_to_last_days": 0, "tenure_days": 400}
    often = {"purchase_days": 40, "first_to_last_days": 390, "tenure_days": 400}
    return pd.DataFrame([once, often] * (customers // 2))


def test_it_is_the_chance_of_bg_nbd() -> None:
    base = base_of(80)
    summary = base.assign(repeat_days=base["purchase_days"] - 1)
    wanted = BetaGeoNBD().fit(summary).p_active(summary, days=365.25)
    pd.testing.assert_series_equal(chance_within_a_year(base), wanted, check_names=False)
    assert chance_within_a_year(base).iloc[1] > 0.9 > 0.5 > chance_within_a_year(base).iloc[0]


def test_rows_may_come_in_any_order() -> None:
    base = base_of(80)
    shuffled = chance_within_a_year(base.sample(frac=1, random_state=4))
    assert shuffled.sort_index().to_numpy() == pytest.approx(chance_within_a_year(base).to_numpy(), rel=1e-9)


def test_nothing_is_said_of_a_shop_where_too_few_came_back() -> None:
    assert chance_within_a_year(base_of(48)).isna().all()  # 24 of them
    assert chance_within_a_year(base_of(50)).notna().all()
    assert chance_within_a_year(
        base_of(0).reindex(columns=["purchase_days", "first_to_last_days", "tenure_days"])
    ).empty
