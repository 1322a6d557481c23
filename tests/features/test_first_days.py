"""First days and first year: counted by hand at their edges."""

import numpy as np
import pandas as pd
import pytest

from crm_core.features.first_days import first_days_table, first_year_table

AS_OF = pd.Timestamp("2026-01-01")
START = pd.Timestamp("2025-01-01")
RECORDED = pd.Timestamp("2024-01-01")


def on(*offsets: int) -> list[pd.Timestamp]:
    return [START + pd.Timedelta(days=offset) for offset in offsets]


def orders(customer_id: int, *offsets: int) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": customer_id, "ordered_on": on(*offsets), "orders": 1, "spend_minor": 100})


def talks(customer_id: int, *offsets: int) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": customer_id, "happened_on": pd.to_datetime(on(*offsets)), "minutes": 10.0})


def requests(rows: list[tuple[int, int, int, int, float]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["customer_id", "opened_on", "requests", "answered", "response_minutes"])
    return table.assign(opened_on=pd.to_datetime(on(*table["opened_on"])))


def refunds(*rows: tuple[int, int, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["customer_id", "refunded_on", "refunded_minor"])
    return table.assign(refunded_on=pd.to_datetime(on(*table["refunded_on"])))


def test_the_ninetieth_day_counts_and_the_next_does_not() -> None:
    first = first_days_table(
        orders(1, 0, 89, 90), talks(1, 0, 89, 90), requests([(1, 89, 1, 1, 30.0), (1, 90, 1, 1, 999.0)]),
        as_of=AS_OF, talks_since=RECORDED,
    )  # fmt: skip
    assert first.loc[1].drop("first_order_on").tolist() == [2, 20.0, 1, 30.0]
    assert first.loc[1, "first_order_on"] == START


def test_what_came_before_the_first_order_is_left_out() -> None:
    first = first_days_table(orders(1, 5), talks(1, 4, 5), requests([]), as_of=AS_OF, talks_since=RECORDED)
    assert first.loc[1, "interaction_minutes"] == 10.0


def test_fewer_days_are_counted_when_fewer_are_asked() -> None:
    first = first_days_table(
        orders(1, 0, 36, 37), talks(1, 36, 37), requests([]), as_of=AS_OF, seen_days=37, talks_since=RECORDED
    )
    assert first.loc[1, ["orders", "interaction_minutes"]].tolist() == [2, 10.0]


def test_nobody_asked_is_unknown_and_the_mean_goes_by_answers() -> None:
    asked = requests([(1, 1, 2, 2, 90.0), (1, 3, 1, 1, 30.0), (2, 1, 1, 0, 0.0)])
    base = pd.concat([orders(1, 0), orders(2, 0), orders(3, 0)])
    first = first_days_table(base, talks(1), asked, as_of=AS_OF, talks_since=RECORDED)
    assert first["first_response_minutes"].iloc[0] == 40.0
    assert first["first_response_minutes"].iloc[1:].isna().all()
    assert first["requests"].tolist() == [3, 1, 0]


def test_conversations_before_any_was_recorded_are_unknown_not_none() -> None:
    base = pd.concat([orders(1, 0), orders(2, 50)])
    first = first_days_table(base, talks(2, 60), requests([]), as_of=AS_OF, talks_since=on(40)[0])
    assert np.isnan(first.loc[1, "interaction_minutes"])
    assert first.loc[2, "interaction_minutes"] == 10.0
    none = first_days_table(base, talks(1), requests([]), as_of=AS_OF)
    assert none["interaction_minutes"].isna().all()


def test_a_first_year_is_365_days_and_must_be_over() -> None:
    base = pd.concat([orders(1, 0, 364, 365), orders(2, 0), orders(3, 1)])
    given_back = refunds((1, 364, 30), (1, 365, 500), (3, 5, 1))
    year = first_year_table(base, given_back, as_of=AS_OF)
    assert year.to_dict("index") == {
        1: {"orders": 2, "spend_minor": 170.0, "repeat_rate": 0.5},
        2: {"orders": 1, "spend_minor": 100.0, "repeat_rate": 0.0},
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_shuffled_rows_give_the_same_tables(seed: int) -> None:
    base = pd.concat([orders(n, 0, n, 3 * n) for n in range(1, 9)], ignore_index=True)
    spoken = pd.concat([talks(n, n, n + 1) for n in range(1, 9)], ignore_index=True)
    mixed, mixed_talks = (table.sample(frac=1, random_state=seed) for table in (base, spoken))
    days = [first_days_table(b, t, requests([]), as_of=AS_OF, talks_since=RECORDED) for b, t in
            ((base, spoken), (mixed, mixed_talks))]  # fmt: skip
    pd.testing.assert_frame_equal(*days)
    pd.testing.assert_frame_equal(*(first_year_table(table, refunds(), as_of=AS_OF) for table in (base, mixed)))
