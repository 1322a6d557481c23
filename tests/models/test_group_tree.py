"""Rules that explain groups: right, counted, and in the facts' own units."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.models.group_tree import Condition, explain_groups, simplify
from tests.models.simulated_groups import simulate_groups


def meets(units: pd.DataFrame, conditions: tuple[Condition, ...]) -> pd.Series:
    mask = pd.Series(True, index=units.index)
    for condition in conditions:
        mask &= (units[condition.column] > condition.threshold) == condition.above
    return mask


def test_groups_made_by_rules_are_explained_by_them() -> None:
    rng = np.random.default_rng(2)
    units = pd.DataFrame({"orders": rng.integers(1, 20, 400), "age_years": rng.uniform(18, 80, 400)})
    labels = pd.Series(np.where(units["orders"] > 7, np.where(units["age_years"] > 40, 2, 1), 0))
    found = explain_groups(units, labels)
    assert found.right_share > 0.99
    assert found.rules[0].conditions == (Condition("orders", False, 7.0),)
    assert [rule.group for rule in found.rules] == [0, 1, 2]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5))
def test_rules_part_everybody_and_count_as_they_are_written(seed: int, groups: int) -> None:
    rng = np.random.default_rng(seed)
    units = pd.DataFrame({"a": rng.normal(size=80) * 1e4, "b": rng.integers(0, 9, 80), "c": rng.random(80)})
    labels = pd.Series(rng.integers(-1, groups, 80))
    found = explain_groups(units, labels)
    masks = [meets(units, rule.conditions) for rule in found.rules]
    assert (sum(mask.astype(int) for mask in masks) == 1).all()
    for rule, mask in zip(found.rules, masks, strict=True):
        assert rule.customers == mask.sum()
        assert rule.right == (labels[mask] == rule.group).sum()
        assert len(rule.conditions) <= 3
    assert found.right_share == sum(rule.right for rule in found.rules) / 80


def test_the_order_of_customers_changes_no_rule() -> None:
    table, truth = simulate_groups()
    labels = pd.Series(truth, index=table.index)
    shuffled = table.sample(frac=1, random_state=2)
    assert explain_groups(shuffled, labels.reindex(shuffled.index)) == explain_groups(table, labels)


def test_conditions_about_one_fact_stand_together() -> None:
    path = (Condition("a", True, 1.0), Condition("b", True, 2.0), Condition("a", False, 9.0), Condition("a", True, 3.0))
    assert simplify(path) == (Condition("a", True, 3.0), Condition("a", False, 9.0), Condition("b", True, 2.0))


def test_everybody_in_one_group_is_one_rule() -> None:
    found = explain_groups(pd.DataFrame({"a": [1.0, 2.0]}), pd.Series([0, 0]))
    assert [(rule.conditions, rule.customers) for rule in found.rules] == [((), 2)]
