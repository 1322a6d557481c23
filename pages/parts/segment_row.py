"""One condition of a segment on its way, as its controls hold it, perhaps not finished yet."""

from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

import streamlit as st

from crm_core.decisions.segment_facts import HOWS, How, Kind, fact_named
from crm_core.decisions.segment_rules import Condition
from crm_core.wording import minor_units

FIRST = "orders"  # the fact that a new condition begins with
SHARE = 100
NUMBERS = count(1)  # of conditions and groups: keys of controls never come twice


@dataclass
class Row:
    """One condition. now: low, high, choices, day, days as the controls show them; start: what each began with."""

    fact: str = FIRST
    how: How = How.AT_LEAST
    now: dict[str, Any] = field(default_factory=lambda: {"low": 2.0})
    start: dict[str, Any] = field(default_factory=dict)
    number: int = field(default_factory=lambda: next(NUMBERS))

    def key(self, part: str) -> str:
        """The key of a control of it; what is asked of another fact has another."""
        return f"own_{self.number}_{self.fact}_{self.how.name}_{part}"

    def begin(self, part: str, usual: Any = None) -> Any:
        """What a control begins with, the same as long as it is there: it would be another one else."""
        if self.key(part) not in st.session_state:
            self.start[part] = self.now.get(part, usual)
        return self.start[part]

    def condition(self, currency: str) -> Condition:
        """The condition; CrmError says what is missing."""
        kind, now = fact_named(self.fact).kind, self.now
        numbers = {name: _inner(now.get(name), kind, currency) for name in _bounds(self.how)}
        days = now.get("days") if self.how in (How.IN_THE_LAST, How.LONGER_AGO, How.BOUGHT, How.NOT_BOUGHT) else None
        return Condition(
            fact=self.fact,
            how=self.how,
            **numbers,
            choices=tuple(now.get("choices") or ()) if self.how in CHOOSING else (),
            day=now.get("day") if self.how in (How.BEFORE, How.AFTER) else None,
            days=int(days) if days is not None else None,
        )


def another_row() -> Row:
    """What is asked next, until the owner chooses."""
    return Row("last_order_on", How.IN_THE_LAST, {"days": 90})


CHOOSING = (How.ANY_OF, How.NONE_OF, How.BOUGHT, How.NOT_BOUGHT)


def row_of(condition: Condition, currency: str, *, foreign: bool) -> Row:
    """A condition as controls show it; an amount in a ``foreign`` currency begins empty."""
    kind = fact_named(condition.fact).kind
    empty = foreign and condition.is_money
    now: dict[str, Any] = {
        name: None if empty else _outer(getattr(condition, name), kind, currency) for name in ("low", "high")
    }
    now |= {"choices": list(condition.choices), "day": condition.day, "days": condition.days}
    return Row(condition.fact, condition.how, now)


def usual_how(fact: str, how: How) -> How:
    """What is asked of another fact: the same where it can be."""
    known = HOWS[fact_named(fact).kind]
    return how if how in known else known[0]


def _bounds(how: How) -> tuple[str, ...]:
    return {How.AT_LEAST: ("low",), How.AT_MOST: ("high",), How.BETWEEN: ("low", "high")}.get(how, ())


def _inner(shown: float | None, kind: Kind, currency: str) -> float | None:
    """A number of a control as rules hold it: amounts in minor units, shares of 1."""
    if shown is None:
        return None
    if kind is Kind.MONEY:
        return float(round(shown * minor_units(currency)))
    return shown / SHARE if kind is Kind.SHARE else float(shown)


def _outer(kept: float | date | None, kind: Kind, currency: str) -> Any:
    if kept is None or isinstance(kept, date):
        return kept
    if kind is Kind.MONEY:
        return kept / minor_units(currency)
    return kept * SHARE if kind is Kind.SHARE else float(kept)
