"""The blend: as good as the true model where that is known, and cautious where nothing could be tested."""

import numpy as np
import pandas as pd
import pytest

from crm_core.features.purchase_days import PurchaseDays
from crm_core.features.purchase_summary import purchase_summary
from crm_core.models.value import VALUE_COLUMNS, predict_summary, predict_value
from crm_core.models.value_blend import ValueBlend
from tests.models.simulated_shop import simulate_shop, split

HORIZON, LAST = 120, 600


def actual(predicted: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    days = later.groupby(["customer_id", "date"])["amount"].sum().groupby("customer_id").agg(["size", "sum"])
    return days.reindex(predicted.index, fill_value=0.0)


@pytest.fixture(scope="module")
def shop() -> pd.DataFrame:
    return simulate_shop(3_000, seed=11)


def test_where_bg_nbd_is_true_the_blend_is_as_good(shop: pd.DataFrame) -> None:
    seen, later, end = split(shop, LAST, HORIZON)
    ours = predict_value(seen, horizon_days=HORIZON, observation_end=end)
    simple = predict_summary(purchase_summary(seen, observation_end=end), horizon_days=HORIZON).table
    happened = actual(ours, later)
    bought = happened["size"] > 0
    error, of_simple = ((table["p_active"] - bought).pow(2).mean() for table in (ours, simple))
    assert error < 1.03 * of_simple
    assert ours["expected_purchases"].sum() == pytest.approx(happened["size"].sum(), rel=0.12)
    assert ours.attrs["model"].startswith("blend")


def test_who_buys_at_all_buys_once_or_more_and_points_enclose(shop: pd.DataFrame) -> None:
    seen, _, end = split(shop, LAST, HORIZON)
    table = predict_value(seen, horizon_days=HORIZON, observation_end=end)
    assert list(table.columns) == VALUE_COLUMNS
    assert np.isfinite(table.to_numpy()).all()
    assert (table["p_active"] <= table["expected_purchases"] + 1e-12).all()
    for name in ("expected_purchases", "expected_spend", "p_active"):
        assert (table[f"{name}_low"] <= table[f"{name}_high"]).all()
    assert table["p_active"].between(table["p_active_low"], table["p_active_high"]).all()


@pytest.mark.slow
def test_nine_of_ten_spends_lie_below_the_high_point(shop: pd.DataFrame) -> None:
    shares = []
    for last in (480, 540, 600):
        seen, later, end = split(shop, last, HORIZON)
        table = predict_value(seen, horizon_days=HORIZON, observation_end=end)
        shares.append((actual(table, later)["sum"] <= table["expected_spend_high"]).mean())
    assert np.mean(shares) == pytest.approx(0.9, abs=0.03)
    assert min(shares) > 0.84


def test_a_season_of_a_year_ago_lifts_or_lowers_the_total() -> None:
    def season(day: float) -> float:
        return 1.0 if day % 365 > 305 else 0.45  # the last two months of a year

    shop = simulate_shop(3_000, seed=12, days=730, season=season)
    seen, later, end = split(shop, 365 + 305, 60)
    days = PurchaseDays.from_transactions(seen, observation_end=end)
    assert ValueBlend(days, horizon_days=60).season[0] > 0.3
    told = predict_value(seen, horizon_days=60, observation_end=end)
    simple = predict_summary(purchase_summary(seen, observation_end=end), horizon_days=60).table
    happened = actual(told, later)["size"].sum()
    assert abs(told["expected_purchases"].sum() / happened - 1) < 0.2
    assert simple["expected_purchases"].sum() / happened < 0.75
    assert any("season of a year ago" in note for note in told.attrs["notes"])


def test_beyond_what_could_be_tested_the_total_is_no_higher_than_the_own_rate(shop: pd.DataFrame) -> None:
    seen, _, end = split(shop, 300, 1)
    blend = ValueBlend(PurchaseDays.from_transactions(seen, observation_end=end), horizon_days=365)
    assert blend.window_days < 365
    own = (seen.groupby("customer_id")["date"].nunique() - 1).sum() * 365 / (blend.days.last_day + 1)
    assert blend.outlook(blend.days.last_day).purchases.sum() <= own * 1.001
    table = predict_value(seen, horizon_days=365, observation_end=end)
    assert any("could be tested" in note for note in table.attrs["notes"])


def test_shuffled_rows_give_the_same_answer(shop: pd.DataFrame) -> None:
    seen, _, end = split(shop, LAST, HORIZON)
    first = predict_value(seen, horizon_days=HORIZON, observation_end=end)
    again = predict_value(seen.sample(frac=1, random_state=3), horizon_days=HORIZON, observation_end=end)
    pd.testing.assert_frame_equal(first, again, rtol=1e-9)


def test_the_currency_s_unit_makes_no_difference(shop: pd.DataFrame) -> None:
    seen, _, end = split(shop, LAST, HORIZON)
    cents = seen.assign(amount=seen["amount"] * 100)
    spend = [name for name in VALUE_COLUMNS if "spend" in name]
    told = predict_value(seen, horizon_days=HORIZON, observation_end=end)
    in_cents = predict_value(cents, horizon_days=HORIZON, observation_end=end)
    pd.testing.assert_frame_equal(told[spend] * 100, in_cents[spend], rtol=1e-3)


def test_a_short_past_leaves_the_answer_to_the_simple_model() -> None:
    seen, _, end = split(simulate_shop(300, seed=13), 60, 1)
    told = predict_value(seen, horizon_days=30, observation_end=end)
    assert told.attrs["model"] == "BG/NBD and Gamma-Gamma"
    assert any("too little past" in note for note in told.attrs["notes"])
