"""The builder of a segment: pick facts, what is asked of them, and the values; groups joined by and or or."""

import streamlit as st

from crm_core.decisions.segment_facts import FACTS, Fact, Kind
from crm_core.decisions.segment_rules import AND, OR
from crm_core.services.segment_facts import SegmentFacts, choices_of
from pages.parts.segment_condition import show_row
from pages.parts.segment_draft import Draft, DraftGroup
from pages.parts.segment_row import another_row

ALL, ANY = "all of these", "any of these"
WORDS = {AND: ALL, OR: ANY}


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
        show_row(facts, draft, group, row, known)
    st.button(
        "Add a condition",
        key=f"own_add_{group.number}",
        icon=":material/add:",
        type="tertiary",
        on_click=lambda: group.rows.append(another_row()),
    )


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
