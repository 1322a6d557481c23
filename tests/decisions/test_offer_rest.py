"""How long offers rest: by the latest word, to the day."""

from datetime import date

import pandas as pd
import pytest

from crm_core.decisions.offer_rest import resting


def said(*rows: tuple[str, str]) -> pd.DataFrame:
    """Decisions on one pair as (state, day)."""
    table = pd.DataFrame(rows, columns=["state", "decided_on"])
    days = pd.to_datetime(table["decided_on"])
    return table.assign(decided_on=days, customer_id=1, product_id=7, within_days=30)


@pytest.mark.parametrize(
    ("state", "last", "until"),
    [("declined", date(2026, 3, 31), "2026-04-01"), ("accepted", date(2026, 1, 30), "2026-01-31")],
)
def test_it_rests_for_its_days_and_no_longer(state: str, last: date, until: str) -> None:
    decided = said((state, "2026-01-01"))
    assert resting(decided, day=last)["until"].tolist() == [pd.Timestamp(until)]
    assert resting(decided, day=date.fromisoformat(until)).empty


def test_what_is_not_useful_rests_until_it_is_taken_back() -> None:
    found = resting(said(("not useful", "2020-01-01")), day=date(2036, 1, 1))
    assert found["until"].isna().tolist() == [True]


def test_the_latest_word_counts() -> None:
    earlier_no = said(("declined", "2026-01-01"), ("accepted", "2026-01-10"))
    assert resting(earlier_no, day=date(2026, 2, 1))["state"].tolist() == ["accepted"]
    assert resting(earlier_no.iloc[::-1], day=date(2026, 2, 20)).empty
    assert resting(earlier_no.head(0), day=date(2026, 2, 1)).empty
