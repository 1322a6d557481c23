"""Segments of the owner's own: all of them counted now, the chosen one's people, and its rules open to change."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm_core.decisions.segment_rules import Rules
from crm_core.decisions.segment_words import describe_rules
from crm_core.errors import CrmError
from crm_core.services.customers import CustomerBase
from crm_core.services.saved_segments import (
    SavedSegment,
    count_segments,
    list_saved,
    people_of_rules,
    segment_people,
)
from crm_core.services.segment_facts import SegmentFacts
from crm_core.wording import count, plural
from pages.parts import loading, segment_choice
from pages.parts.display import money_column
from pages.parts.people import show_spenders
from pages.parts.segment_begin import offer_templates
from pages.parts.segment_builder import show_builder
from pages.parts.segment_changes import choose_period, show_changes
from pages.parts.segment_draft import DRAFT, Draft, draft_of, the_draft
from pages.parts.segment_saving import CHOSEN, NEW, show_saving, show_undo
from pages.parts.segments_own_list import show_all
from pages.parts.words import as_is, as_option, money

CARD = 190  # pixels: millions stand in it whole


def show_own_segments(base: CustomerBase, answer: DeltaGenerator) -> None:
    """The whole view; its title goes to ``answer``."""
    saved, facts = list_saved(loading.store()), segment_choice.facts()
    answer.title(_headline(saved), anchor=False)
    show_undo()
    counted = count_segments(facts, saved)
    if saved:
        show_all(counted, base.currency)
    chosen = _choose(saved, facts)
    _show_one(facts, base, chosen)
    if saved:
        st.subheader("Who entered, who left", anchor=False)
        first = base.table["first_order_on"].min().date()
        show_changes(base, saved, months=choose_period("own_since"), own=True, first=first)


def _headline(saved: list[SavedSegment]) -> str:
    if not saved:
        return "Which customers do you want to see together?"
    return f"You keep {plural(len(saved), 'segment')} of your own"


def _choose(saved: list[SavedSegment], facts: SegmentFacts) -> SavedSegment | None:
    """The segment that is looked at, None for a new one; the draft follows."""
    own = {as_option(segment.name): segment for segment in saved}
    left, right = st.columns(2, vertical_alignment="bottom")
    name = left.selectbox("Segment", [NEW, *own], key=CHOSEN, bind="query-params")
    chosen = own.get(name)
    draft = the_draft()
    if draft.segment_id != (chosen.segment_id if chosen else None):
        st.session_state[DRAFT] = (
            draft_of(chosen.rules, name=chosen.name, saved=chosen, currency=facts.currency) if chosen else Draft()
        )
    if chosen is None:
        offer_templates(right, facts)
    return chosen


def _show_one(facts: SegmentFacts, base: CustomerBase, chosen: SavedSegment | None) -> None:
    draft = the_draft()
    if chosen is not None and chosen.problem:
        st.warning(as_is(chosen.problem), icon=":material/warning:")
    if chosen is not None and chosen.rules is not None and (problem := chosen.rules.other_currency(base.currency)):
        st.warning(as_is(problem), icon=":material/warning:")
    figures = st.container() if chosen else None  # of a kept one the answer comes first
    with st.expander("Rules", icon=":material/rule:", expanded=chosen is None):
        show_builder(facts, draft)
    try:
        rules = draft.rules(base.currency)
        people = people_of_rules(facts, rules)
    except CrmError as error:
        st.info(as_is(error), icon=":material/edit:")
        show_saving(draft, chosen, None)
        return
    found = segment_people(facts, people)
    if figures is None:
        show_saving(draft, chosen, rules)
    with figures or st.container():
        _show_figures(facts, base, rules, found)
    if figures is not None:
        show_saving(draft, chosen, rules)
    kept = chosen is not None and rules == chosen.rules
    _show_people(base, found, chosen.name if kept else f"{draft.name or 'New segment'}, not saved", kept=kept)


def _show_figures(facts: SegmentFacts, base: CustomerBase, rules: Rules, found: pd.DataFrame) -> None:
    """The rules in words, how many they fit, and their money."""
    st.markdown(f"**{as_is(describe_rules(rules, names=facts.names))}.**")
    figures = {"Customers": count(len(found)), "Sales so far": money(found["spend_minor"].sum(), base.currency)}
    if base.value_is_learnt:
        figures["Worth ahead"] = money(found["clv_minor"].sum(), base.currency)
    with st.grid(min_column_width=CARD, key="own_figures"):
        for label, value in figures.items():
            st.metric(label, value, border=True, width="stretch")


def _show_people(base: CustomerBase, found: pd.DataFrame, title: str, *, kept: bool) -> None:
    if found.empty:
        st.info("Nobody fits all of this now. Loosen a condition, or keep it for later.", icon=":material/group_off:")
        return
    segment_choice.offer_in_customers(title, None if kept else found.index, key="own_open")
    columns = {
        "label": st.column_config.TextColumn("Customer", pinned=True),
        "email": st.column_config.TextColumn("E-mail"),
        "stage": st.column_config.TextColumn("Stage"),
        "orders": st.column_config.NumberColumn("Orders", format="%,d"),
        "last_order_on": st.column_config.DateColumn("Latest order", format="D MMM YYYY"),
        "spend": money_column("Sales so far", base.currency),
    }
    if found["email"].isna().all():
        del columns["email"]
    show_spenders(found.drop(columns="source_id"), "own_people", currency=base.currency, columns=columns)
