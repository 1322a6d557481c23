"""Who belongs to a segment: its rules asked of everybody's facts.

What is not known of a customer never matches, unless that is what is asked for.
"""

from collections.abc import Callable
from datetime import date
from functools import reduce

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.decisions.segment_facts import NEXT_MONTH, THIS_MONTH, How, Kind, fact_named
from crm_core.decisions.segment_rules import AND, Condition, Rules

__all__ = ["Buyers", "match_rules"]

Buyers = Callable[[Condition], pd.Index]  # who bought what a condition names, within its days
Bools = NDArray[np.bool_]


def match_rules(rules: Rules, table: pd.DataFrame, *, as_of: date, today: date, buyers: Buyers) -> pd.Index:
    """The customers whom all rules fit, in the table's order.

    In: table, index customer_id, a column for each fact that the rules name but what was bought; as_of: the day that
    days are counted back from; today: the day whose month a birthday may be in.

    >>> from crm_core.decisions.segment_rules import Group
    >>> table = pd.DataFrame({"orders": [1, 5], "satisfaction": [None, 0.9]}, index=[7, 8])
    >>> often = Rules((Group((Condition("orders", How.AT_LEAST, low=2),)),))
    >>> day, nobody = date(2026, 3, 14), pd.Index([])
    >>> match_rules(often, table, as_of=day, today=day, buyers=lambda _: nobody).tolist()
    [8]
    """
    found = [
        _joined(
            [_match(condition, table, as_of=as_of, today=today, buyers=buyers) for condition in group.conditions],
            group.join,
        )
        for group in rules.groups
    ]
    return table.index[_joined(found, rules.join)]


def _joined(parts: list[Bools], word: str) -> Bools:
    return reduce(np.logical_and if word == AND else np.logical_or, parts)


def _match(condition: Condition, table: pd.DataFrame, *, as_of: date, today: date, buyers: Buyers) -> Bools:
    kind = fact_named(condition.fact).kind
    if kind is Kind.BOUGHT:
        bought: Bools = table.index.isin(buyers(condition))
        return bought if condition.how is How.BOUGHT else ~bought
    column = table[condition.fact]
    known: Bools = column.notna().to_numpy(bool)
    if condition.how in (How.UNKNOWN, How.KNOWN):
        return known if condition.how is How.KNOWN else ~known
    if kind in (Kind.CHOICE, Kind.MONTH):
        choices = [_month(choice, today) for choice in condition.choices] if kind is Kind.MONTH else condition.choices
        among: Bools = column.isin(choices).to_numpy(bool)
        return known & (among if condition.how is How.ANY_OF else ~among)
    fits = _match_day(condition, column, as_of) if kind is Kind.DAY else _match_number(condition, column)
    return known & fits


def _match_number(condition: Condition, column: pd.Series) -> Bools:
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    low = -np.inf if condition.low is None or condition.how is How.AT_MOST else condition.low
    high = np.inf if condition.high is None or condition.how is How.AT_LEAST else condition.high
    fits: Bools = (values >= low) & (values <= high)
    return fits


def _match_day(condition: Condition, column: pd.Series, as_of: date) -> Bools:
    values = pd.to_datetime(column).to_numpy(dtype="datetime64[D]")
    if condition.days is not None and condition.day is None:
        since = np.datetime64(as_of) - np.timedelta64(condition.days, "D")
        recent: Bools = values > since
        return recent if condition.how is How.IN_THE_LAST else ~recent
    asked = np.datetime64(condition.day)
    fits: Bools = values < asked if condition.how is How.BEFORE else values > asked
    return fits


def _month(choice: str, today: date) -> int:
    """The month of the year that a choice means.

    >>> _month("this month", date(2026, 12, 3)), _month("next month", date(2026, 12, 3)), _month("5", date(2026, 12, 3))
    (12, 1, 5)
    """
    if choice in (THIS_MONTH, NEXT_MONTH):
        return today.month if choice == THIS_MONTH else today.month % 12 + 1
    return int(choice) if choice.isdecimal() else 0
