"""The journey: the steps from stranger to regular, as cards."""

import streamlit as st

from crm_core.services.journey import SATISFIED, Journey, Rate, Step
from crm_core.wording import count, share

CARD = 150  # pixels: two beside each other on a phone
SATISFIED_MEANS = (
    f"Customers whose answers to surveys come to {share(SATISFIED)} of the best score or more on average, of those who "
    "answered: 4 of 5 on a scale from 1."
)
FLAT = {"border": True, "delta_color": "off", "delta_arrow": "off", "width": "stretch"}


def show_steps(journey: Journey) -> None:
    """The four steps, each with its share, its counts and what it means; how many are most loyal, and satisfied."""
    six = bool(journey.satisfaction.whole)  # in one row they would be too narrow, and the last one stands alone in two
    with st.grid(3 if six else "auto", min_column_width=CARD, key="journey_steps"):
        for step in journey.steps:
            st.metric(step.name, _step_value(step), _step_counts(step), help=_step_meaning(step), **FLAT)
        st.metric(
            "High loyalty score",
            share(journey.loyalty.value) if journey.loyalty.whole else "not known",
            of_whom(journey.loyalty),
            help=journey.loyalty_meaning,
            **FLAT,
        )
        if six:
            st.metric(
                "Satisfied",
                share(journey.satisfaction.value),
                of_whom(journey.satisfaction),
                help=SATISFIED_MEANS,
                **FLAT,
            )


def _step_value(step: Step) -> str:
    if step.unknown:
        return "not known"
    return share(step.rate.value) if step.of_whom else count(step.rate.part)


def _step_counts(step: Step) -> str:
    if step.unknown:
        return "all have ordered"
    return of_whom(step.rate) if step.of_whom else "people stored"


def _step_meaning(step: Step) -> str:
    if step.unknown:
        return f"{step.meaning} {step.unknown}"
    return f"{step.meaning} Here {of_whom(step.rate)} {step.of_whom}." if step.of_whom else step.meaning


def of_whom(rate: Rate) -> str:
    """A rate as its counts."""
    return f"{count(rate.part)} of {count(rate.whole)}"
