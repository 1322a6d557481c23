"""Who stands on today's list, why, and in what order."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm_core.decisions.lifecycle import lifecycle_stages
from crm_core.decisions.stakes import Stake
from crm_core.decisions.todays_actions import (
    Suggestion,
    rank_suggestions,
    suggest_for_late,
    suggest_for_signals,
    suggest_second_orders,
)
from crm_core.features.rhythm import rhythm_table, shop_rhythm, waits_between_orders
from crm_core.vocabulary import ActionKind, Evidence

AS_OF = pd.Timestamp("2026-06-30")


def shop_of(**customers: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The base's columns that suggestions need, and the purchase days; customers are numbered from 1."""
    rows = [(n, pd.Timestamp(day), 1000) for n, days in enumerate(customers.values(), 1) for day in days]
    days = pd.DataFrame(rows, columns=["customer_id", "ordered_on", "spend_minor"])
    found = days.groupby("customer_id")["ordered_on"].agg(["min", "max", "size"])
    facts = pd.DataFrame({"first_order_on": found["min"], "last_order_on": found["max"]})
    facts["purchase_days"] = facts["orders"] = found["size"]
    table = pd.concat([facts, rhythm_table(facts, shop=shop_rhythm(days), as_of=AS_OF)], axis=1)
    return table.assign(usual_spend_minor=1000.0, stage=lifecycle_stages(table)), days


REGULAR = ["2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01", "2026-06-29"]
LATE = ["2026-02-01", "2026-02-20", "2026-03-12", "2026-04-01", "2026-05-01"]


def late_ones(table: pd.DataFrame, days: pd.DataFrame) -> list[Suggestion]:
    shop = shop_rhythm(days)
    liked = {2: ("Lavender soap", 4)}
    return suggest_for_late(
        table, days, waits=waits_between_orders(days, shop=shop), favourites=lambda _: liked, as_of=AS_OF
    )


def test_only_those_later_than_their_own_rhythm_are_late() -> None:
    table, days = shop_of(regular=REGULAR, late=LATE, lost=["2025-01-01", "2025-01-08", "2025-01-15"])
    (found,) = late_ones(table, days)
    assert found.customer_id == 2
    assert found.reason.startswith("Usually buys every 22 days; it has been 60.")
    assert found.action == "Offer “Lavender soap” again (bought 4 times)"
    assert (found.evidence, found.episode) == (Evidence.OWN_RHYTHM, "2026-05-01")


def test_precedents_are_told_only_when_there_are_enough() -> None:
    table, days = shop_of(late=LATE, other=LATE)
    assert all("waits this long" not in s.reason for s in late_ones(table, days))
    many = {f"gone{n}": ["2025-01-01", "2025-01-20", "2025-02-10"] for n in range(12)}
    table, days = shop_of(late=LATE, **many)
    (found,) = [s for s in late_ones(table, days) if s.customer_id == 1]
    assert "brought no order within 90 days." in found.reason
    assert 0.5 < found.risk <= 1


def test_a_second_order_is_due_by_the_shops_own_pace() -> None:
    regulars = {f"regular{n}": REGULAR for n in range(5)}
    table, days = shop_of(once=["2026-05-10"], fresh=["2026-06-28"], **regulars)
    shop = shop_rhythm(days)
    (found,) = suggest_second_orders(
        table, days, shop=shop, waits=waits_between_orders(days, shop=shop), favourites=lambda _: {}, as_of=AS_OF
    )
    assert found.customer_id == 1
    assert found.reason.startswith("Bought once, 51 days ago; half of the second orders here came within 31 days.")


def test_nobody_is_pressed_for_a_second_order_where_none_ever_came() -> None:
    table, days = shop_of(a=["2026-01-01"], b=["2026-02-01"])
    shop = shop_rhythm(days)
    waits = waits_between_orders(days, shop=shop)
    assert suggest_second_orders(table, days, shop=shop, waits=waits, favourites=lambda _: {}, as_of=AS_OF) == []
    assert late_ones(table, days) == []


def test_signals_are_facts_in_the_customers_own_words() -> None:
    table, days = shop_of(regular=REGULAR)
    tickets = pd.DataFrame(
        [(1, 5, date(2026, 6, 27), "Broken jar")], columns=["customer_id", "ticket_id", "opened_on", "subject"]
    )
    answers = pd.DataFrame(
        [(1, 8, date(2026, 6, 20), "How was it?", 0.2), (99, 9, date(2026, 6, 20), "How was it?", 0.2)],
        columns=["customer_id", "answer_id", "answered_on", "question", "score"],
    )
    ticket, answer = suggest_for_signals(table, days, tickets=tickets, answers=answers, today=date(2026, 6, 30))
    assert ticket.reason == "“Broken jar” has waited for 3 days; nobody has answered yet."
    assert answer.reason == "Gave 20 of 100 to “How was it?” on 20 Jun 2026."
    assert ticket.evidence is Evidence.COUNTS


def suggestion(customer: int, money: float, kind: ActionKind = ActionKind.LATE, risk: float = 1.0) -> Suggestion:
    stake = Stake(money, np.array([money]))
    return Suggestion(customer, kind, "e", "r", "a", Evidence.COUNTS, risk, stake)


def test_the_list_is_short_one_a_person_and_mixed() -> None:
    many = [suggestion(n, 1000 - n) for n in range(20)] + [
        suggestion(n, 10, ActionKind.SECOND_ORDER) for n in range(20, 40)
    ]
    chosen = rank_suggestions([*many, suggestion(0, 5, ActionKind.UNHAPPY)])
    assert len(chosen) == 7
    assert len({s.customer_id for s in chosen}) == 7
    assert sum(s.kind is ActionKind.LATE for s in chosen) == 4


def test_risk_weighs_money_and_order_of_input_does_not_matter() -> None:
    ones = [suggestion(1, 100, risk=0.1), suggestion(2, 50, risk=0.9), suggestion(3, 45, risk=1.0)]
    assert [s.customer_id for s in rank_suggestions(ones)] == [2, 3, 1]
    assert rank_suggestions(ones[::-1]) == rank_suggestions(ones)


@pytest.mark.parametrize("lateness", [0.0, 1.5, 3.0, 6.0, np.nan])
def test_every_lateness_has_a_stage(lateness: float) -> None:
    stage = lifecycle_stages(pd.DataFrame({"purchase_days": [5], "lateness": [lateness]})).iloc[0]
    assert stage == {1.5: "loyal", 3.0: "at risk", 6.0: "lapsed"}.get(lateness, "loyal")
