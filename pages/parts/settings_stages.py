"""Settings, Stages: from when on a customer is late, lost or loyal, and how far a churn risk looks."""

import streamlit as st

from crm_core.services.preference_effects import (
    Effect,
    churn_effect,
    stages_effect,
)
from crm_core.services.preferences import Preferences
from crm_core.vocabulary import LateBy
from pages.parts import loading
from pages.parts.settings_words import LATE_BY, NOBODY, Controls, show_effect


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


def _stages(wanted: Preferences) -> Effect:
    base = loading.base()
    return stages_effect(base, wanted.stage_limits) if len(base.table) else Effect((NOBODY,))


def _churn(wanted: Preferences) -> Effect:
    base = loading.base()
    return churn_effect(base, wanted.churn_days) if len(base.table) else Effect((NOBODY,))
