"""The line of one condition in the builder: its fact, what is asked, the value, and the way to take it away."""

import streamlit as st

from crm_core.decisions.segment_facts import HOWS, Fact, How, fact_named
from crm_core.services.segment_facts import SegmentFacts
from pages.parts.segment_draft import Draft, DraftGroup
from pages.parts.segment_row import Row, usual_how
from pages.parts.segment_values import HIDDEN, show_value
from pages.parts.words import as_option

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


def show_row(facts: SegmentFacts, draft: Draft, group: DraftGroup, row: Row, known: list[Fact]) -> None:
    """Its controls; the row holds afterwards what they show."""
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


def _name_fact(name: str) -> str:
    """As it stands among the choices; an owner's field may be called as a fact of ours."""
    fact = fact_named(name)
    return f"{as_option(fact.label)} (own field)" if fact.field else fact.label
