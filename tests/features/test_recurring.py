"""Whether orders recur at fixed intervals: shops that do, shops that don't, and payments as people make them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crm_core.features import recurring
from crm_core.features.recurring import PERIODS, chains_of_payments, find_recurrence, own_period
from tests.simulated_contracts import simulate_payments

MONTHLY = next(period for period in PERIODS if period.each == "monthly")


def days_of(**customers: list[str]) -> pd.DataFrame:
    rows = [(name, pd.Timestamp(day)) for name, days in customers.items() for day in days]
    return pd.DataFrame(rows, columns=["customer_id", "ordered_on"])


def waits(people: int, *, mean: float, shape: float, seed: int) -> pd.DataFrame:
    """Customers who order after gamma waits: from chance (shape 1) to a rather steady habit (shape 8)."""
    random = np.random.default_rng(seed)
    gaps = np.maximum(random.gamma(shape, mean / shape, (people, 250)), 1.0)
    day = np.floor(random.uniform(0, 700, (people, 1)) + np.cumsum(gaps, axis=1))
    rows = pd.DataFrame({"customer_id": np.repeat(np.arange(people), 250), "day": day.ravel()})
    rows = rows[rows["day"] < 730].drop_duplicates()
    return rows.assign(ordered_on=pd.Timestamp("2024-01-01") + pd.to_timedelta(rows["day"], unit="D"))


SHOPS: dict[str, tuple[dict[str, Any], str]] = {
    "monthly": ({}, "monthly"),
    "one in ten late, one in ten skipped": ({"late": 0.1, "skipped": 0.1}, "monthly"),
    "other orders beside": ({"extras": 0.3}, "monthly"),
    "60 % subscribers, 40 % one-off orders": ({"one_off": 80}, "monthly"),
    "weekly": ({"days": 7, "longest": 60}, "weekly"),
    "every two weeks": ({"days": 14}, "every two weeks"),
    "every four weeks": ({"days": 28}, "every four weeks"),
    "every 42 days": ({"days": 42}, "every 42 days"),
    "quarterly": ({"months": 3, "longest": 12}, "quarterly"),
    "yearly": ({"months": 12, "longest": 6}, "yearly"),
}


@pytest.mark.parametrize("name", SHOPS)
def test_contracts_are_found_with_their_period(name: str) -> None:
    asked, each = SHOPS[name]
    found = find_recurrence(simulate_payments(120, seed=5, **asked))
    assert found.recurs
    assert found.period is not None
    assert found.period.each == each
    assert found.share > 0.6


@pytest.mark.parametrize("mean", [4, 7, 14, 30, 45, 90, 182])
@pytest.mark.parametrize("shape", [1, 2, 4, 8])
def test_habits_are_no_contracts(mean: float, shape: float) -> None:
    found = find_recurrence(waits(300, mean=mean, shape=shape, seed=int(mean * shape)))
    assert not found.recurs
    assert found.share < 0.2


def test_a_real_shop_is_none_of_contracts(shared_data: Callable[[str], Path]) -> None:
    rows = pd.read_csv(shared_data("online_retail_2y.csv.gz"), usecols=["customer_id", "date", "quantity"])
    rows = rows[rows["customer_id"].notna() & (rows["quantity"] > 0)]
    days = rows.assign(ordered_on=pd.to_datetime(rows["date"]).dt.normalize())
    found = find_recurrence(days[["customer_id", "ordered_on"]].drop_duplicates())
    assert found.repeaters > 3_000
    assert found.share < 0.03
    assert not found.recurs


def test_the_ends_of_months_are_a_month_apart() -> None:
    days = days_of(a=["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"])
    table = chains_of_payments(days, MONTHLY).table
    assert table.loc["a", ["payments", "on_time", "skipped", "keeps"]].tolist() == [4, 3, 0, True]
    assert MONTHLY.due_after(pd.Series(pd.to_datetime(["2026-01-31"]))).tolist() == [pd.Timestamp("2026-02-28")]


def test_late_skipped_and_other_orders_leave_the_chain_whole() -> None:
    days = days_of(
        late=["2026-01-01", "2026-02-01", "2026-03-09", "2026-04-08", "2026-05-08"],
        skips=["2026-01-01", "2026-02-01", "2026-04-01", "2026-05-01", "2026-06-01"],
        extra=["2026-01-01", "2026-01-17", "2026-02-01", "2026-03-01", "2026-04-01"],
        random=["2026-01-01", "2026-01-10", "2026-03-01", "2026-03-20", "2026-07-01"],
    )
    table = chains_of_payments(days, MONTHLY).table
    assert table["payments"].to_dict() == {"late": 5, "skips": 5, "extra": 4, "random": 2}
    assert table.loc[table["keeps"], "skipped"].to_dict() == {"late": 0, "skips": 1, "extra": 0}
    assert table["keeps"].to_dict() == {"late": True, "skips": True, "extra": True, "random": False}


def test_neither_the_order_of_rows_nor_a_shift_in_time_makes_a_difference() -> None:
    days = simulate_payments(60, seed=8, extras=0.2, one_off=20)
    table = chains_of_payments(days, MONTHLY).table
    pd.testing.assert_frame_equal(chains_of_payments(days.sample(frac=1, random_state=1), MONTHLY).table, table)
    shifted = days.assign(ordered_on=days["ordered_on"] + pd.Timedelta(days=1000))
    pd.testing.assert_frame_equal(chains_of_payments(shifted, MONTHLY).table, table)


def test_small_shops_have_an_answer() -> None:
    nobody = find_recurrence(days_of())
    assert (nobody.period, nobody.repeaters, nobody.share, nobody.recurs) == (None, 0, 0.0, False)
    assert own_period(days_of(a=["2026-01-01"])) is None
    few = find_recurrence(days_of(**{name: ["2026-01-01", "2026-02-01", "2026-03-01"] for name in "abcd"}))
    assert (few.subscribers, few.recurs, few.few_but_regular) == (4, False, True)
    assert chains_of_payments(days_of(), MONTHLY).table.empty


def test_what_others_pay_at_another_period_is_counted() -> None:
    months = {f"m{n}": ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"] for n in range(8)}
    weeks = {f"w{n}": ["2026-01-01", "2026-01-08", "2026-01-15", "2026-01-22"] for n in range(3)}
    found = find_recurrence(days_of(**months, **weeks))
    assert found.period == MONTHLY
    assert (found.subscribers, found.others, found.repeaters) == (8, 3, 11)


def test_a_large_shop_is_looked_at_whole_only_where_some_of_it_keep_a_period(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recurring, "FIRST_LOOK", 60)
    habits = find_recurrence(waits(300, mean=40, shape=1, seed=9))
    assert (habits.recurs, habits.repeaters) == (False, 60)
    contracts = simulate_payments(150, seed=3)
    assert find_recurrence(contracts).repeaters > 60
    assert find_recurrence(contracts).recurs
