"""Rules in plain words."""

from datetime import date

import pytest
from hypothesis import given, settings

from crm_core.decisions.segment_facts import How
from crm_core.decisions.segment_rules import Condition, Group, Rules
from crm_core.decisions.segment_words import describe_condition, describe_rules
from tests.decisions.test_segment_rules import rules_of_any_kind


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Condition("orders", How.AT_LEAST, low=3), "ordered at least 3 times"),
        (Condition("orders", How.BETWEEN, low=1, high=1), "ordered exactly once"),
        (Condition("orders", How.AT_MOST, high=0), "never ordered"),
        (Condition("spend_minor", How.BETWEEN, low=1000, high=5000), "spent between €10 and €50"),
        (Condition("lateness", How.AT_LEAST, low=1.5), "quiet for at least 1.5 times their usual gap"),
        (Condition("satisfaction", How.AT_MOST, high=0.5), "satisfaction of at most 50 of 100"),
        (Condition("last_order_on", How.LONGER_AGO, days=90), "last ordered more than 90 days ago"),
        (Condition("first_order_on", How.AFTER, day=date(2026, 1, 1)), "first ordered after 1 Jan 2026"),
        (Condition("stage", How.ANY_OF, choices=("at risk", "lapsed", "lost")), "stage is at risk, lapsed or lost"),
        (Condition("stage", How.NONE_OF, choices=("lost",)), "stage is not lost"),
        (Condition("birthday_month", How.ANY_OF, choices=("this month", "5")), "birthday this month or in May"),
        (Condition("email", How.UNKNOWN), "E-mail is not known"),
        (Condition("satisfaction", How.UNKNOWN), "satisfaction is not known"),
        (Condition("product", How.BOUGHT, choices=("s/1",), days=30), "bought Soap in the last 30 days"),
        (Condition("product", How.NOT_BOUGHT, choices=("s/1", "s/9")), "never bought Soap or product 9"),
        (Condition("category", How.BOUGHT, choices=("Tea",)), "bought something of Tea"),
        (
            Condition("country", How.ANY_OF, choices=tuple("ABCDEFG")),
            "country is A, B, C, D or 3 more",
        ),
    ],
)
def test_a_condition_reads_as_an_owner_would_say_it(condition: Condition, words: str) -> None:
    assert describe_condition(condition, currency="EUR", names={"s/1": "Soap"}) == words


def test_groups_stand_apart() -> None:
    often, quiet = Condition("orders", How.AT_LEAST, low=3), Condition("last_order_on", How.LONGER_AGO, days=90)
    known = Condition("email", How.KNOWN)
    rules = Rules((Group((often, quiet)), Group((known,))), "or")
    assert (
        describe_rules(rules) == "Ordered at least 3 times and last ordered more than 90 days ago; or e-mail is known"
    )
    assert describe_rules(Rules((Group((often,)), Group((known,))), "and")) == (
        "Ordered at least 3 times and e-mail is known"
    )


@given(rules_of_any_kind)
@settings(max_examples=30, deadline=None)
def test_whatever_can_be_asked_has_words(rules: Rules) -> None:
    assert len(describe_rules(rules)) > len("aged")
