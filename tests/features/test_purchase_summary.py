"""Purchase days as the BG/NBD family counts them."""

import numpy as np
import pandas as pd
import pytest

from crm_core.errors import CrmError
from crm_core.features.purchase_summary import SUMMARY_COLUMNS, purchase_summary, summary_from_facts

ROWS = pd.DataFrame(
    [
        ("b", "2026-01-20", 9.0),
        ("a", "2026-01-01", 5.0),
        ("a", "2026-01-11", 8.0),
        ("a", "2026-01-11", 4.0),
        ("a", "2026-01-25", -3.0),
        ("c", "2026-02-01", 7.0),
    ],
    columns=["customer_id", "date", "amount"],
).assign(date=lambda rows: pd.to_datetime(rows["date"]))


def test_two_orders_on_one_day_are_one_purchase() -> None:
    summary = purchase_summary(ROWS, observation_end="2026-01-31")
    assert summary.loc["a", ["repeat_days", "first_to_last_days", "tenure_days"]].tolist() == [1.0, 10.0, 30.0]


def test_a_refund_lowers_spend_and_makes_no_purchase() -> None:
    summary = purchase_summary(ROWS, observation_end="2026-01-31")
    assert summary.loc["a", ["mean_repeat_spend", "total_spend", "purchase_days"]].tolist() == [9.0, 14.0, 2.0]


def test_what_happens_after_the_last_day_seen_is_unknown() -> None:
    assert purchase_summary(ROWS, observation_end="2026-01-31").index.tolist() == ["a", "b"]


def test_somebody_with_refunds_alone_has_bought_nothing() -> None:
    rows = pd.concat([ROWS, ROWS.iloc[[4]].assign(customer_id="r")])
    assert "r" not in purchase_summary(rows, observation_end="2026-12-31").index


def test_one_time_buyers_have_no_repeat_spend() -> None:
    summary = purchase_summary(ROWS, observation_end="2026-01-31")
    assert summary.loc["b", "repeat_days"] == 0
    assert np.isnan(summary.loc["b", "mean_repeat_spend"])


def test_unknown_amounts_stay_unknown() -> None:
    without = purchase_summary(ROWS.drop(columns="amount"), observation_end="2026-01-31")
    assert without["total_spend"].isna().all()
    partly = purchase_summary(ROWS.assign(amount=[np.nan, 5, 8, 4, -3, 7]), observation_end="2026-01-31")
    assert np.isnan(partly.loc["b", "total_spend"])
    assert partly.loc["a", "total_spend"] == 14.0


def test_the_order_of_rows_makes_no_difference() -> None:
    shuffled = ROWS.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(
        purchase_summary(shuffled, observation_end="2026-02-28"), purchase_summary(ROWS, observation_end="2026-02-28")
    )


def test_no_rows_give_an_empty_table_with_all_columns() -> None:
    summary = purchase_summary(ROWS.iloc[:0], observation_end="2026-01-31")
    assert (len(summary), list(summary.columns)) == (0, SUMMARY_COLUMNS)


def test_a_missing_column_is_named_with_what_was_found() -> None:
    with pytest.raises(CrmError, match=r"need a column 'date'; found 'customer_id', 'day', 'amount'\."):
        purchase_summary(ROWS.rename(columns={"date": "day"}), observation_end="2026-01-31")


def test_facts_from_the_database_give_the_same_summary() -> None:
    facts = pd.DataFrame(
        {
            "purchase_days": [2, 1, 0],
            "first_order_on": pd.to_datetime(["2026-01-01", "2026-01-20", None]),
            "last_order_on": pd.to_datetime(["2026-01-11", "2026-01-20", None]),
            "spend_minor": [1400, 900, 0],
            "first_day_spend_minor": [500, 900, 0],
        },
        index=pd.Index(["a", "b", "nobody"], name="customer_id"),
    )
    from_rows = purchase_summary(ROWS.assign(amount=ROWS["amount"] * 100), observation_end="2026-01-31")
    from_facts = summary_from_facts(facts, as_of=pd.Timestamp("2026-01-31"))
    pd.testing.assert_frame_equal(from_facts, from_rows, check_index_type=False)
