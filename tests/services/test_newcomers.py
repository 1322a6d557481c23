"""A new customer: learnt from stored first years, forecast, and the five who began alike."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import insert

from crm_core.errors import CrmError, NotFoundError, TooLittleDataError
from crm_core.services import first_years
from crm_core.services.customers import CustomerBase
from crm_core.services.first_years import FirstDays, first_days_of, learn_first_years, too_few_older
from crm_core.services.newcomers import forecast_loyalty, nearest_customers, young_customers
from crm_core.store.session import Store
from crm_core.store.tables import Interaction, Ticket
from tests import bases
from tests.conftest import LAST_DAY
from tests.shops import add_orders, add_refund

END = date(2026, 6, 30)
WEIGHTS = {"alpha": 0.6, "beta": 0.4}


def base_of(store: Store, as_of: date = END) -> CustomerBase:
    return bases.base_of(store, as_of)


def add_shop(store: Store, people: int, *, first: date = date(2024, 1, 1)) -> None:
    """One newcomer a day; every second is back after 10 days and twice more in autumn, the others never."""
    orders = []
    for n in range(people):
        day = first + timedelta(days=n)
        later = (0, 10, 200, 364) if n % 2 else (0,)
        orders += [(f"c{n}", (day + timedelta(days=offset)).isoformat(), 1000) for offset in later]
    add_orders(store, orders)


def test_two_kinds_are_told_apart_and_scored_by_their_first_year(store: Store) -> None:
    add_shop(store, 60)
    base = base_of(store)
    learnt = learn_first_years(store, base, **WEIGHTS)
    # by hand: the 30 who came back have spent 40.00 and share the upper places, 44.5 of 59; repeat rate 3 of 4
    high, low = 100 * (0.6 * 44.5 / 59 + 0.4 * 0.75), 100 * 0.6 * 14.5 / 59
    assert learnt.table["loyalty"].round(9).unique() == pytest.approx([low, high])
    assert (learnt.older, learnt.facts) == (60, ("orders",))
    back, once = (forecast_loyalty(learnt, FirstDays(orders=number)) for number in (2, 1))
    assert (back.value, once.value) == pytest.approx((high, low))
    assert back.low == pytest.approx(high)
    assert back.learnt
    assert "it was off by 0 points on average; guessing the average would be off by 31" in back.quality


def test_only_the_first_year_counts(store: Store) -> None:
    """What came on day 365 and after changes nothing, refunds included."""
    add_shop(store, 40)
    before = learn_first_years(store, base_of(store), **WEIGHTS).table
    add_orders(store, [("c0", "2024-12-31", 99_000)])  # day 365 of a leap year's first customer
    add_refund(store, 2, "2025-06-01", 500)
    pd.testing.assert_frame_equal(learn_first_years(store, base_of(store), **WEIGHTS).table, before)
    add_refund(store, 2, "2024-12-31", 500)  # their day 364
    after = learn_first_years(store, base_of(store), **WEIGHTS).table
    assert after.loc[2, "loyalty"] < before.loc[2, "loyalty"]


def test_minutes_are_the_same_on_both_sides(store: Store) -> None:
    add_shop(store, 40)
    with store.begin() as session:
        for number in range(1, 41):
            day = date(2024, 1, 1) + timedelta(days=number - 1)
            talk = {
                "id": number,
                "customer_id": number,
                "happened_on": day,
                "channel": "mail",
                "minutes": number % 2 * 30,
            }
            session.execute(insert(Interaction).values(**talk))
        session.execute(
            insert(Ticket).values(
                id=1, customer_id=5, opened_on=date(2024, 1, 20), subject="x", first_response_minutes=75
            )
        )
    base = base_of(store)
    learnt = learn_first_years(store, base, **WEIGHTS)
    assert learnt.facts == ("orders", "interaction_minutes", "first_response_minutes")
    assert learnt.table.loc[[5, 6], "interaction_minutes"].tolist() == [30.0, 0.0]
    assert learnt.table["first_response_minutes"].notna().sum() == 1
    assert first_days_of(store, base, 5) == FirstDays(90, 1, 30.0, 75.0)


@pytest.mark.parametrize("people", [0, 1, 29])
def test_too_few_are_counted_and_the_day_is_named(store: Store, people: int) -> None:
    add_shop(store, people)
    base = base_of(store)
    with pytest.raises(TooLittleDataError, match=f"30 are needed, there (is|are) {people} so far"):
        learn_first_years(store, base, **WEIGHTS)
    assert "With the customers you have" not in too_few_older(base)


def test_the_day_when_there_will_be_enough_is_right(store: Store) -> None:
    add_shop(store, 35, first=date(2025, 7, 1))
    base = base_of(store)
    assert "there are 0 so far. With the customers you have it will be 30 on 30 Jul 2026." in too_few_older(base)
    assert "there are 29 so far" in too_few_older(base_of(store, date(2026, 7, 29)))
    assert too_few_older(base_of(store, date(2026, 7, 30))) == ""


def test_first_days_that_tell_nothing_give_the_average(store: Store) -> None:
    """Who comes back does so only after the first 90 days."""
    random = np.random.default_rng(4)
    orders = [(n, date(2024, 1, 1) + timedelta(days=n)) for n in range(60)]
    orders += [(n, day + timedelta(days=120)) for n, day in orders if random.random() < 0.5]
    add_orders(store, [(f"c{n}", day.isoformat(), 1000 + n) for n, day in sorted(orders, key=lambda order: order[1])])
    learnt = learn_first_years(store, base_of(store), **WEIGHTS)
    found = forecast_loyalty(learnt, FirstDays())
    assert not found.learnt
    assert found.value == pytest.approx(learnt.table["loyalty"].mean())
    assert (found.low, found.high) == pytest.approx(tuple(learnt.table["loyalty"].quantile([0.1, 0.9])))
    assert "does not tell how they ended" in found.quality


def test_neighbours_began_alike_and_what_they_bought_later_is_named(store: Store) -> None:
    add_shop(store, 60)
    base = base_of(store)
    learnt = learn_first_years(store, base, **WEIGHTS)
    found = nearest_customers(store, base, learnt, FirstDays(orders=2))
    assert found.equal == 30
    assert found.table["label"].tolist() == [f"Person c{n}" for n in (59, 57, 55, 53, 51)]  # the latest of them
    assert found.table["orders"].tolist() == [2] * 5
    assert found.table["later_orders"].tolist() == [2] * 5  # days 200 and 364; day 10 was at the beginning
    assert found.table["bought"].tolist() == ["Lavender soap ×2"] * 5
    never = nearest_customers(store, base, learnt, FirstDays(orders=1)).table
    assert (never["later_orders"].tolist(), never["bought"].tolist()) == ([0] * 5, [""] * 5)


def test_a_younger_customer_is_compared_with_as_many_days(store: Store) -> None:
    add_shop(store, 60)
    add_orders(store, [("young", "2026-06-24", 700), ("young", "2026-06-30", 700)])
    base = base_of(store)
    figures = first_days_of(store, base, 61)
    assert figures == FirstDays(seen_days=7, orders=2)
    week = learn_first_years(store, base, **WEIGHTS, seen_days=7)
    assert week.table["orders"].unique().tolist() == [1]  # nobody was back within a week
    with pytest.raises(CrmError, match="first 7 days can't be compared with what was learnt from the first 90"):
        forecast_loyalty(learn_first_years(store, base, **WEIGHTS), figures)


def test_young_customers_are_found_by_name_the_latest_first(store: Store) -> None:
    add_shop(store, 31)
    add_orders(store, [("ada", "2026-06-01", 1), ("bert", "2026-06-20", 1), ("old enough", "2025-06-30", 1)])
    base = base_of(store)
    assert young_customers(base)["label"].tolist() == ["Person bert", "Person ada"]
    assert young_customers(base, "ADA")["label"].tolist() == ["Person ada"]
    assert young_customers(base, "c3").empty
    assert len(young_customers(base, most=1)) == 1


def test_of_many_a_seeded_sample_is_learnt(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add_shop(store, 60)
    monkeypatch.setattr(first_years, "MOST_LEARNT", 40)
    one, other = (learn_first_years(store, base_of(store), **WEIGHTS) for _ in range(2))
    assert (len(one.table), one.older) == (40, 60)
    assert one.table.index.equals(other.table.index)


def test_shuffled_days_give_the_same_forecast(demo_store: Store) -> None:
    base = base_of(demo_store, LAST_DAY)
    mixed = replace(
        base, table=base.table.sample(frac=1, random_state=1), days=base.days.sample(frac=1, random_state=2)
    )
    figures = FirstDays(orders=2, interaction_minutes=12.0, first_response_minutes=200.0)
    one, other = (learn_first_years(demo_store, each, **WEIGHTS) for each in (base, mixed))
    assert forecast_loyalty(one, figures) == forecast_loyalty(other, figures)
    pd.testing.assert_frame_equal(
        nearest_customers(demo_store, base, one, figures).table,
        nearest_customers(demo_store, mixed, other, figures).table,
    )


def test_the_demonstration_company_is_learnt_better_than_guessed(demo_store: Store) -> None:
    learnt = learn_first_years(demo_store, base_of(demo_store, LAST_DAY), **WEIGHTS)
    assert learnt.forest.beats_mean_
    assert learnt.forest.coverage_ == pytest.approx(0.8, abs=0.05)
    values = [forecast_loyalty(learnt, FirstDays(orders=orders, interaction_minutes=0.0)) for orders in (1, 2, 4)]
    assert values[0].value < values[1].value < values[2].value
    assert all(0 <= found.low <= found.value <= found.high <= 100 for found in values)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"seen_days": 0}, "1 to 90, not 0"),
        ({"orders": 0}, "at least one order, not 0"),
        ({"interaction_minutes": -1.0}, "Minutes can't be -1"),
        ({"first_response_minutes": float("inf")}, "Minutes can't be inf"),
    ],
)
def test_impossible_figures_get_a_sentence(wrong: dict[str, float], sentence: str) -> None:
    with pytest.raises(CrmError, match=sentence):
        FirstDays(**wrong)  # type: ignore[arg-type]


def test_somebody_without_orders_has_no_first_days(store: Store) -> None:
    add_shop(store, 1)
    with pytest.raises(NotFoundError, match="Customer 99 has no orders here"):
        first_days_of(store, base_of(store), 99)
