"""Cohorts: worked by hand, everybody in exactly one, and nothing from after the day."""

import numpy as np
import pandas as pd
import pytest

from crm_core.features.cohorts import cohort_table, comeback_table, period_numbers

AS_OF = pd.Timestamp("2026-04-30")
# a and b come in January, c in March; a orders again in February and April, b in January only
BY_HAND = [
    ("a", "2026-01-05", 1000), ("a", "2026-01-20", 500), ("a", "2026-02-28", 750), ("a", "2026-04-30", 3000),
    ("b", "2026-01-31", 500), ("c", "2026-03-01", 800), ("c", "2026-05-01", 900),
]  # fmt: skip


def days_of(rows: list[tuple[str, str, int]]) -> pd.DataFrame:
    days = pd.DataFrame(rows, columns=["customer_id", "ordered_on", "spend_minor"])
    return days.assign(ordered_on=pd.to_datetime(days["ordered_on"]))


def random_days(seed: int) -> pd.DataFrame:
    """200 customers with up to nine days each over five years, one row per customer and day."""
    chance = np.random.default_rng(seed)
    rows = 1_000
    days = pd.DataFrame(
        {
            "customer_id": chance.integers(0, 200, rows),
            "ordered_on": pd.Timestamp("2021-06-15") + pd.to_timedelta(chance.integers(0, 1_800, rows), unit="D"),
            "spend_minor": chance.integers(0, 9_999, rows),
        }
    )
    return days.drop_duplicates(["customer_id", "ordered_on"])


def test_cohorts_worked_by_hand() -> None:
    table = cohort_table(days_of(BY_HAND), as_of=AS_OF)
    rows = table[["began_on", "age", "size", "customers", "spend_minor"]].to_numpy().tolist()
    january, march = pd.Timestamp("2026-01-01"), pd.Timestamp("2026-03-01")
    assert rows == [
        [january, 0, 2, 2, 2000],
        [january, 1, 2, 1, 750],
        [january, 2, 2, 0, 0],
        [january, 3, 2, 1, 3000],
        [march, 0, 1, 1, 800],
        [march, 1, 1, 0, 0],
    ]
    assert table["share"].tolist() == [1, 0.5, 0, 0.5, 1, 0]
    assert table["money_share"].tolist() == [1, 0.375, 0, 1.5, 1, 0]
    assert table["is_over"].all()


def test_a_period_is_over_with_its_last_day() -> None:
    days = days_of(BY_HAND)
    a_day_before = cohort_table(days, as_of=pd.Timestamp("2026-04-29"))
    assert a_day_before.loc[~a_day_before["is_over"], ["began_on", "age"]].to_numpy().tolist() == [
        [pd.Timestamp("2026-01-01"), 3],
        [pd.Timestamp("2026-03-01"), 1],
    ]
    quarters = cohort_table(days, as_of=AS_OF, months=3)
    assert quarters[["age", "size", "is_over"]].to_numpy().tolist() == [[0, 3, True], [1, 3, False]]
    assert quarters["began_on"].unique().tolist() == [pd.Timestamp("2026-01-01")]


@pytest.mark.parametrize("months", [1, 3])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_customer_is_in_exactly_one_cohort_and_all_of_it_in_its_first_period(seed: int, months: int) -> None:
    days, as_of = random_days(seed), pd.Timestamp("2026-02-10")
    table = cohort_table(days, as_of=as_of, months=months)
    first = table[table["age"] == 0]
    seen = days[days["ordered_on"] <= as_of]
    assert first["size"].sum() == seen["customer_id"].nunique()
    assert first["began_on"].is_unique
    assert (first["share"] == 1).all()
    assert (first["money_share"].dropna() == 1).all()
    assert table["share"].between(0, 1).all()
    assert table["spend_minor"].sum() == seen["spend_minor"].sum()
    in_period = seen.assign(period=period_numbers(seen["ordered_on"], months=months))
    assert table["customers"].sum() == len(in_period[["customer_id", "period"]].drop_duplicates())


def test_order_of_rows_and_what_comes_later_change_nothing() -> None:
    days, as_of = random_days(4), pd.Timestamp("2024-08-20")
    known_then = days[days["ordered_on"] <= as_of]
    for make in (cohort_table, lambda rows, as_of: comeback_table(rows, as_of=as_of, within_days=91)):
        wanted = make(known_then, as_of=as_of)
        pd.testing.assert_frame_equal(make(days, as_of=as_of), wanted)
        pd.testing.assert_frame_equal(make(days.sample(frac=1, random_state=7), as_of=as_of), wanted)


def test_the_callers_table_stays_and_nobody_gives_no_rows() -> None:
    days = days_of(BY_HAND)
    before = days.copy()
    cohort_table(days, as_of=AS_OF)
    comeback_table(days, as_of=AS_OF, within_days=91)
    pd.testing.assert_frame_equal(days, before)
    for table in (
        cohort_table(days, as_of=pd.Timestamp("2025-12-31")),
        comeback_table(days, as_of=pd.Timestamp("2025-12-31"), within_days=91),
    ):
        assert table.empty
        assert "began_on" in table.columns


def test_a_first_period_without_money_has_no_share_of_it() -> None:
    table = cohort_table(days_of([("a", "2026-01-05", 0), ("a", "2026-02-05", 500)]), as_of=pd.Timestamp("2026-02-28"))
    assert table["money_share"].isna().all()
    assert table["share"].tolist() == [1, 1]


def test_who_came_back_is_counted_to_the_day() -> None:
    days = days_of(BY_HAND)
    soon = comeback_table(days, as_of=AS_OF, within_days=15)
    assert soon[["size", "came_back"]].to_numpy().tolist() == [[2, 1], [1, 0]]
    assert comeback_table(days, as_of=AS_OF, within_days=14)["came_back"].tolist() == [0, 0]
    # everybody of January has had 89 days on 30 April, and nobody of March more than 30
    assert len(comeback_table(days, as_of=AS_OF, within_days=89)) == 1
    assert len(comeback_table(days, as_of=AS_OF, within_days=90)) == 0
    assert len(comeback_table(days, as_of=AS_OF, within_days=30)) == 2
