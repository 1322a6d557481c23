"""The next order: chances that grow with the span, and days that come as often as they say."""

import numpy as np
import pandas as pd
import pytest

from crm_core.errors import CrmError
from crm_core.features.purchase_days import PurchaseDays
from crm_core.models.next_order import days_until, next_orders
from crm_core.models.value import chance_within, predict_days
from tests.models.simulated_shop import simulate_shop, split

SPANS = (30, 90, 180)  # 90 days are the anchor


@pytest.fixture(scope="module")
def seen_and_later() -> tuple[PurchaseDays, pd.DataFrame]:
    seen, later, end = split(simulate_shop(2_500, seed=31), 500, max(SPANS))
    return PurchaseDays.from_transactions(seen, observation_end=end), later.assign(ahead=(later["date"] - end).dt.days)


def test_chances_grow_with_the_span_and_are_the_value_model_s(
    seen_and_later: tuple[PurchaseDays, pd.DataFrame],
) -> None:
    days, _ = seen_and_later
    table = next_orders(days, spans=SPANS)
    chances = table[[f"p_{span}" for span in SPANS]].to_numpy()
    assert (np.diff(chances, axis=1) >= 0).all()
    assert ((chances >= 0) & (chances <= 1)).all()
    told = predict_days(days, horizon_days=90).table["p_active"]
    pd.testing.assert_series_equal(table["p_90"], told, check_names=False)
    assert (chances[:, 1] > chances[:, 0]).all()  # nobody's chance of a next order ends on a day
    assert (table["next_low"] <= table["next_middle"]).all()
    assert (table["next_middle"] <= table["next_high"]).all()
    assert table["next_high"].between(1e-9, max(SPANS)).all()


def test_half_of_the_next_orders_come_by_the_middle_day(seen_and_later: tuple[PurchaseDays, pd.DataFrame]) -> None:
    days, later = seen_and_later
    table = next_orders(days, spans=SPANS)
    first = later.groupby("customer_id")["ahead"].min()
    came = table.join(first.rename("came"), how="inner")
    assert len(came) > 400
    assert (came["came"] <= came["next_middle"].round()).mean() == pytest.approx(0.5, abs=0.06)
    inside = came["came"].between(came["next_low"].round().clip(lower=1), came["next_high"].round())
    assert inside.mean() == pytest.approx(0.8, abs=0.06)


def test_the_share_of_a_chance_is_reached_within_its_span() -> None:
    chances = np.array([[0.2, 0.5, 0.5], [0.9, 0.95, 0.99], [0.0, 0.0, 0.3]])
    days = [days_until(chances, [30, 60, 90], share) for share in (0.1, 0.5, 0.9)]
    assert (np.diff(np.array(days), axis=0) >= 0).all()
    assert days[1][0] == pytest.approx(30 + 30 * np.log(0.8 / 0.75) / np.log(0.8 / 0.5))
    assert days[0][2] > 60  # nothing is likely before the last span begins
    assert days_until(np.zeros((1, 2)), [30, 60], 0.5)[0] >= 0


def test_nobody_and_few_customers_have_an_answer() -> None:
    nobody = pd.DataFrame({"customer_id": pd.Series(dtype=str), "date": pd.Series(dtype="datetime64[ns]")})
    none = next_orders(PurchaseDays.from_transactions(nobody, observation_end="2026-01-01"))
    assert none.empty
    assert "next_middle" in none
    rows = pd.DataFrame(
        {"customer_id": list("aab"), "date": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-02-01"])}
    )
    few = next_orders(PurchaseDays.from_transactions(rows, observation_end="2026-02-01"))
    assert np.isfinite(few.to_numpy()).all()
    one = chance_within(PurchaseDays.from_transactions(rows, observation_end="2026-02-01"), horizon_days=30)
    assert one.index.tolist() == ["a", "b"]


def test_a_span_below_one_day_is_refused() -> None:
    rows = pd.DataFrame({"customer_id": ["a"], "date": pd.to_datetime(["2026-01-01"])})
    days = PurchaseDays.from_transactions(rows, observation_end="2026-01-02")
    with pytest.raises(CrmError, match="at least one span of 1 day"):
        next_orders(days, spans=())
    with pytest.raises(CrmError, match="at least one span of 1 day"):
        next_orders(days, spans=(0, 30))
