"""Choosing a list of customers: a segment of the owner's own, a named group, a stage or a tier; and opening one.

A list that a page opens once, such as the people of a chart's point, is kept in this window under its title.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm_core.decisions.rfm_groups import called_groups
from crm_core.decisions.segment_words import describe_rules
from crm_core.errors import CrmError
from crm_core.services.saved_segments import SavedSegment, list_saved, people_of_rules
from crm_core.services.segment_facts import SegmentFacts, gather_facts, group_names
from crm_core.vocabulary import Stage, Tier
from pages.parts import loading
from pages.parts.replay import keep_day
from pages.parts.words import as_is, as_option

EVERYONE = "everyone"
KEPT_LISTS, MOST_LISTS = "opened_lists", 12
KINDS = {  # what else a list can be: the fact, how it stands behind a name, and the names
    "rfm_group": ("named group", group_names()),  # under the owner's names
    "stage": ("stage", tuple(stage.value for stage in Stage)),
    "value_tier": ("value tier", tuple(tier.value for tier in Tier)),
    "loyalty_tier": ("loyalty tier", tuple(tier.value for tier in Tier)),
}


@dataclass(frozen=True, eq=False)
class ChosenList:
    """Which customers a page shall show. people: None for everyone; meaning: who they are, in words of ours and the
    owner's."""

    name: str
    people: pd.Index | None
    meaning: str = ""


def facts() -> SegmentFacts:
    """Everybody's facts, for segments, as of the day that is looked at."""
    saved, day, past = loading.preferences(), loading.day_of_list(), loading.replayed() is not None

    def compute() -> SegmentFacts:
        return gather_facts(loading.store(), loading.base(), saved, today=day, replayed=past)

    found: SegmentFacts = loading.kept("segment facts", day, past, saved, compute=compute)
    return found


def choose_list(
    place: DeltaGenerator, key: str, *, label: str = "Segment", on_change: Callable[[], None] | None = None, **more: Any
) -> ChosenList:
    """The choice, which stands in the address under ``key``; who is in it. Says so where the address asks for a list
    that is not there any more."""
    own = {as_option(segment.name): segment for segment in list_saved(loading.store())}
    called = {kind.name: kind.shown for kind in called_groups(loading.preferences().group_words)}
    ready = {
        as_option(list_name(fact, called.get(name, name) if fact == "rfm_group" else name)): (fact, name)
        for fact, (_, names) in KINDS.items()
        for name in names
    }
    opened = {as_option(title): people for title, people in _opened().items() if as_option(title) not in own}
    options = list(dict.fromkeys([EVERYONE, *own, *opened, *ready]))
    asked = st.query_params.get(key, EVERYONE)
    if asked not in options:
        st.info(f"“{as_is(asked)}” is not there any more, so everyone is shown.", icon=":material/group_off:")
    chosen = place.selectbox(label, options, key=key, bind="query-params", on_change=on_change, **more)
    if chosen in own:
        return _own_list(own[chosen])
    if chosen in opened:
        return ChosenList(chosen, opened[chosen])
    if chosen in ready:
        fact, name = ready[chosen]
        table = facts().table
        return ChosenList(chosen, table.index[(table[fact] == name).to_numpy(bool)])
    return ChosenList(EVERYONE, None)


def list_name(fact: str, name: str) -> str:
    """What a named group (by the owner's name), a stage or a tier is called among the choices."""
    return f"{name} ({KINDS[fact][0]})"


def open_in_customers(title: str, people: pd.Index | None = None) -> None:
    """Go to Customers with a list: one that is among the choices by its name, or any customers under a title."""
    if people is not None:
        kept = _opened()
        kept.pop(title, None)
        kept[title] = people
        while len(kept) > MOST_LISTS:
            kept.pop(next(iter(kept)))
    st.switch_page("customers.py", query_params=keep_day({"segment": as_option(title)}))


def offer_in_customers(title: str, people: pd.Index | None = None, *, key: str) -> None:
    """A button that opens a list in Customers."""
    if st.button("Open in Customers", key=key, icon=":material/group:", type="tertiary"):
        open_in_customers(title, people)


def _opened() -> dict[str, pd.Index]:
    found: dict[str, pd.Index] = st.session_state.setdefault(KEPT_LISTS, {})
    return found


def _own_list(segment: SavedSegment) -> ChosenList:
    name = as_option(segment.name)
    if segment.rules is None:
        st.warning(as_is(segment.problem), icon=":material/warning:")
        return ChosenList(name, pd.Index([]))
    known = facts()
    meaning = describe_rules(segment.rules, names=known.names if _names_products(segment) else known.called)
    try:
        return ChosenList(name, people_of_rules(known, segment.rules), meaning)
    except CrmError as error:
        st.warning(as_is(error), icon=":material/warning:")
        return ChosenList(name, pd.Index([]), meaning)


def _names_products(segment: SavedSegment) -> bool:
    return segment.rules is not None and any(one.fact == "product" for one in segment.rules.conditions)
