"""The value of a condition: a number, a day, days, or choices."""

from typing import Any

import streamlit as st

from crm_core.decisions.segment_facts import Fact, How, Kind
from crm_core.decisions.segment_words import say_choice
from crm_core.services.segment_facts import SegmentFacts, choices_of
from crm_core.wording import currency_symbol
from pages.parts.segment_row import CHOOSING, Row
from pages.parts.words import as_is, as_option

MANY = 500  # things to choose from, beyond which they are searched first
FOUND = 200
HIDDEN: dict[str, Any] = {"label_visibility": "collapsed"}


def show_value(facts: SegmentFacts, row: Row, fact: Fact) -> None:
    if row.how in CHOOSING:
        _show_choices(facts, row, fact)
    elif row.how in (How.BEFORE, How.AFTER):
        row.now["day"] = st.date_input("Day", value=row.begin("day"), format="YYYY-MM-DD", key=row.key("day"), **HIDDEN)
    elif row.how in (How.IN_THE_LAST, How.LONGER_AGO):
        row.now["days"] = _ask_days(row, "Days", 90)
    elif row.how is How.BETWEEN:
        low, high = st.columns(2, gap="small")
        with low:
            row.now["low"] = _ask_number(facts, row, fact, "low", "From")
        with high:
            row.now["high"] = _ask_number(facts, row, fact, "high", "To")
    elif row.how in (How.AT_LEAST, How.AT_MOST):
        part = "low" if row.how is How.AT_LEAST else "high"
        row.now[part] = _ask_number(facts, row, fact, part, "Number")


def _ask_number(facts: SegmentFacts, row: Row, fact: Fact, part: str, label: str) -> float | None:
    """A number in the unit that stands before it on the screen."""
    begins = row.begin(part)
    unit = currency_symbol(facts.currency) if fact.kind is Kind.MONEY else fact.unit[1]
    return st.number_input(
        f"{label}, {as_is(fact.label)}",
        value=None if begins is None else float(begins),
        step=1.0,
        format="%.12g",
        placeholder=unit or ("0 to 100" if fact.kind is Kind.SHARE else "a number"),
        key=row.key(part),
        **HIDDEN,
    )


def _ask_days(row: Row, label: str, usual: int | None, **more: Any) -> int | None:
    return st.number_input(
        label,
        min_value=1,
        max_value=36_500,
        value=row.begin("days", usual),
        step=1,
        key=row.key("days"),
        **HIDDEN,
        **more,
    )


def _show_choices(facts: SegmentFacts, row: Row, fact: Fact) -> None:
    everything = choices_of(facts, fact)
    names = facts.names if fact.kind is Kind.BOUGHT else facts.called
    begins = list(row.begin("choices", []) or [])
    shown = everything
    if len(everything) > MANY:
        text = st.text_input("Find", key=row.key("find"), placeholder=f"Find among {len(everything):,}", **HIDDEN)
        wanted = text.strip().casefold()
        shown = [one for one in everything if wanted in say_choice(fact, one, names).casefold()][:FOUND]
    held = [*begins, *st.session_state.get(row.key("choices"), [])]
    options = list(dict.fromkeys([*held, *shown]))
    row.now["choices"] = st.multiselect(
        "Choices",
        options,
        default=begins,
        format_func=lambda one: as_option(say_choice(fact, one, names)),
        placeholder="Choose",
        key=row.key("choices"),
        **HIDDEN,
    )
    if fact.kind is Kind.BOUGHT:
        row.now["days"] = _ask_days(row, "Within days", None, placeholder="within days; blank is ever")
