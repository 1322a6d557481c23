"""What narrows the list of customers down: stages, and those who were put away."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm_core.decisions.lifecycle import stage_meanings
from crm_core.services.customers import CustomerBase
from crm_core.vocabulary import Stage

EVERYONE, ARCHIVED = "everyone", "archived"


def go_to_first_page() -> None:
    """A new search, list or order starts on its first page."""
    st.session_state.pop("page", None)
    st.query_params.pop("page", None)


def choose_stage(place: DeltaGenerator, base: CustomerBase) -> str:
    """A stage, everyone, or those put away."""
    chosen = place.selectbox(
        "Stage",
        [EVERYONE, *(stage.value for stage in Stage), ARCHIVED],
        key="stage",
        bind="query-params",
        on_change=go_to_first_page,
        help="  \n".join(f"**{stage.value}**: {meaning}" for stage, meaning in stage_meanings(base.limits).items())
        + "  \n**archived**: put away by you; they count in every figure and are suggested for nothing",
    )
    return str(chosen)
