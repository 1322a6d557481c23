"""Purchase days as of any past day are what the transactions up to it say."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.features.purchase_days import PurchaseDays
from crm_core.features.purchase_summary import purchase_summary
from crm_core.features.window_facts import window_facts

START = pd.Timestamp("2025-01-01")
ROWS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 60), st.sampled_from([5.0, 7.25, 0.0, -3.0, float("nan")])),
    min_size=1,
    max_size=40,
)


def rows_of(told: list[tuple[str, int, float]]) -> pd.DataFrame:
    table = pd.DataFrame(told, columns=["customer_id", "day", "amount"])
    return table.assign(date=START + pd.to_timedelta(table["day"], unit="D"))


@settings(max_examples=60, deadline=None)
@given(told=ROWS, until=st.integers(0, 70))
def test_the_summary_of_a_past_day_is_that_of_the_rows_up_to_it(told: list[tuple[str, int, float]], until: int) -> None:
    rows = rows_of(told)
    days = PurchaseDays.from_transactions(rows, observation_end=START + pd.Timedelta(days=70))
    if not len(days):
        return
    first = 70 - days.last_day  # before the first purchase no day is counted
    end = START + pd.Timedelta(days=first + until)
    found = days.summary(until)
    found.index = pd.Index(days.customers[found.index], name="customer_id")
    expected = purchase_summary(rows, observation_end=end)
    pd.testing.assert_frame_equal(found, expected, check_index_type=False)


def test_facts_tell_waits_and_gaps() -> None:
    rows = rows_of([("a", 0, 5.0), ("a", 10, 5.0), ("a", 40, 5.0), ("b", 35, 20.0)])
    days = PurchaseDays.from_transactions(rows, observation_end=START + pd.Timedelta(days=50))
    facts = window_facts(days, days.summary(50), until=50, window_days=20)
    a, b = facts.loc[0], facts.loc[1]
    assert a["waits"] == pytest.approx(np.log(17 / 27))  # 10 days since the last, 20 usually, a week added to both
    assert a["longest_waits"] == pytest.approx(np.log(17 / 37))
    assert a["variation"] == pytest.approx(0.5)  # gaps of 10 and 30
    assert a["recent_window"] == pytest.approx(np.log(2))
    assert (b["bought_once"], b["longest_waits"]) == (1.0, 0.0)
    assert b["spend"] - a["spend"] == pytest.approx(np.log(4))
    assert np.isfinite(facts.to_numpy()).all()


def test_without_amounts_spend_says_nothing() -> None:
    rows = rows_of([("a", 0, 5.0), ("b", 5, 9.0)]).drop(columns="amount")
    days = PurchaseDays.from_transactions(rows, observation_end=START + pd.Timedelta(days=9))
    assert window_facts(days, days.summary(9), until=9, window_days=5)["spend"].tolist() == [0.0, 0.0]


def test_known_at_a_past_day_is_what_was_bought_by_then() -> None:
    rows = pd.DataFrame(
        {"customer_id": list("abba"), "date": pd.to_datetime(["2026-01-01", "2026-01-03", "2026-02-01", "2026-03-01"])}
    )
    days = PurchaseDays.from_transactions(rows, observation_end="2026-03-05")
    then = days.known_at(31)
    assert then.last_day == 31
    assert then.day.tolist() == [0, 2, 31]
    pd.testing.assert_frame_equal(then.summary(31), days.summary(31))
    assert len(days.day) == 4
