"""Settings, Worth, Loyalty and Stages: what customers are worth, who leads, and from when on someone is late."""

from dataclasses import replace

import streamlit as st

from crm_core.services.loyalty import LoyaltyBase, loyalty_base
from crm_core.services.preference_effects import (
    Effect,
    at_stake_today,
    churn_effect,
    recoverable_effect,
    stages_effect,
    subscriptions_effect,
    tiers_effect,
    undiscounted_margin,
    weights_effect,
    worth_effect,
)
from crm_core.services.preferences import Preferences
from crm_core.vocabulary import DAYS_PER_MONTH, LateBy
from pages.parts import loading
from pages.parts.settings_words import LATE_BY, SUBSCRIPTIONS, Controls, show_effect

NOBODY = "Nobody has ordered yet, so there is nothing to show."
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


def show_loyalty(controls: Controls) -> None:
    """The weights and the tiers' cut-offs."""
    start = controls.start
    left, right = st.columns([3, 2], gap="medium")
    with left:
        alpha = st.slider("Weight of value (α)", 0.0, 1.0, start.alpha, 0.05, key=controls.key("alpha"))
        beta = st.slider("Weight of repeat buying (β)", 0.0, 1.0, start.beta, 0.05, key=controls.key("beta"))
        st.caption("Loyalty weighs predicted worth against coming back. Only the ratio of the two counts.")
    weights = {"alpha": alpha, "beta": beta}
    weighed = controls.choose(**weights)
    with right:
        show_effect(lambda: _weights(controls.saved, weighed) if weighed else Effect((controls.problem,)))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        cuts = (start.low_cut, start.high_cut)
        low, high = st.slider("Cut-offs of the tiers", 0.0, 100.0, cuts, 1.0, format="%d", key=controls.key("cuts"))
        st.caption("Loyalty below the left mark is low, from the right mark on high, between them medium.")
    tiers = controls.choose(low_cut=low, high_cut=high)
    with right:
        show_effect(lambda: _tiers(controls.saved, replace(tiers or start, **weights) if weighed else start))


def show_stages(controls: Controls) -> None:
    """From when on a customer is late, lost or loyal."""
    start = controls.start
    left, right = st.columns([3, 2], gap="medium")
    with left:
        late_by = st.segmented_control(
            "A customer is late by",
            list(LATE_BY),
            default=start.late_by,
            format_func=lambda choice: LATE_BY[choice],
            required=True,
            key=controls.key("late_by"),
        )
        with st.container(horizontal=True):
            steps = _ask_days(controls) if late_by == LateBy.DAYS else _ask_gaps(controls)
        unit = (
            "In days since the last order, the same for everybody, whatever their rhythm."
            if late_by == LateBy.DAYS
            else "In multiples of each customer's own usual gap between orders. Whoever is more likely than not to "
            "order within a year is lapsed at most, however late."
        )
        st.caption(f"{unit} Today's list asks you to look after those between at risk and lost.")
        loyal = st.number_input(
            "Loyal from (days with an order)", value=start.loyal_from_days, key=controls.key("loyal"), width=240
        )
        st.caption("Whoever is in rhythm is active, and loyal from so many days with an order on.")
    wanted = controls.choose(late_by=late_by, **steps, loyal_from_days=int(loyal))
    with right:
        show_effect(lambda: _stages(wanted) if wanted else Effect((controls.problem,)))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        churn = st.number_input(
            "Churn risk looks ahead (days)", value=start.churn_days, key=controls.key("churn"), width=240
        )
        st.caption("A customer's churn risk is the chance that no order comes within so many days.")
    looked_ahead = controls.choose(churn_days=int(churn))
    with right:
        show_effect(lambda: _churn(looked_ahead) if looked_ahead else Effect((controls.problem,)))


def _ask_gaps(controls: Controls) -> dict[str, float]:
    return {
        name: st.number_input(
            label, value=getattr(controls.start, name), step=0.5, format="%.1f", key=controls.key(name), width=148
        )
        for name, label in (
            ("at_risk_from", "At risk after"),
            ("lapsed_from", "Lapsed after"),
            ("lost_from", "Lost after"),
        )
    }


def _ask_days(controls: Controls) -> dict[str, int]:
    return {
        name: int(st.number_input(label, value=getattr(controls.start, name), key=controls.key(name), width=148))
        for name, label in (
            ("at_risk_days", "At risk after"),
            ("lapsed_days", "Lapsed after"),
            ("lost_days", "Lost after"),
        )
    }


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


def _weights(saved: Preferences, wanted: Preferences) -> Effect:
    return weights_effect(_loyal(), saved, wanted) if len(loading.base().table) else Effect((NOBODY,))


def _tiers(saved: Preferences, wanted: Preferences) -> Effect:
    return tiers_effect(_loyal(), saved, wanted) if len(loading.base().table) else Effect((NOBODY,))


def _stages(wanted: Preferences) -> Effect:
    base = loading.base()
    return stages_effect(base, wanted.stage_limits) if len(base.table) else Effect((NOBODY,))


def _churn(wanted: Preferences) -> Effect:
    base = loading.base()
    return churn_effect(base, wanted.churn_days) if len(base.table) else Effect((NOBODY,))


def _loyal() -> LoyaltyBase:
    base = loading.base()
    return loading.kept("loyalty", loading.preferences(), compute=lambda: loyalty_base(base))
