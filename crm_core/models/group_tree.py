"""Groups explained by a few questions: a small decision tree on the facts in their own units, as rules."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

__all__ = ["Condition", "GroupRules", "Rule", "explain_groups"]

DEPTH = 3
LEAST_SHARE = 0.01  # of the customers, at the end of a rule
DIGITS = 3  # that mean something in a threshold


@dataclass(frozen=True)
class Condition:
    """One question about a trait: above the threshold, or not."""

    column: str
    above: bool
    threshold: float


@dataclass(frozen=True)
class Rule:
    """Who meets all conditions is taken for the group: so many do, and so many of them are right."""

    group: int
    conditions: tuple[Condition, ...]
    customers: int
    right: int


@dataclass(frozen=True)
class GroupRules:
    """The rules, by group and the most telling first, and the share of all customers whom they place rightly."""

    rules: tuple[Rule, ...]
    right_share: float


def explain_groups(units: pd.DataFrame, labels: pd.Series) -> GroupRules:
    """Rules of at most three questions that tell the groups apart, with how many each gets right.

    In: units, the facts in their own units without unknown ones; labels of the same customers. Thresholds are rounded
    as they are shown, and counted as they are rounded. Source: Breiman, Friedman, Olshen & Stone (1984).

    >>> facts = pd.DataFrame({"orders": [1, 2, 1, 2, 9, 8, 9, 8]})
    >>> found = explain_groups(facts, pd.Series([0, 0, 0, 0, 1, 1, 1, 1]))
    >>> found.rules[0]
    Rule(group=0, conditions=(Condition(column='orders', above=False, threshold=5.0),), customers=4, right=4)
    >>> found.right_share
    1.0
    """
    least = max(2, int(LEAST_SHARE * len(units)))
    fit = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=least, random_state=7).fit(units, labels)
    whole = {column for column in units.columns if (units[column] == units[column].round()).all()}
    rules = []
    for path in paths_of(fit, list(map(str, units.columns)), whole):
        mask = np.ones(len(units), bool)
        for condition in path:
            mask &= (units[condition.column] > condition.threshold).to_numpy() == condition.above
        inside = labels[mask]
        if len(inside):
            group = int(inside.value_counts().sort_index().idxmax())
            rules.append(Rule(group, simplify(path), len(inside), int((inside == group).sum())))
    rules.sort(key=lambda rule: (rule.group < 0, rule.group, -rule.right))
    return GroupRules(tuple(rules), sum(rule.right for rule in rules) / len(units))


def paths_of(fit: DecisionTreeClassifier, columns: list[str], whole: set[str]) -> Iterator[tuple[Condition, ...]]:
    """The questions on the way to each leaf; leaves side by side that say the same are one."""
    tree = fit.tree_

    def says(node: int) -> frozenset[int]:
        if tree.children_left[node] < 0:
            return frozenset([int(tree.value[node][0].argmax())])
        return says(tree.children_left[node]) | says(tree.children_right[node])

    def walk(node: int, path: tuple[Condition, ...]) -> Iterator[tuple[Condition, ...]]:
        if len(says(node)) == 1:
            yield path
            return
        column = columns[tree.feature[node]]
        threshold = round_threshold(float(tree.threshold[node]), is_whole=column in whole)
        yield from walk(tree.children_left[node], (*path, Condition(column, False, threshold)))
        yield from walk(tree.children_right[node], (*path, Condition(column, True, threshold)))

    return walk(0, ())


def round_threshold(value: float, *, is_whole: bool) -> float:
    """A threshold as an owner reads it: between whole numbers the lower one, else three digits.

    >>> round_threshold(3.5, is_whole=True), round_threshold(12.3456, is_whole=False)
    (3.0, 12.3)
    """
    if is_whole:
        value = float(np.floor(value))
        return value if abs(value) < 1_000 else float(f"{value:.{DIGITS}g}")
    return float(f"{value:.{DIGITS}g}")


def simplify(path: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """The conditions of a path, of two about the same side of a trait the stricter one; those about one trait together.

    >>> simplify((Condition("orders", True, 2.0), Condition("orders", True, 5.0)))
    (Condition(column='orders', above=True, threshold=5.0),)
    """
    kept: dict[tuple[str, bool], Condition] = {}
    for condition in path:
        key = (condition.column, condition.above)
        known = kept.get(key)
        stricter = known is None or (condition.threshold > known.threshold) == condition.above
        kept[key] = condition if stricter or known is None else known
    columns = list(dict.fromkeys(condition.column for condition in path))
    return tuple(sorted(kept.values(), key=lambda condition: (columns.index(condition.column), not condition.above)))
