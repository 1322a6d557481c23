"""The journey: stages that can be opened, the steps from stranger to regular, and who moved since a past day."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm_core.charts.journey import stage_bars
from crm_core.services.customers import CustomerBase
from crm_core.services.journey import Journey, journey_of_customers
from crm_core.services.saved_segments import list_saved
from pages.parts import loading
from pages.parts.display import palette, show_chart
from pages.parts.journey_steps import show_steps
from pages.parts.journey_tables import show_movement, show_stage_table
from pages.parts.replay import keep_day
from pages.parts.segment_changes import PERIODS, show_changes


def show_journey(base: CustomerBase, answer: DeltaGenerator) -> None:
    """The whole view; its title goes to ``answer``."""
    period = st.segmented_control(
        "Compare with",
        list(PERIODS),
        default="a month ago",
        required=True,
        key="since",
        bind="query-params",
        help="The stages of that day are worked out from the orders up to it, as they would have been then.",
    )
    saved, known = loading.preferences(), loading.known_then()["customers"]
    months = PERIODS[period]
    journey = loading.kept(
        "journey", months, saved, known, compute=lambda: journey_of_customers(base, saved, known=known, months=months)
    )
    answer.title(journey.sentence, anchor=False)
    show_steps(journey)
    picture, movement = st.columns([6, 5], gap="medium")
    with picture:
        _show_stages(journey, base.currency)
    with movement:
        show_movement(journey, base.currency)
    show_stage_table(journey, base.currency)
    st.subheader("Who moved between the named groups", anchor=False)
    first = base.table["first_order_on"].min().date()
    show_changes(base, list_saved(loading.store()), months=months, own=False, first=first)


def _show_stages(journey: Journey, currency: str) -> None:
    """The bars; a click on one, or a choice below, opens its customers."""
    st.subheader("Who stands where", anchor=False)
    event = show_chart(
        stage_bars(journey.stages, currency, palette()),
        key="stage_bars",
        on_select="rerun",
        selection_mode="points",
        alt="Customers and sales of each stage",
    )
    points = event["selection"]["points"] if event else []
    if points:
        _open_stage(points[0]["customdata"][0])
    filled = journey.stages.loc[journey.stages["customers"] > 0, "stage"].tolist()
    chosen = st.selectbox(
        "Open the customers of a stage",
        filled,
        index=None,
        placeholder="Choose here, or click a bar",
        key="stage_chosen",
        width=320,
    )
    if chosen:
        _open_stage(chosen)


def _open_stage(stage: str) -> None:
    st.switch_page("customers.py", query_params=keep_day({"stage": stage}))
