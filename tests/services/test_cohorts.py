"""Cohorts of a stored shop: which are shown, what the sentence says, and small shops."""

from datetime import date, timedelta

import pytest

from crm_core.services.cohorts import FEWEST, MOST_COHORTS, Cohorts, cohorts_of_customers
from crm_core.store.session import Store
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.services.test_customers import SMALL_SHOPS
from tests.shops import add_orders

Orders = list[tuple[str, str, int]]


def cohorts_of(store: Store, as_of: date) -> Cohorts:
    return cohorts_of_customers(base_of(store, as_of))


def newcomers(first: date, people: int, back: int, *, after_days: int = 40) -> Orders:
    """So many who first buy on a day, some of them again later."""
    again = first + timedelta(days=after_days)
    names = [f"{first:%y%m}-{number}" for number in range(people)]
    return [
        *((name, first.isoformat(), 100) for name in names),
        *((name, again.isoformat(), 50) for name in names[:back]),
    ]


def test_the_demonstration_company_by_month(demo_store: Store) -> None:
    found = cohorts_of(demo_store, LAST_DAY)
    assert found.period == "month"
    assert found.tells_something
    first = found.table[found.table["age"] == 0]
    assert len(first) == MOST_COHORTS
    assert (first["share"] == 1).all()
    assert first["cohort"].iloc[-1] == "Feb 2026"  # March 2026 is not over on the 14th
    assert found.table["began_on"].is_monotonic_increasing
    assert "The month that is not over yet" in found.notes[1]


def test_the_sentence_compares_with_the_year_before(store: Store) -> None:
    orders = newcomers(date(2025, 3, 10), 50, 10) + newcomers(date(2026, 3, 10), 40, 20)
    add_orders(store, [*orders, *newcomers(date(2026, 4, 10), 30, 30)])  # who have not had three months yet
    found = cohorts_of(store, date(2026, 7, 15))
    assert found.headline == "50% of new customers came back within three months"
    assert found.sentence == (
        "Of 40 customers who first bought in March 2026, 50% came back within three months; "
        "the year before it was 20% of 50."
    )


def test_a_small_difference_is_called_chance(store: Store) -> None:
    add_orders(store, newcomers(date(2025, 3, 10), 20, 6) + newcomers(date(2026, 3, 10), 20, 8))
    found = cohorts_of(store, date(2026, 7, 15))
    assert found.sentence.endswith("the year before it was 30% of 20, a difference that may be chance.")


def test_who_comes_back_after_three_months_has_not_come_back_within_them(store: Store) -> None:
    add_orders(store, newcomers(date(2026, 1, 5), 10, 5, after_days=92))
    assert cohorts_of(store, date(2026, 6, 30)).headline.startswith("0% of new customers")


def test_a_history_beyond_three_years_is_told_by_quarter(store: Store) -> None:
    add_orders(store, newcomers(date(2023, 1, 1), 6, 3) + newcomers(date(2026, 1, 2), 6, 3))
    assert cohorts_of(store, date(2026, 1, 1)).period == "month"
    found = cohorts_of(store, date(2026, 6, 30))
    assert found.period == "quarter"
    assert found.table["cohort"].unique().tolist() == ["Q1 2023", "Q1 2026"]
    assert found.table["age"].max() == 13
    assert "because your history is longer than 3 years" in found.notes[0]
    assert "who first bought in Q1 2026" in found.sentence


def test_small_cohorts_are_marked(store: Store) -> None:
    add_orders(store, newcomers(date(2026, 1, 5), FEWEST, 2) + newcomers(date(2026, 2, 5), FEWEST - 1, 2))
    found = cohorts_of(store, date(2026, 6, 30))
    assert found.table.groupby("cohort")["is_small"].first().to_dict() == {"Jan 2026": False, "Feb 2026": True}
    assert "January 2026" in found.sentence
    assert "Who stands under January 2026 may have bought before your data begin." in found.notes


@pytest.mark.parametrize("shop", SMALL_SHOPS)
def test_small_shops_claim_nothing(store: Store, shop: str) -> None:
    add_orders(store, SMALL_SHOPS[shop])
    found = cohorts_of(store, date(2026, 6, 30))
    assert found.tells_something == (shop in ("everyone bought once", "all amounts equal"))
    assert found.sentence == ""  # nobody has had three months yet
