"""Settings, Days: the time zone, when the week starts, when data count as ended; and the theme."""

import streamlit as st

from crm_core.services.offer_effect import offer_days_effect
from crm_core.services.offer_feedback import OfferDay
from crm_core.services.offer_wishes import feedback_version
from crm_core.services.preference_effects import Effect, silence_effect, week_effect, zone_effect
from crm_core.services.preferences import Preferences
from crm_core.services.time_zones import known_zones
from crm_core.vocabulary import WeekStart
from pages.parts import loading
from pages.parts.settings_words import Controls, say_zone, show_effect


def show_days(controls: Controls) -> None:
    """The section, a row a choice."""
    saved, start = controls.saved, controls.start
    left, right = st.columns([3, 2], gap="medium")
    with left:
        zones = list(dict.fromkeys([start.time_zone, "", *known_zones()]))
        zone = st.selectbox("Time zone", zones, format_func=say_zone, key=controls.key("zone"), width=320)
        st.caption(
            "Today is the day it is there. Times in files that name their zone are taken to it before their day "
            "counts; orders that are in already keep theirs."
        )
    controls.choose(time_zone=zone)
    with right:
        show_effect(lambda: zone_effect(loading.now(), saved.time_zone, zone))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        days = [start_day.value for start_day in WeekStart]
        week = st.segmented_control(
            "The week starts on",
            days,
            default=start.week_start,
            format_func=str.capitalize,
            required=True,
            key=controls.key("week"),
        )
        st.caption("Sales of the week, on Today, are counted from it.")
    controls.choose(week_start=week)
    with right:
        show_effect(lambda: _week(saved, week))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        silence = st.number_input(
            "Days without an order until data count as ended",
            value=start.silence_days, key=controls.key("silence"), width=320,
        )  # fmt: skip
        st.caption(
            "After so long a silence, and three usual gaps between order days, figures are as of the last order, so "
            "that an old file does not show everyone as lost."
        )
    wanted = controls.choose(silence_days=int(silence))
    with right:
        show_effect(lambda: _silence(wanted) if wanted else Effect((controls.problem,)))
    show_offer_days(controls)
    st.caption(
        f":material/contrast: Colours follow your system: it asks for the {st.context.theme.type or 'light'} ones now, "
        "and a change there shows here at once."
    )


def show_offer_days(controls: Controls) -> None:
    """Within how many days an offer counts as bought."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        within = st.number_input(
            "Days in which an offer counts as bought",
            value=controls.start.offer_days, key=controls.key("offer"), width=320,
        )  # fmt: skip
        st.caption(
            "Recommend, Results: what is on a customer's list is looked for in their orders of so many days. Offers "
            "that were shown already keep the days they had then."
        )
    wanted = controls.choose(offer_days=int(within))
    with right:
        show_effect(lambda: _offers(wanted) if wanted else Effect((controls.problem,)))


def _offers(wanted: Preferences) -> Effect:
    store, base, days = loading.store(), loading.base(), wanted.offer_days
    at = OfferDay(loading.today(), wanted.time_zone)
    made = feedback_version(store, at=at, until_now=True)
    found: Effect = loading.kept(
        "days of offers", days, at, *made, compute=lambda: offer_days_effect(store, base, days, at=at)
    )
    return found


def _silence(wanted: Preferences) -> Effect:
    return silence_effect(loading.as_of(), loading.as_of_with(wanted.silence_days))


def _week(saved: Preferences, week: str) -> Effect:
    base = loading.base()
    if base.table.empty:
        return Effect(("Once there are orders, this shows the sales of the week.",))
    return loading.kept(
        "week",
        saved.week_start,
        week,
        compute=lambda: week_effect(loading.store(), base, saved.week_start, week),
    )
