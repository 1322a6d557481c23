"""Settings, Groups: what parts the scores of recency, orders and sales, what the groups are called and call for."""

import pandas as pd
import streamlit as st

from crm_core.decisions.rfm_groups import GROUPS, LONGEST_ACTION, LONGEST_NAME, GroupWords, called_groups
from crm_core.services.group_choices import RfmLimits, groups_effect, limits_of_fifths
from crm_core.services.preference_effects import Effect
from crm_core.services.preferences import Preferences
from crm_core.wording import currency_symbol, minor_units
from pages.parts import loading
from pages.parts.settings_words import NOBODY, Controls, show_effect

OF_FIFTHS, OWN = "Fifths", "Own limits"
PLACES = ("Score 2 from", "Score 3 from", "Score 4 from", "Score 5 from")
PLACES_OF_DAYS = ("Score 5 within", "Score 4 within", "Score 3 within", "Score 2 within")


def show_groups(controls: Controls) -> None:
    """The limits with their effect, and below them the groups' names and what to do."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.caption(
            "Customers are scored from 1 to 5 by how lately they ordered, how often and for how much; the scores make "
            "the groups on Segments. Fifths compare your customers with each other; limits of your own stay put."
        )
        start = _limits_to_start_from()
        units = minor_units(controls.chosen["currency"])
        symbol = currency_symbol(controls.chosen["currency"])
        days = _ask(controls, "recency_limits", "Days since the last order", PLACES_OF_DAYS, start.recency_days)
        orders = _ask(controls, "order_limits", "Orders", PLACES, start.orders)
        spend = _ask(controls, "spend_limits", f"Sales ({symbol})", PLACES, start.spend_minor, units)
    wanted = controls.choose(recency_limits=days, order_limits=orders, spend_limits=spend)
    with right:
        show_effect(lambda: _effect(controls.saved, wanted) if wanted else Effect((controls.problem,)))
    st.markdown("**Names, and what to do**")
    controls.choose(group_words=_ask_words(controls))


def _ask(
    controls: Controls, name: str, label: str, places: tuple[str, ...], usual: tuple[int, ...], units: int = 1
) -> tuple[int, ...]:
    """The four limits of one fact in its own unit, or none for fifths."""
    own: tuple[int, ...] = getattr(controls.start, name)
    how = st.segmented_control(
        label, [OF_FIFTHS, OWN], default=OWN if own else OF_FIFTHS, required=True, key=controls.key(f"{name}_by")
    )
    if how == OF_FIFTHS:
        return ()
    with st.container(horizontal=True):
        return tuple(
            round(
                units
                * st.number_input(place, value=_in_unit(limit, units), key=controls.key(f"{name}_{place}"), width=112)
            )
            for place, limit in zip(places, own or usual, strict=True)
        )


def _in_unit(limit: int, units: int) -> int | float:
    return limit if units == 1 else limit / units


def _ask_words(controls: Controls) -> tuple[GroupWords, ...]:
    """The groups that are called otherwise or have another thing to do; an emptied cell takes the usual words."""
    now = called_groups(controls.start.group_words)
    table = pd.DataFrame(
        {
            "called": [group.shown for group in now],
            "action": [group.action for group in now],
            "meaning": [group.meaning for group in now],
        }
    )
    edited = st.data_editor(
        table,
        key=controls.key("group_words"),
        hide_index=True,
        num_rows="fixed",
        height="content",
        disabled=["meaning"],
        column_config={
            "called": st.column_config.TextColumn("Called", width=150, max_chars=LONGEST_NAME),
            "action": st.column_config.TextColumn("What to do", max_chars=LONGEST_ACTION),
            "meaning": st.column_config.TextColumn("Who they are"),
        },
        alt="Groups: their names, what to do, and who they are",
    )
    words = []
    for group, called, action in zip(GROUPS, edited["called"], edited["action"], strict=True):
        own_name, own_action = (
            "" if pd.isna(text) or text.strip() == usual else text.strip()
            for text, usual in ((called, group.name), (action, group.action))
        )
        if own_name or own_action:
            words.append((group.name, own_name, own_action))
    return tuple(words)


def _limits_to_start_from() -> RfmLimits:
    base = loading.base()
    found: RfmLimits = loading.kept("limits of fifths", base.currency, compute=lambda: limits_of_fifths(base))
    return found


def _effect(saved: Preferences, wanted: Preferences) -> Effect:
    base = loading.base()
    if base.table.empty:
        return Effect((NOBODY,))
    found: Effect = loading.kept("groups", saved, wanted, compute=lambda: groups_effect(base, saved, wanted))
    return found
