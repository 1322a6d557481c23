"""Who belongs to a segment: every question by hand, unknown values, and any order of rows."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from crm_core.decisions.segment_facts import FACTS, How, Kind
from crm_core.decisions.segment_match import match_rules
from crm_core.decisions.segment_rules import Condition, Group, Rules
from tests.decisions.test_segment_rules import OWN, conditions, rules_of_any_kind

DAY = date(2026, 3, 14)
ANA, BEN, CEM, DAN = 1, 2, 3, 4


def people() -> pd.DataFrame:
    """Four customers, the last of whom nothing is known."""
    table = pd.DataFrame(index=pd.Index([ANA, BEN, CEM, DAN], name="customer_id"))
    for fact in (*FACTS.values(), *OWN):
        if fact.kind in (Kind.NUMBER, Kind.MONEY, Kind.SHARE):
            table[fact.name] = [1.0, 2.0, 3.0, np.nan]
        elif fact.kind is Kind.DAY:
            table[fact.name] = pd.to_datetime(["2026-03-14", "2025-12-14", "2025-12-13", None])
        elif fact.kind is not Kind.BOUGHT:
            table[fact.name] = pd.Series(["a", "b", "c", None], index=table.index, dtype=object)
    return table.assign(birthday_month=[3.0, 4.0, 12.0, np.nan])


def bought(condition: Condition) -> pd.Index:
    """Ana bought soap ever, Ben lately too."""
    return pd.Index([ANA, BEN] if condition.days is None else [BEN])


def who(rules: Rules | Condition, table: pd.DataFrame | None = None, today: date = DAY) -> list[int]:
    asked = rules if isinstance(rules, Rules) else Rules((Group((rules,)),), currency="EUR")
    found = match_rules(asked, people() if table is None else table, as_of=DAY, today=today, buyers=bought)
    return [int(number) for number in found]


@pytest.mark.parametrize(
    ("fact", "how", "more", "expected"),
    [
        ("orders", How.AT_LEAST, {"low": 2}, [BEN, CEM]),
        ("orders", How.AT_MOST, {"high": 2}, [ANA, BEN]),
        ("orders", How.BETWEEN, {"low": 2, "high": 2}, [BEN]),
        ("satisfaction", How.UNKNOWN, {}, [DAN]),
        ("spend_minor", How.AT_LEAST, {"low": 3}, [CEM]),
        ("stage", How.ANY_OF, {"choices": ("a", "c")}, [ANA, CEM]),
        ("stage", How.NONE_OF, {"choices": ("a", "c")}, [BEN]),
        ("country", How.UNKNOWN, {}, [DAN]),
        ("last_order_on", How.IN_THE_LAST, {"days": 1}, [ANA]),
        ("last_order_on", How.IN_THE_LAST, {"days": 91}, [ANA, BEN]),
        ("last_order_on", How.LONGER_AGO, {"days": 90}, [BEN, CEM]),
        ("last_order_on", How.BEFORE, {"day": date(2025, 12, 14)}, [CEM]),
        ("last_order_on", How.AFTER, {"day": date(2025, 12, 14)}, [ANA]),
        ("birthday_month", How.ANY_OF, {"choices": ("this month",)}, [ANA]),
        ("birthday_month", How.ANY_OF, {"choices": ("next month", "12")}, [BEN, CEM]),
        ("birthday_month", How.NONE_OF, {"choices": ("this month",)}, [BEN, CEM]),
        ("email", How.KNOWN, {}, [ANA, BEN, CEM]),
        ("email", How.UNKNOWN, {}, [DAN]),
        ("own: Size", How.ANY_OF, {"choices": ("b", "A")}, [BEN]),
        ("own: Size", How.UNKNOWN, {}, [DAN]),
        ("own number: Size", How.BETWEEN, {"low": 2, "high": 3}, [BEN, CEM]),
        ("product", How.BOUGHT, {"choices": ("shop/soap",)}, [ANA, BEN]),
        ("product", How.NOT_BOUGHT, {"choices": ("shop/soap",)}, [CEM, DAN]),
        ("product", How.NOT_BOUGHT, {"choices": ("shop/soap",), "days": 90}, [ANA, CEM, DAN]),
    ],
)
def test_each_question_finds_who_it_asks_for(fact: str, how: How, more: dict[str, Any], expected: list[int]) -> None:
    assert who(Condition(fact, how, **more)) == expected


def test_the_last_days_end_with_the_day_itself() -> None:
    """In the last 91 days and longer ago than 91 days share everybody out whose day is known."""
    for days in (1, 90, 91, 92, 5_000):
        recent = who(Condition("last_order_on", How.IN_THE_LAST, days=days))
        assert sorted(recent + who(Condition("last_order_on", How.LONGER_AGO, days=days))) == [ANA, BEN, CEM]


def test_a_birthday_next_month_in_december_is_in_january() -> None:
    table = people().assign(birthday_month=[1.0, 12.0, np.nan, np.nan])
    soon = Condition("birthday_month", How.ANY_OF, choices=("next month",))
    assert who(soon, table, today=date(2026, 12, 31)) == [ANA]


def test_groups_are_joined_by_their_words() -> None:
    low, high = Condition("orders", How.AT_MOST, high=1), Condition("orders", How.AT_LEAST, low=3)
    known = Condition("email", How.KNOWN)
    assert who(Rules((Group((low, high), "or"), Group((known,))), "and")) == [ANA, CEM]
    assert who(Rules((Group((low, high), "and"), Group((known,))), "or")) == [ANA, BEN, CEM]
    assert who(Rules((Group((low, high), "and"),))) == []


@given(rules_of_any_kind)
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_changes_nothing(rules: Rules) -> None:
    assert sorted(who(rules, people().iloc[[2, 0, 3, 1]])) == sorted(who(rules))


@given(conditions())
@settings(max_examples=60, deadline=None)
def test_what_is_not_known_matches_only_when_asked_for(condition: Condition) -> None:
    matched = DAN in who(condition)
    assert matched == (condition.how in (How.UNKNOWN, How.NOT_BOUGHT))
