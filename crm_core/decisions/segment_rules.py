"""The rules of a segment: groups of conditions, each on one fact, joined by and or or; as JSON and back.

Conditions of a group are joined by the group's word, groups by the rules' word. Money is in minor units of one
currency, which the rules name; shares are 0..1.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm_core.decisions.segment_facts import HOWS, Fact, How, Kind, fact_named
from crm_core.errors import CrmError

__all__ = ["AND", "MOST_CHOICES", "MOST_CONDITIONS", "OR", "Condition", "Group", "Rules", "read_rules", "write_rules"]

VERSION = 1
AND, OR = "and", "or"
MOST_CONDITIONS, MOST_CHOICES, LONGEST_DAYS = 30, 200, 36_500
LARGEST = 1e15
_KEYS = {"fact": "fact", "is": "how", "from": "low", "to": "high", "of": "choices", "day": "day", "days": "days"}


@dataclass(frozen=True)
class Condition:
    """One thing asked of one fact. low and high: bounds, both included; choices: what it may be one of; day: a calendar
    day; days: so many days back. CrmError says what is missing or wrong."""

    fact: str
    how: How
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    day: date | None = None
    days: int | None = None

    def __post_init__(self) -> None:
        fact = fact_named(self.fact)
        if self.how not in HOWS[fact.kind]:
            known = ", ".join(HOWS[fact.kind])
            raise CrmError(f"{fact.label} can't be asked for '{self.how}'; choose {known}.")
        self._check_numbers(fact)
        if self.how in (How.ANY_OF, How.NONE_OF, How.BOUGHT, How.NOT_BOUGHT) and not self.choices:
            raise CrmError(f"{fact.label}: choose at least one.")
        if len(self.choices) > MOST_CHOICES:
            raise CrmError(f"{fact.label}: {len(self.choices)} are chosen; choose at most {MOST_CHOICES}.")
        if self.how in (How.BEFORE, How.AFTER) and self.day is None:
            raise CrmError(f"{fact.label}: choose a day.")
        if self.how in (How.IN_THE_LAST, How.LONGER_AGO) and self.days is None:
            raise CrmError(f"{fact.label}: say how many days.")
        if self.days is not None and not 1 <= self.days <= LONGEST_DAYS:
            raise CrmError(f"{fact.label}: {self.days} days; choose 1 to {LONGEST_DAYS:,}.")

    def _check_numbers(self, fact: Fact) -> None:
        wanted = {How.AT_LEAST: (self.low,), How.AT_MOST: (self.high,), How.BETWEEN: (self.low, self.high)}
        for bound in wanted.get(self.how, ()):
            if bound is None:
                raise CrmError(f"{fact.label}: write a number.")
            if not math.isfinite(bound) or abs(bound) > LARGEST:
                raise CrmError(f"{fact.label}: {bound:g} is no number to compare with; write a smaller one.")
        if self.how is How.BETWEEN and self.low is not None and self.high is not None and self.low > self.high:
            raise CrmError(f"{fact.label}: the first number is larger than the second; swap them.")

    @property
    def is_money(self) -> bool:
        """Whether it compares amounts, which are in one currency."""
        return fact_named(self.fact).kind is Kind.MONEY and self.how is not How.UNKNOWN


@dataclass(frozen=True)
class Group:
    """Conditions joined by one word."""

    conditions: tuple[Condition, ...]
    join: str = AND

    def __post_init__(self) -> None:
        _check_join(self.join)
        if not self.conditions:
            raise CrmError("A group of conditions is empty; give it one, or take it away.")


@dataclass(frozen=True)
class Rules:
    """Groups joined by one word, and the currency that amounts in them are in ("" where there are none)."""

    groups: tuple[Group, ...]
    join: str = AND
    currency: str = ""

    def __post_init__(self) -> None:
        _check_join(self.join)
        if not self.groups:
            raise CrmError("A segment needs at least one condition.")
        if len(self.conditions) > MOST_CONDITIONS:
            raise CrmError(f"{len(self.conditions)} conditions are too many; {MOST_CONDITIONS} is the most.")
        if any(condition.is_money for condition in self.conditions) and not self.currency:
            raise CrmError("The rules compare amounts of money but name no currency.")

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Those of all groups."""
        return tuple(condition for group in self.groups for condition in group.conditions)

    def other_currency(self, base: str) -> str:
        """Why amounts can't be compared where the base currency is another one by now; "" where they can."""
        if not any(condition.is_money for condition in self.conditions) or self.currency == base:
            return ""
        return (
            f"Its amounts are in {self.currency}, and your base currency is {base} now. Change the rules and write the "
            "amounts anew."
        )


def write_rules(rules: Rules) -> dict[str, Any]:
    """The rules as JSON.

    >>> rules = Rules((Group((Condition("orders", How.AT_LEAST, low=3),)),))
    >>> write_rules(rules)["groups"]
    [{'join': 'and', 'conditions': [{'fact': 'orders', 'is': 'at least', 'from': 3}]}]
    """
    return {
        "version": VERSION,
        "currency": rules.currency,
        "join": rules.join,
        "groups": [
            {"join": group.join, "conditions": [_write(condition) for condition in group.conditions]}
            for group in rules.groups
        ],
    }


def read_rules(stored: Any) -> Rules:
    """The rules that JSON holds; CrmError says what of it can't be used.

    >>> read_rules({"version": 1, "groups": [{"conditions": [{"fact": "orders", "is": "at least"}]}]})
    Traceback (most recent call last):
    crm_core.errors.CrmError: Orders: write a number.
    """
    if not isinstance(stored, Mapping):
        raise CrmError("The rules of a segment are an object with groups of conditions.")
    if stored.get("version") != VERSION:
        raise CrmError(f"These rules are of version {stored.get('version')!r}; this Regulars reads version {VERSION}.")
    groups = tuple(
        Group(tuple(_read(one) for one in _list_of(group, "conditions")), str(group.get("join", AND)))
        for group in _list_of(stored, "groups")
    )
    return Rules(groups, str(stored.get("join", AND)), str(stored.get("currency", "")))


def _write(condition: Condition) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, name in _KEYS.items():
        value = getattr(condition, name)
        if value is None or value == ():
            continue
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # one number is written one way, whatever the database makes of it
        found[key] = value.isoformat() if isinstance(value, date) else list(value) if name == "choices" else value
    return {**found, "is": str(condition.how)}


def _read(stored: Any) -> Condition:
    if not isinstance(stored, Mapping) or set(stored) - set(_KEYS):
        raise CrmError(f"A condition has {', '.join(_KEYS)} and nothing else; found {stored!r:.200}.")
    try:
        how = How(str(stored.get("is")))
    except ValueError:
        raise CrmError(f"A condition asks for {', '.join(How)}, not {stored.get('is')!r:.50}.") from None
    return Condition(
        fact=str(stored.get("fact")),
        how=how,
        low=_number(stored, "from"),
        high=_number(stored, "to"),
        choices=tuple(_text(choice) for choice in _list_of(stored, "of", missing=[])),
        day=_day(stored),
        days=_whole(stored),
    )


def _list_of(stored: Any, key: str, *, missing: Any = None) -> list[Any]:
    found = stored.get(key, missing) if isinstance(stored, Mapping) else None
    if not isinstance(found, list):
        raise CrmError(f"'{key}' of a segment's rules is a list; found {found!r:.50}.")
    return found


def _text(found: Any) -> str:
    if not isinstance(found, str):
        raise CrmError(f"A choice is a text in quotes; found {found!r:.50}.")
    return found


def _number(stored: Mapping[str, Any], key: str) -> float | None:
    found = stored.get(key)
    if found is not None and (isinstance(found, bool) or not isinstance(found, int | float)):
        raise CrmError(f"'{key}' of a condition is a number; found {found!r:.50}.")
    return None if found is None else float(found)


def _whole(stored: Mapping[str, Any]) -> int | None:
    found = _number(stored, "days")
    if found is not None and not found.is_integer():
        raise CrmError(f"'days' of a condition is a whole number; found {found:g}.")
    return None if found is None else int(found)


def _day(stored: Mapping[str, Any]) -> date | None:
    found = stored.get("day")
    try:
        return None if found is None else date.fromisoformat(found)
    except (TypeError, ValueError):
        raise CrmError(f"'{found!s:.50}' is no calendar day; write it like 2026-03-14.") from None


def _check_join(word: str) -> None:
    if word not in (AND, OR):
        raise CrmError(f"Conditions are joined by '{AND}' or '{OR}', not '{word:.20}'.")
