"""Settings, Worth: margin, discount rate, how far to look ahead, what a contact saves, and subscriptions."""

import streamlit as st

from crm_core.services.preference_effects import (
    Effect,
    at_stake_today,
    recoverable_effect,
    subscriptions_effect,
    undiscounted_margin,
    worth_effect,
)
from crm_core.services.preferences import Preferences
from crm_core.vocabulary import DAYS_PER_MONTH
from pages.parts import loading
from pages.parts.settings_words import NOBODY, SUBSCRIPTIONS, Controls, show_effect

MONTHS = (3, 6, 12, 24, 36, 60)


def show_worth(controls: Controls) -> None:
    """Margin, discount rate, horizon, and what a contact saves."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        margin = _ask_share(controls, "Margin (% of sales)", "margin_share")
        st.caption("What is left of 100 in sales after goods, shipping and fees. Worth ahead is this share of sales.")
        rate = _ask_share(controls, "Discount rate (% a year)", "discount_rate")
        st.caption("How much less money a year away is worth to you than money today.")
        days = _ask_horizon(controls)
        st.caption("How far worth ahead and expected purchases look.")
    wanted = controls.choose(margin_share=margin, discount_rate=rate, horizon_days=days)
    with right:
        show_effect(lambda: _worth(controls.saved, wanted) if wanted else Effect((controls.problem,)))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        saved_share = _ask_share(controls, "Saved by a contact (%)", "share_saved")
        st.caption("The share of the money at stake that you expect to keep by getting in touch.")
    saved_by = controls.choose(share_saved=saved_share)
    with right:
        show_effect(lambda: _recoverable(controls.saved, saved_by) if saved_by else Effect((controls.problem,)))
    _show_subscriptions(controls)


def _show_subscriptions(controls: Controls) -> None:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = st.segmented_control(
            "Subscriptions",
            list(SUBSCRIPTIONS),
            default=controls.start.subscriptions,
            format_func=lambda choice: SUBSCRIPTIONS[choice],
            required=True,
            key=controls.key("subscriptions"),
        )
        st.caption(
            "For who pays week by week, month by month or year by year: a tab on Value & loyalty with who still pays, "
            "how long subscribers stay and what they will bring."
        )
    wanted = controls.choose(subscriptions=chosen)
    with right:
        show_effect(lambda: _subscriptions(wanted) if wanted else Effect((controls.problem,)))


def _ask_share(controls: Controls, label: str, name: str) -> float:
    value = round(100 * getattr(controls.start, name), 4)
    # no limits of the control itself: it would turn red without a word; Controls says them
    percent = st.number_input(label, value=value, step=1.0, format="%g", key=controls.key(name), width=240)
    return round(percent / 100, 6)


def _ask_horizon(controls: Controls) -> int:
    now = round(controls.start.horizon_days / DAYS_PER_MONTH)
    choices = sorted({*MONTHS, now})
    months = st.selectbox(
        "Looking ahead",
        choices,
        index=choices.index(now),
        format_func=lambda number: f"{number} months",
        key=controls.key("horizon"),
        width=240,
    )
    return controls.start.horizon_days if months == now else 365 * months // 12


def _worth(saved: Preferences, wanted: Preferences) -> Effect:
    base = loading.base()
    if base.table.empty:
        return Effect((NOBODY,))
    whole = loading.kept(
        "whole margin",
        wanted.discount_rate,
        wanted.horizon_days,
        compute=lambda: undiscounted_margin(base, wanted),
    )
    return worth_effect(base, saved, wanted, full_margin_minor=whole)


def _subscriptions(wanted: Preferences) -> Effect:
    base = loading.base()
    if base.table.empty:
        return Effect((NOBODY,))
    return loading.kept(
        "subscriptions effect", wanted.subscriptions, compute=lambda: subscriptions_effect(base, wanted)
    )


def _recoverable(saved: Preferences, wanted: Preferences) -> Effect:
    if loading.base().table.empty:
        return Effect((NOBODY,))
    stake = at_stake_today(loading.store(), loading.suggestions(), today=loading.today())
    return recoverable_effect(stake, saved, wanted)
