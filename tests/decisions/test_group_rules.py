"""Rules in words: units, kinds and names as the owner knows them."""

import pytest

from crm_core.decisions.group_rules import rules_table
from crm_core.decisions.trait_words import say_condition
from crm_core.features.scaled_facts import Trait
from crm_core.models.group_tree import Condition, GroupRules, Rule


@pytest.mark.parametrize(
    ("fact", "threshold", "above", "words"),
    [
        ("orders", 1.0, True, "more than 1 order"),
        ("days_since_last_order", 95.0, False, "last ordered at most 95 days ago"),
        ("mean_order_minor", 4_570.0, True, "more than €45.70 an order"),
        ("satisfaction", 0.123, False, "at most 12.3% satisfied"),
        ("first_response_minutes", 30.0, True, "first answer after more than 30 minutes"),
        ("age_years", 40.0, False, "at most 40 years old"),
        ("own: Income", 1_230.0, True, "Income more than 1,230"),
    ],
)
def test_a_threshold_is_said_in_the_facts_own_unit(fact: str, threshold: float, above: bool, words: str) -> None:
    assert say_condition(Condition(fact, above, threshold), Trait(fact), currency="EUR") == words


def test_kinds_and_shares_are_said_as_such() -> None:
    country = Trait("country", "other")
    assert say_condition(Condition("country: other", True, 0.5), country, currency="") == "from other countries"
    tea = Trait("needs", "Tea", is_share=True)
    assert say_condition(Condition("needs: Tea", True, 0.4), tea, currency="") == "more than 40.0% of purchases in Tea"


def test_each_rule_is_a_row_with_how_many_it_gets_right() -> None:
    rules = GroupRules(
        (Rule(0, (Condition("orders", True, 3.0),), 8, 6), Rule(-1, (Condition("orders", False, 3.0),), 2, 2)), 0.8
    )
    table = rules_table(rules, {"orders": Trait("orders")}, {0: "Frequent", -1: "In no group"}, currency="EUR")
    assert table.to_numpy().tolist() == [
        ["Frequent", "More than 3 orders", 8, 6, 0.75],
        ["In no group", "At most 3 orders", 2, 2, 1.0],
    ]
