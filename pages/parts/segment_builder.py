"""The builder of a segment: pick facts, what is asked of them, and the values; groups joined by and or or."""

from typing import Any

import streamlit as st

from crm_core.decisions.segment_facts import FACTS, HOWS, Fact, How, Kind
from crm_core.decisions.segment_rules import AND, OR
from crm_core.decisions.segment_words import say_choice
from crm_core.services.segment_facts import SegmentFacts, choices_of
from crm_core.wording import currency_symbol
from pages.parts.segment_draft import CHOOSING, Draft, DraftGroup, Row, another_row, usual_how
from pages.parts.words import as_option

ALL, ANY = "all of these", "any of these"
WORDS = {AND: ALL, OR: ANY}
SAID = {
    How.ANY_OF: "is any of",
    How.NONE_OF: "is none of",
    How.BEFORE: "before",
    How.AFTER: "after",
    How.IN_THE_LAST: "in the last … days",
    How.LONGER_AGO: "more than … days ago",
    How.KNOWN: "is known",
    How.UNKNOWN: "is not known",
    How.BOUGHT: "bought any of",
    How.NOT_BOUGHT: "bought none of",
}
MANY = 500  # things to choose from, beyond which they are searched first
FOUND = 200
HIDDEN: dict[str, Any] = {"label_visibility": "collapsed"}


def show_builder(facts: SegmentFacts, draft: Draft) -> None:
    """All controls; the draft holds afterwards what they show."""
    known = [fact for fact in FACTS.values() if _is_known(facts, fact)]
    for place, group in enumerate(draft.groups):
        if place == 1:
            draft.join = _choose_join(draft.join, f"own_join_{draft.number}", {AND: "and", OR: "or"}, "Between groups")
        elif place:
            st.caption(draft.join)
        with st.container(border=True, gap="small"):
            _show_group(facts, draft, group, known)
    st.button(
        "Add a group",
        key=f"own_group_{draft.number}",
        icon=":material/library_add:",
        type="tertiary",
        on_click=lambda: draft.groups.append(DraftGroup([another_row()])),
        help="Conditions within a group belong together; groups are joined by “and” or “or”.",
    )


def _show_group(facts: SegmentFacts, draft: Draft, group: DraftGroup, known: list[Fact]) -> None:
    if len(group.rows) > 1:
        group.join = _choose_join(group.join, f"own_all_{group.number}", WORDS, "How many must fit")
    for row in group.rows:
        _show_row(facts, draft, group, row, known)
    st.button(
        "Add a condition",
        key=f"own_add_{group.number}",
        icon=":material/add:",
        type="tertiary",
        on_click=lambda: group.rows.append(another_row()),
    )


def _show_row(facts: SegmentFacts, draft: Draft, group: DraftGroup, row: Row, known: list[Fact]) -> None:
    fact_place, how_place, value_place, last = st.columns([5, 4, 6, 2], vertical_alignment="bottom", gap="small")
    names = [fact.name for fact in known]
    names += [] if row.fact in names else [row.fact]
    chosen = fact_place.selectbox(
        "Fact",
        names,
        index=names.index(row.fact),
        format_func=lambda name: FACTS[name].label,
        key=f"own_fact_{row.number}",
        help=FACTS[row.fact].meaning or None,
        label_visibility="visible" if row is draft.groups[0].rows[0] else "collapsed",
    )
    if chosen != row.fact:
        row.fact, row.how, row.now = chosen, usual_how(chosen, row.how), {}
    fact = FACTS[row.fact]
    hows = list(HOWS[fact.kind])
    row.how = how_place.selectbox(
        "What is asked",
        hows,
        index=hows.index(row.how),
        format_func=lambda how: SAID.get(how, str(how)),
        key=f"own_how_{row.number}_{row.fact}",
        **HIDDEN,
    )
    with value_place:
        _show_value(facts, row, fact)
    alone = len(draft.groups) == 1 and len(group.rows) == 1
    last.button(
        "Remove",
        key=f"own_less_{row.number}",
        type="tertiary",
        help="Take this condition away",
        disabled=alone,
        on_click=_take_away,
        args=(draft, group, row),
    )


def _take_away(draft: Draft, group: DraftGroup, row: Row) -> None:
    group.rows.remove(row)
    if not group.rows:
        draft.groups.remove(group)


def _show_value(facts: SegmentFacts, row: Row, fact: Fact) -> None:
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
        f"{label}, {fact.label}",
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


def _choose_join(now: str, key: str, words: dict[str, str], label: str) -> str:
    return str(
        st.segmented_control(
            label,
            list(words),
            default=now,
            required=True,
            format_func=lambda word: words[word],
            key=key,
            label_visibility="collapsed",
        )
    )


def _is_known(facts: SegmentFacts, fact: Fact) -> bool:
    """Whether the data say anything about it of anybody."""
    if fact.kind is Kind.BOUGHT:
        return bool(choices_of(facts, fact))
    if fact.kind is Kind.KNOWN:
        return True
    return bool(facts.table[fact.name].notna().any())
