"""What the simple rules say, by hand."""

import numpy as np
import pandas as pd
import pytest

from crm_core.decisions.simple_rules import RULES, ask_rules
from crm_core.features.purchase_summary import purchase_summary
from crm_core.features.rhythm import shop_rhythm

END = pd.Timestamp("2026-06-30")
ROWS = pd.DataFrame(
    {
        "customer_id": ["steady"] * 6 + ["gone"] * 3 + ["once", "new", "new"],
        "date": pd.to_datetime(
            [
                *("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"),
                *("2025-07-05", "2025-07-15", "2025-07-25"),
                *("2026-05-01", "2026-06-28", "2026-06-29"),
            ]
        ),
        "amount": [10.0] * 6 + [30.0] * 3 + [50.0, 20.0, 40.0],
    }
)


def ask() -> dict[str, pd.DataFrame]:
    summary = purchase_summary(ROWS, observation_end=END)
    last = pd.DataFrame({"purchases": [0, 2, 1, 2], "spend": [0.0, 60.0, 50.0, 20.0]}, index=summary.index)
    days = ROWS.rename(columns={"date": "ordered_on"})
    answers = ask_rules(summary, last, shop=shop_rhythm(days), as_of=END, horizon_days=90, lost_from=6.0)
    return dict(answers)


def test_everybody_goes_on_at_their_own_rate() -> None:
    said = ask()["Own rate"]
    assert said.loc["steady", "expected_purchases"] == pytest.approx(5 / 180 * 90)
    assert said.loc["steady", "expected_spend"] == pytest.approx(5 / 180 * 90 * 10)
    assert said.loc["once", "expected_purchases"] == 0.0
    assert said.loc["new", "expected_purchases"] == pytest.approx(1.0)  # known for two days: one window's rate
    assert said.loc["steady", "p_active"] == pytest.approx(1 - np.exp(-2.5))


def test_who_is_silent_for_long_buys_nothing_more() -> None:
    said, rate = ask()["Own rate until silent"], ask()["Own rate"]
    assert said.loc["gone", ["expected_purchases", "expected_spend", "p_active"]].tolist() == [0.0, 0.0, 0.0]
    assert rate.loc["gone", "expected_purchases"] > 0
    assert said.loc["steady"].equals(rate.loc["steady"])


def test_the_last_period_comes_again() -> None:
    said = ask()["Last period again"]
    assert said.loc["new", ["expected_purchases", "expected_spend"]].tolist() == [2.0, 60.0]


def test_rfm_ranks_and_says_no_numbers() -> None:
    said = ask()["RFM ranking"]
    assert said[["expected_purchases", "expected_spend", "p_active"]].isna().all(axis=None)
    assert said.loc["steady", "rank_score"] > said.loc["gone", "rank_score"]


def test_every_rule_answers_for_every_customer() -> None:
    answers = ask()
    assert list(answers) == [rule.name for rule in RULES]
    assert all(list(said.index) == ["gone", "new", "once", "steady"] for said in answers.values())
