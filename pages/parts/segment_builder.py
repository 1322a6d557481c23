"""The builder of a segment: pick facts, what is asked of them, and the values; groups joined by and or or."""

import streamlit as st

from crm_core.decisions.segment_facts import FACTS, HOWS, Fact, How, Kind, fact_named
from crm_core.decisions.segment_rules import AND, OR
from crm_core.services.segment_facts import SegmentFacts, choices_of
from pages.parts.segment_draft import Draft, DraftGroup, Row, another_row, usual_how
from pages.parts.segment_values import HIDDEN, show_value
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


def show_builder(facts: SegmentFacts, draft: Draft) -> None:
    """All controls; the draft holds afterwards what they show."""
    known = [*(fact for fact in FACTS.values() if _is_known(facts, fact)), *facts.fields]
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
        format_func=_name_fact,
        key=f"own_fact_{row.number}",
        help=fact_named(row.fact).meaning or None,
        label_visibility="visible" if row is draft.groups[0].rows[0] else "collapsed",
    )
    if chosen != row.fact:
        row.fact, row.how, row.now = chosen, usual_how(chosen, row.how), {}
    fact = fact_named(row.fact)
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
        show_value(facts, row, fact)
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


def _name_fact(name: str) -> str:
    """As it stands among the choices; an owner's field may be called as a fact of ours."""
    fact = fact_named(name)
    return f"{as_option(fact.label)} (own field)" if fact.field else fact.label


def _is_known(facts: SegmentFacts, fact: Fact) -> bool:
    """Whether the data say anything about it of anybody."""
    if fact.kind is Kind.BOUGHT:
        return bool(choices_of(facts, fact))
    if fact.kind is Kind.KNOWN:
        return True
    return bool(facts.table[fact.name].notna().any())
