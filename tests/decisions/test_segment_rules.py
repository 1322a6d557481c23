"""The rules of a segment: what can be asked, what is refused and why, and JSON there and back."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.decisions.segment_facts import FACTS, HOWS, How, Kind, fact_named, own_fact
from crm_core.decisions.segment_rules import Condition, Group, Rules, read_rules, write_rules
from crm_core.decisions.segment_templates import templates
from crm_core.errors import CrmError
from tests.hostile_words import HOSTILE

OWN = tuple(own_fact(name, kind) for name in ("Size", "{0} {") for kind in (Kind.CHOICE, Kind.NUMBER))
numbers = st.floats(-1e9, 1e9, allow_nan=False) | st.integers(-(10**9), 10**9).map(float)
CHOOSING = (How.ANY_OF, How.NONE_OF, How.BOUGHT, How.NOT_BOUGHT)


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    """Any condition that may be asked."""
    fact = draw(st.sampled_from([*FACTS.values(), *OWN]))
    how = draw(st.sampled_from(HOWS[fact.kind]))
    low, high = sorted([draw(numbers), draw(numbers)])
    months = ["this month", "next month", *map(str, range(1, 13))]
    choices = st.sampled_from(months) if fact.kind is Kind.MONTH else st.sampled_from(HOSTILE)
    days = st.integers(1, 36_500)
    return Condition(
        fact=fact.name,
        how=how,
        low=low if how in (How.AT_LEAST, How.BETWEEN) else None,
        high=high if how in (How.AT_MOST, How.BETWEEN) else None,
        choices=tuple(draw(st.lists(choices, min_size=1, max_size=4, unique=True))) if how in CHOOSING else (),
        day=draw(st.dates()) if how in (How.BEFORE, How.AFTER) else None,
        days=draw(days if how in (How.IN_THE_LAST, How.LONGER_AGO) else st.none() | days)
        if how in (How.IN_THE_LAST, How.LONGER_AGO, How.BOUGHT, How.NOT_BOUGHT)
        else None,
    )


words = st.sampled_from(["and", "or"])
groups = st.builds(Group, st.lists(conditions(), min_size=1, max_size=3).map(tuple), words)
rules_of_any_kind = st.builds(Rules, st.lists(groups, min_size=1, max_size=3).map(tuple), words, st.just("EUR"))


@given(rules_of_any_kind)
@settings(max_examples=60, deadline=None)
def test_rules_come_back_from_json_as_they_were(rules: Rules) -> None:
    assert read_rules(json.loads(json.dumps(write_rules(rules)))) == rules


def test_the_written_form_is_the_one_that_is_stored() -> None:
    quiet = Condition("last_order_on", How.LONGER_AGO, days=90)
    rules = Rules((Group((Condition("spend_minor", How.AT_LEAST, low=10_000), quiet), "or"),), currency="EUR")
    assert write_rules(rules) == {
        "version": 1,
        "currency": "EUR",
        "join": "and",
        "groups": [
            {
                "join": "or",
                "conditions": [
                    {"fact": "spend_minor", "is": "at least", "from": 10_000},
                    {"fact": "last_order_on", "is": "longer ago than", "days": 90},
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        ([], "The rules of a segment are an object"),
        ({"version": 2, "groups": []}, "of version 2; this Regulars reads version 1"),
        ({"version": 1}, "'groups' of a segment's rules is a list"),
        ({"version": 1, "groups": []}, "needs at least one condition"),
        ({"version": 1, "groups": [{"conditions": []}]}, "A group of conditions is empty"),
        ({"version": 1, "join": "xor", "groups": [{"conditions": [{"fact": "email", "is": "known"}]}]}, "not 'xor'"),
    ],
)
def test_json_that_is_no_rules_says_what_is_wrong(stored: Any, sentence: str) -> None:
    with pytest.raises(CrmError, match=sentence):
        read_rules(stored)


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ({"fact": "shoe size", "is": "known"}, "There is no fact 'shoe size' to choose customers by; known are orders"),
        ({"fact": "orders", "is": "any of", "of": ["3"]}, "Orders can't be asked for 'any of'; choose at least"),
        ({"fact": "orders", "is": "roughly"}, "A condition asks for at least, .*, not 'roughly'"),
        ({"fact": "orders", "is": "at least"}, "Orders: write a number"),
        ({"fact": "orders", "is": "at least", "from": "3"}, "'from' of a condition is a number; found '3'"),
        ({"fact": "orders", "is": "at least", "from": True}, "'from' of a condition is a number; found True"),
        ({"fact": "orders", "is": "at least", "from": 1e300}, "no number to compare with"),
        ({"fact": "orders", "is": "between", "from": 3, "to": 1}, "larger than the second; swap them"),
        ({"fact": "stage", "is": "any of"}, "Stage: choose at least one"),
        ({"fact": "stage", "is": "any of", "of": [3]}, "A choice is a text in quotes; found 3"),
        ({"fact": "last_order_on", "is": "before"}, "choose a day"),
        ({"fact": "last_order_on", "is": "before", "day": "2026-02-30"}, "'2026-02-30' is no calendar day"),
        ({"fact": "last_order_on", "is": "in the last"}, "say how many days"),
        ({"fact": "last_order_on", "is": "in the last", "days": 0}, "0 days; choose 1 to 36,500"),
        ({"fact": "last_order_on", "is": "in the last", "days": 1.5}, "whole number; found 1.5"),
        ({"fact": "orders", "is": "at least", "from": 3, "name": "x"}, "and nothing else"),
    ],
)
def test_a_condition_that_can_not_be_asked_says_why(condition: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CrmError, match=sentence):
        read_rules({"version": 1, "groups": [{"conditions": [condition]}]})


def test_amounts_need_a_currency_and_another_base_currency_is_told() -> None:
    spent = Group((Condition("spend_minor", How.AT_LEAST, low=100),))
    with pytest.raises(CrmError, match="name no currency"):
        Rules((spent,))
    rules = Rules((spent,), currency="EUR")
    assert rules.other_currency("EUR") == ""
    assert "amounts are in EUR, and your base currency is GBP now" in rules.other_currency("GBP")
    assert Rules((Group((Condition("email", How.KNOWN),)),)).other_currency("GBP") == ""


def test_too_many_conditions_are_refused() -> None:
    with pytest.raises(CrmError, match="31 conditions are too many; 30 is the most"):
        Rules((Group((Condition("email", How.KNOWN),) * 31),))


def test_every_template_can_be_kept() -> None:
    for big, products in ((None, []), (9_900.0, ["shop/7", "shop/8"])):
        found = templates(currency="EUR", big_order_minor=big, products=products)
        assert len({template.name for template in found}) == len(found) >= 6
        for template in found:
            assert read_rules(write_rules(template.rules)) == template.rules


@pytest.mark.parametrize("field", ["Size", "orders", "own: Size", "own number: x", "{}", *HOSTILE])
@pytest.mark.parametrize("kind", [Kind.CHOICE, Kind.NUMBER])
def test_an_own_field_is_found_by_what_is_kept_of_it(field: str, kind: Kind) -> None:
    assert fact_named(own_fact(field, kind).name) == own_fact(field, kind)


@pytest.mark.parametrize("name", ["", "own: ", "own number: ", "Orders"])
def test_a_fact_that_there_is_not_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(CrmError, match=r"There is no fact .* known are orders, spend_minor"):
        fact_named(name)
