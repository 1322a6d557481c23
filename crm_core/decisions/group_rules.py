"""Rules that explain natural groups, in words an owner could follow."""

from collections.abc import Mapping

import pandas as pd

from crm_core.decisions.trait_words import say_condition
from crm_core.features.scaled_facts import Trait
from crm_core.models.group_tree import GroupRules, Rule

__all__ = ["rules_table", "say_rule"]


def rules_table(
    found: GroupRules, traits: Mapping[str, Trait], names: Mapping[int, str], *, currency: str
) -> pd.DataFrame:
    """One row per rule. Out: [group: name, rule: words, customers: whom it fits, right: of them, right_share]."""
    rows = [
        {
            "group": names[rule.group],
            "rule": say_rule(rule, traits, currency=currency),
            "customers": rule.customers,
            "right": rule.right,
            "right_share": rule.right / rule.customers,
        }
        for rule in found.rules
    ]
    return pd.DataFrame(rows, columns=["group", "rule", "customers", "right", "right_share"])


def say_rule(rule: Rule, traits: Mapping[str, Trait], *, currency: str) -> str:
    """The conditions of a rule, joined.

    >>> from crm_core.models.group_tree import Condition
    >>> rule = Rule(0, (Condition("orders", True, 3.0), Condition("age_years", False, 40.0)), 9, 8)
    >>> say_rule(rule, {"orders": Trait("orders"), "age_years": Trait("age_years")}, currency="EUR")
    'More than 3 orders, and at most 40 years old'
    """
    said = [say_condition(condition, traits[condition.column], currency=currency) for condition in rule.conditions]
    words = ", and ".join(said) or "everybody"
    return words[0].upper() + words[1:]
