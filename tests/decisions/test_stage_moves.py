"""Who moved between stages: past days by replay, movement, and the churn rate."""

import pandas as pd
import pytest

from crm_core.decisions.lifecycle import StageLimits
from crm_core.decisions.stage_moves import (
    NO_ORDER_YET,
    Rate,
    churn_between,
    count_moves,
    stages_on,
    turning_points,
)

LIMITS = StageLimits()


def days_of(**customers: list[int]) -> pd.DataFrame:
    """Orders by day number, 0 being 1 January 2026."""
    rows = [
        (name, pd.Timestamp("2026-01-01") + pd.Timedelta(days=day)) for name, days in customers.items() for day in days
    ]
    return pd.DataFrame(rows, columns=["customer_id", "ordered_on"]).assign(orders=1)


def on(number: int) -> pd.Timestamp:
    return pd.Timestamp("2026-01-01") + pd.Timedelta(days=number)


def test_stages_of_a_past_day_worked_by_hand() -> None:
    # up to day 40 the typical gap is 10; late's usual gap is (20 + 10) / (2 + 1) = 10 days, it has waited 20
    days = days_of(often=[0, 10, 20, 30, 40], late=[0, 10, 20], newcomer=[38], later=[41])
    assert stages_on(days, as_of=on(40), limits=LIMITS).to_dict() == {
        "late": "at risk", "newcomer": "new", "often": "loyal",
    }  # fmt: skip
    assert stages_on(days, as_of=on(81), limits=LIMITS)["late"] == "lost"
    assert stages_on(days, as_of=on(81), limits=StageLimits(lost=7))["late"] == "lapsed"


def test_what_comes_later_and_the_order_of_rows_change_no_past_stage() -> None:
    days = days_of(a=[0, 9, 20, 60], b=[3, 4, 70], c=[5], d=[80])
    known_then = days[days["ordered_on"] <= on(30)]
    wanted = stages_on(known_then, as_of=on(30))
    pd.testing.assert_series_equal(stages_on(days, as_of=on(30)), wanted)
    pd.testing.assert_series_equal(stages_on(days.sample(frac=1, random_state=5), as_of=on(30)), wanted)
    assert stages_on(days, as_of=pd.Timestamp("2025-12-31")).empty


def test_everybody_of_now_makes_one_move() -> None:
    before = pd.Series({1: "active", 2: "active", 3: "lost"})
    now = pd.Series({1: "at risk", 2: "active", 3: "active", 4: "new", 5: "new"})
    spend = pd.Series({1: 100, 2: 200, 3: 300, 4: 400, 5: 500})
    moves = count_moves(before, now, spend)
    assert moves.to_numpy().tolist() == [
        [NO_ORDER_YET, "new", 2, 900, True],
        ["lost", "active", 1, 300, True],
        ["active", "active", 1, 200, False],
        ["active", "at risk", 1, 100, True],
    ]
    shuffled = count_moves(before.iloc[::-1], now.iloc[::-1], spend.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(shuffled, moves)


def test_who_comes_back_has_ordered() -> None:
    before = pd.Series({1: "at risk", 2: "at risk", 3: "lost", 4: "loyal", 5: "new", 6: "lapsed"})
    now = pd.Series({1: "active", 2: "active", 3: "loyal", 4: "lost", 5: "at risk", 6: "lost", 7: "at risk"})
    ordered = pd.Series({1: True, 2: False, 3: True, 4: False, 5: False, 6: False, 7: True})
    # 2 is in rhythm again because the shop slowed down, 6 was late already, 7 had not ordered then
    assert turning_points(before, now, ordered) == (2, 2)


def test_fifty_lost_of_a_thousand_are_five_per_cent() -> None:
    before = pd.Series(["active"] * 900 + ["lapsed"] * 100 + ["lost"] * 30)
    now = pd.Series(["active"] * 890 + ["lost"] * 10 + ["lost"] * 40 + ["lapsed"] * 60 + ["lost"] * 30)
    newcomers = pd.Series(["new", "lost"], index=[5_000, 5_001])
    churn = churn_between(before, pd.concat([now, newcomers]))
    assert churn == Rate(50, 1000)
    assert churn.value == pytest.approx(0.05)
    assert churn_between(before.head(0), now).value is None
