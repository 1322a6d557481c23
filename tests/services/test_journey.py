"""The journey of a stored shop: stages, steps, rates and movement."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import insert

from crm_core.services.journey import Journey, Rate, journey_of_customers, months_before
from crm_core.services.overview import count_stored
from crm_core.services.people import list_people
from crm_core.services.preferences import Preferences, load_preferences
from crm_core.services.scores import score_customers
from crm_core.store.session import Store
from crm_core.store.tables import Customer, SurveyAnswer
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.services.test_customers import SMALL_SHOPS
from tests.shops import SOURCE, add_orders

END = date(2026, 6, 30)


def journey_of(store: Store, as_of: date, *, months: int = 1, wanted: Preferences | None = None) -> Journey:
    base, known = base_of(store, as_of), count_stored(store)["customers"]
    return journey_of_customers(base, wanted or load_preferences(store), known=known, months=months)


def add_contact(store: Store, number: int) -> None:
    with store.begin() as session:
        session.execute(insert(Customer).values(id=number, source=SOURCE, source_id=f"p{number}", name="A contact"))


def test_stages_hold_everyone_and_all_the_money(demo_store: Store) -> None:
    base, journey = base_of(demo_store, LAST_DAY), journey_of(demo_store, LAST_DAY)
    stages = journey.stages.set_index("stage")
    assert stages["customers"].sum() == count_stored(demo_store)["customers"] == 800
    assert stages["spend_minor"].sum() == base.table["spend_minor"].sum()
    for stage, row in stages.iterrows():
        assert list_people(demo_store, base, stage=str(stage)).total == row["customers"]
    assert journey.moves["customers"].sum() == len(base.table)
    assert len(journey.movers) == journey.moves.loc[journey.moves["moved"], "customers"].sum()
    assert (journey.made_by.customers, journey.made_by.as_of) == (len(base.table), LAST_DAY)


def test_a_month_ago_is_what_a_base_of_that_day_says(demo_store: Store) -> None:
    journey, then = journey_of(demo_store, LAST_DAY), base_of(demo_store, date(2026, 2, 14))
    assert journey.since == then.as_of
    before = journey.stages.set_index("stage")["before"].drop("prospect")
    counted = then.table["stage"].value_counts().reindex(before.index, fill_value=0)
    assert before.tolist() == counted.tolist()


def test_each_step_is_part_of_the_one_before(demo_store: Store) -> None:
    base, journey = base_of(demo_store, LAST_DAY), journey_of(demo_store, LAST_DAY)
    known, ordered, again, loyal = (step.rate for step in journey.steps)
    assert known == Rate(800, 800)
    assert ordered == Rate(len(base.table), 800)
    assert again == Rate(int((base.table["purchase_days"] > 1).sum()), ordered.part)
    assert loyal == Rate(int((base.table["stage"] == "loyal").sum()), again.part)
    assert not any(step.unknown for step in journey.steps)
    assert "ordered as often but are late now" in journey.steps[3].meaning


def test_where_only_buyers_are_stored_nothing_is_said_of_those_who_are_not(store: Store) -> None:
    add_orders(store, SMALL_SHOPS["three, one of them back"])
    assert "Import your contacts" in journey_of(store, END).steps[1].unknown
    add_contact(store, 9)
    step = journey_of(store, END).steps[1]
    assert (step.rate, step.unknown) == (Rate(3, 4), "")


def test_late_and_back_worked_by_hand(store: Store) -> None:
    monthly = [("stays", f"2026-{month:02d}-01", 100) for month in (1, 2, 3, 4, 5, 6)]
    leaves = [("leaves", f"2026-{month:02d}-20", 300) for month in (1, 2, 3, 4)]
    returns = [("returns", day, 200) for day in ("2026-01-05", "2026-02-05", "2026-03-05", "2026-06-10")]
    add_orders(store, [*monthly, *leaves, *returns, ("comes", "2026-06-12", 50)])
    journey = journey_of(store, date(2026, 6, 20))
    assert journey.sentence == "Since 20 May 2026, 1 customer became late and 1 came back"
    moved = journey.moves[journey.moves["moved"]]
    assert moved[["stage_before", "stage_now", "customers", "spend_minor"]].to_numpy().tolist() == [
        ["loyal", "at risk", 1, 1200],
        ["at risk", "loyal", 1, 800],
        ["no order yet", "new", 1, 50],
    ]
    assert journey.movers["customer_id"].tolist() == ["leaves", "returns", "comes"]
    assert journey.churn == Rate(0, 3)


def test_loyalty_share_is_that_of_the_scores(demo_store: Store) -> None:
    wanted = load_preferences(demo_store)
    cuts = {"alpha": wanted.alpha, "beta": wanted.beta, "low_cut": wanted.low_cut, "high_cut": wanted.high_cut}
    scores = score_customers(base_of(demo_store, LAST_DAY), **cuts)
    journey = journey_of(demo_store, LAST_DAY)
    assert journey.loyalty == Rate(int((scores["tier"] == "high").sum()), len(scores))
    everybody = journey_of(demo_store, LAST_DAY, wanted=Preferences(low_cut=0, high_cut=0))
    assert everybody.loyalty.value == 1


def test_satisfied_are_counted_of_who_answered(store: Store) -> None:
    add_orders(store, [(name, "2026-05-01", 100) for name in "abcd"])
    assert journey_of(store, END).satisfaction == Rate(0, 0)
    answers = [(1, 0.75, END), (2, 0.5, END), (2, 0.9, END), (3, 1.0, date(2026, 7, 1))]
    with store.begin() as session:
        rows = [
            {"id": number, "customer_id": who, "answered_on": on, "question": "How was it?", "score": score}
            for number, (who, score, on) in enumerate(answers, 1)
        ]
        session.execute(insert(SurveyAnswer), rows)
    assert journey_of(store, END).satisfaction == Rate(1, 2)  # 0.75; 0.7 on average; the third answered later


@pytest.mark.parametrize("months", [1, 12])
@pytest.mark.parametrize("shop", SMALL_SHOPS)
def test_small_shops_get_a_true_answer(store: Store, shop: str, months: int) -> None:
    add_orders(store, SMALL_SHOPS[shop])
    journey = journey_of(store, END, months=months)
    assert journey.stages["customers"].sum() == count_stored(store)["customers"]
    if shop == "one":
        assert journey.churn is None
        assert "Nobody has ordered on two different days yet" in journey.churn_meaning
    if months == 12:
        assert journey.sentence == "Nobody had ordered by 30 Jun 2025, so there is nothing to compare with yet"
        assert journey.moves.empty


def test_a_prospect_is_who_has_no_paid_order_by_the_day(store: Store) -> None:
    add_orders(store, [("a", "2026-05-01", 100), ("b", "2026-06-20", 100)])
    add_orders(store, [("c", "2026-05-01", 100)], status="cancelled")
    add_contact(store, 9)

    def prospects(day: date, **more: object) -> list[int]:
        return sorted(list_people(store, base_of(store, day), stage="prospect", **more).table.index)

    assert prospects(END) == [3, 9]
    then = date(2026, 6, 1)
    assert prospects(then, until=then) == [3, 9]
    assert prospects(date(2026, 4, 30)) == [1, 2, 3, 9]
    assert list_people(store, base_of(store, END), stage="prospect", text="contact").total == 1


def test_a_month_before_the_last_of_a_long_month_is_the_last() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert pd.Timestamp(months_before(date(2024, 2, 29), 12)) == pd.Timestamp("2023-02-28")
