"""Purchases, spend and ranges per customer, and what stands in where data are few."""

import numpy as np
import pandas as pd
import pytest

from crm_core.errors import CrmError
from crm_core.models.bg_nbd import BetaGeoNBD
from crm_core.models.gamma_gamma import GammaGamma
from crm_core.models.outcomes import outcome_points
from crm_core.models.value import VALUE_COLUMNS, predict_summary, predict_value
from tests.models.simulated import RATES, SPEND, simulate_summary


def orders(*rows: tuple[str, str, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["customer_id", "date", "amount"])
    return table.assign(date=pd.to_datetime(table["date"]))


def some_shop(*, seed: int = 1, customers: int = 120) -> pd.DataFrame:
    """Orders of customers with their own rate and spend, over a year."""
    random = np.random.default_rng(seed)
    rows = [
        (f"c{number}", pd.Timestamp("2025-01-01") + pd.Timedelta(days=int(day)), round(float(amount), 2))
        for number in range(customers)
        for day, amount in zip(
            np.cumsum(random.exponential(random.gamma(2, 40) + 1, 8)),
            random.gamma(4, random.gamma(4, 4), 8),
            strict=True,
        )
        if day < 365
    ]
    return orders(*rows)


def test_the_table_has_the_promised_columns_and_one_row_per_customer() -> None:
    predicted = predict_value(some_shop(), horizon_days=90)
    assert list(predicted.columns) == VALUE_COLUMNS
    assert predicted.index.name == "customer_id"
    assert predicted.index.is_unique
    assert np.isfinite(predicted.to_numpy()).all()


def test_where_data_suffice_nothing_is_assumed() -> None:
    assert predict_summary(simulate_summary(2_000, seed=2), horizon_days=90).notes == ()


def test_spend_is_purchases_times_spend_per_purchase() -> None:
    prediction = predict_summary(simulate_summary(500, seed=2), horizon_days=180)
    product = prediction.table["expected_purchases"] * prediction.spend_per_purchase
    pd.testing.assert_series_equal(prediction.table["expected_spend"], product, check_names=False)
    assert prediction.purchase_path([180.0])[180.0].tolist() == prediction.table["expected_purchases"].tolist()


def test_ranges_hold_eight_of_ten_outcomes() -> None:
    """Customers simulated on from a known state land below the high point nine times of ten, the low one once."""
    random = np.random.default_rng(8)
    rates, spend = BetaGeoNBD.from_parameters(RATES), GammaGamma.from_parameters(**SPEND)
    x, T, t_x, m, days, people = 6.0, 300.0, 290.0, 40.0, 365.0, 20_000
    summary = pd.DataFrame(
        {"repeat_days": [x], "first_to_last_days": [t_x], "tenure_days": [T], "mean_repeat_spend": [m]}
    )
    point = outcome_points(summary, rates=rates, spend=spend, days=days, seed=7).iloc[0]
    active = random.random(people) < rates.p_alive(summary).iloc[0]
    rate = random.gamma(RATES["r"] + x, 1 / (RATES["alpha"] + T), people)
    dropout = random.beta(RATES["a"], RATES["b"] + x, people)
    count, now = np.zeros(people), np.zeros(people)
    while active.any():
        now = now + random.exponential(1 / rate)
        active &= now < days
        count[active] += 1
        active &= random.random(people) > dropout
    spend_rate = random.gamma(SPEND["p"] * x + SPEND["q"], 1 / (SPEND["gamma"] + x * m), people)
    total = np.where(count > 0, random.gamma(SPEND["p"] * np.maximum(count, 1)) / spend_rate, 0.0)
    assert (total <= point["expected_spend_high"]).mean() == pytest.approx(0.9, abs=0.02)
    assert (total <= point["expected_spend_low"]).mean() == pytest.approx(max(0.1, (count == 0).mean()), abs=0.02)
    high, low = point["expected_purchases_high"], point["expected_purchases_low"]
    assert (count <= high).mean() >= 0.885 > (count <= high - 2).mean()
    assert (count < low).mean() <= 0.115


def test_the_total_strays_less_than_its_parts() -> None:
    prediction = predict_summary(simulate_summary(2_000, seed=3), horizon_days=365)
    low, high = prediction.total_spend_range
    total = prediction.table["expected_spend"].sum()
    assert low < total < high
    assert prediction.table["expected_spend_low"].sum() < low
    assert high < prediction.table["expected_spend_high"].sum()


def test_one_customer_s_total_range_is_about_their_own() -> None:
    prediction = predict_summary(simulate_summary(300, seed=3).query("repeat_days > 20").head(1), horizon_days=365)
    own = prediction.table.iloc[0]
    assert prediction.total_spend_range[1] == pytest.approx(own["expected_spend_high"], rel=0.25)


@pytest.mark.parametrize("name", ["expected_purchases", "expected_spend", "p_active"])
def test_low_is_below_high(name: str) -> None:
    table = predict_summary(simulate_summary(2_000, seed=3), horizon_days=365).table
    assert (table[f"{name}_low"] >= 0).all()
    assert (table[f"{name}_low"] <= table[f"{name}_high"]).all()
    assert (table[f"{name}_low"] < table[f"{name}_high"]).any()


def test_a_longer_horizon_brings_more() -> None:
    summary = simulate_summary(400, seed=5)
    short, long = (predict_summary(summary, horizon_days=days).table for days in (30, 365))
    assert (long["expected_purchases"] > short["expected_purchases"]).all()
    assert (long["p_active"] >= short["p_active"]).all()


def test_the_order_of_rows_makes_no_difference() -> None:
    rows = some_shop()
    shuffled = predict_value(rows.sample(frac=1, random_state=2), horizon_days=90)
    pd.testing.assert_frame_equal(predict_value(rows, horizon_days=90), shuffled, rtol=1e-9)


FEW = {
    "nobody": (orders(), "Nobody has bought yet"),
    "one customer today": (orders(("a", "2026-01-01", 5.0)), "Nobody has bought on a second day yet"),
    "two customers": (orders(("a", "2026-01-01", 5.0), ("b", "2026-02-01", 9.0)), "Nobody has bought on a second day"),
    "three customers": (
        orders(("a", "2026-01-01", 5.0), ("a", "2026-01-09", 6.0), ("b", "2026-02-01", 9.0), ("c", "2026-02-03", 2.0)),
        "Only 1 customer has bought on a second day",
    ),
    "everyone bought once": (
        orders(*[(f"c{n}", f"2026-01-{n % 28 + 1:02d}", 5.0 + n) for n in range(60)]),
        "Nobody has bought on a second day yet",
    ),
    "no amounts": (some_shop().drop(columns="amount"), "No amounts are known"),
    "all amounts zero": (some_shop().assign(amount=0.0), "only 0 of the 3 repeat buyers"),
    "all amounts equal": (
        some_shop().drop_duplicates(["customer_id", "date"]).assign(amount=20.0),
        "all amounts are equal",
    ),
    "refunds outweigh": (
        orders(
            ("a", "2026-01-01", 5.0), ("a", "2026-01-09", 6.0), ("a", "2026-01-20", -50.0), ("b", "2026-01-20", 5.0)
        ),
        "Only 1 customer has bought",
    ),
}


@pytest.mark.parametrize("name", FEW)
def test_few_data_give_finite_answers_and_say_what_was_assumed(name: str) -> None:
    rows, sentence = FEW[name]
    predicted = predict_value(rows, horizon_days=365)
    assert len(predicted) == rows["customer_id"].nunique()
    assert np.isfinite(predicted.to_numpy()).all()
    assert (predicted.to_numpy() >= 0).all()
    assert any(sentence in note for note in predicted.attrs["notes"])


def test_what_happens_after_the_last_day_seen_is_unknown() -> None:
    rows = some_shop()
    early = rows[rows["date"] <= "2025-06-30"]
    pd.testing.assert_frame_equal(
        predict_value(rows, horizon_days=90, observation_end="2025-06-30"),
        predict_value(early, horizon_days=90, observation_end="2025-06-30"),
    )


@pytest.mark.parametrize("days", [0, -5, float("nan")])
def test_an_impossible_horizon_is_refused(days: float) -> None:
    with pytest.raises(CrmError, match="horizon must be a number of days above 0"):
        predict_value(some_shop(), horizon_days=days)


@pytest.mark.parametrize("seed", range(12))
def test_any_shop_gets_a_finite_answer_for_any_horizon(seed: int) -> None:
    random = np.random.default_rng(seed)
    span, odd = int(random.choice([5, 40, 130, 400, 900])), seed % 3 == 0
    told = [
        (f"c{customer}", pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(day)), amount)
        for customer in range(int(random.integers(1, 150)))
        for day in random.integers(0, span, int(random.choice([1, 1, 1, 2, 3, 8, 60])))
        for amount in [float(random.choice([0, 5, 9.99, 1e6, -3, np.nan]) if odd else random.lognormal(3, 1))]
    ]
    rows = orders(*told)
    for days in (1, 30, 365, 3000):
        table = predict_value(rows, horizon_days=days)
        assert np.isfinite(table.to_numpy()).all()
        assert (table.to_numpy() >= 0).all()
        assert (table["p_active"] <= 1).all()
        for name in ("expected_purchases", "expected_spend", "p_active"):
            assert (table[f"{name}_low"] <= table[f"{name}_high"]).all()
