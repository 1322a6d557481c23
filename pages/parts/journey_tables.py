"""The journey: who moved from stage to stage since a past day, and every stage with what it means."""

from collections import Counter

import pandas as pd
import streamlit as st

from crm_core.services.journey import NO_ORDER_YET, Journey
from crm_core.wording import day, plural, share
from pages.parts.display import download_table, money_column, table_height, to_major
from pages.parts.journey_steps import FLAT, of_whom
from pages.parts.segment_choice import open_in_customers
from pages.parts.words import money

SHOWN_MOVES = 8


def show_movement(journey: Journey, currency: str) -> None:
    """How many were lost, and who moved from where to where."""
    st.subheader(f"Since {day(journey.since)}", anchor=False)
    churn = journey.churn
    st.metric(
        "Churn rate",
        share(churn.value, digits=1 if churn.part else 0) if churn else "not known",
        of_whom(churn) if churn else "too early",
        help=journey.churn_meaning,
        **FLAT,
    )
    moved = journey.moves[journey.moves["moved"]]
    if moved.empty:
        st.info("Nobody moved from one stage to another in this time.", icon=":material/swap_horiz:")
        return
    st.dataframe(
        moved[["stage_before", "stage_now", "customers"]].assign(spend=to_major(moved["spend_minor"], currency)),
        key="moves",
        hide_index=True,
        height="content" if len(moved) <= SHOWN_MOVES else table_height(SHOWN_MOVES),
        column_config={
            "stage_before": st.column_config.TextColumn(
                "Was", width=95, help=f"The stage on {day(journey.since)}. “{NO_ORDER_YET}” is who ordered first since."
            ),
            "stage_now": st.column_config.TextColumn("Is now", width=75),
            "customers": st.column_config.NumberColumn("Customers", format="%,d", width=80),
            "spend": money_column("Sales so far", currency, whole=True, help="Of these customers, over all time."),
        },
        alt="Who moved from one stage to another",
    )
    with st.container(horizontal=True, gap="small"):
        download_table(journey.moves.drop(columns="moved"), "stage_moves")
        download_table(journey.movers, "who_moved", label="With names as CSV")
    _offer_movers(journey)


def _offer_movers(journey: Journey) -> None:
    """Open who moved from one stage to another in Customers."""
    movers = journey.movers
    moves = [f"{before} → {now}" for before, now in zip(movers["stage_before"], movers["stage_now"], strict=True)]
    chosen = st.selectbox(
        "Open who moved",
        [move for move, _ in Counter(sorted(moves)).most_common()],
        index=None,
        placeholder="Choose from where to where",
        key="move_chosen",
    )
    if chosen:
        people = movers.index[[move == chosen for move in moves]]
        open_in_customers(f"{chosen} since {day(journey.since)}", people)


def show_stage_table(journey: Journey, currency: str) -> None:
    """Every stage with what it means, as a table to keep."""
    st.subheader("What the stages mean", anchor=False)
    stages = journey.stages
    st.dataframe(
        pd.DataFrame(
            {
                "stage": stages["stage"],
                "customers": stages["customers"],
                "before": stages["before"],
                "spend": to_major(stages["spend_minor"], currency),
                "percent": 100 * stages["spend_share"],
                "meaning": stages["meaning"],
            }
        ),
        key="stages",
        hide_index=True,
        placeholder="",
        height="content",
        column_config={
            "stage": st.column_config.TextColumn("Stage", width=80),
            "customers": st.column_config.NumberColumn("Customers", format="%,d", width=80),
            "before": st.column_config.NumberColumn(
                f"On {day(journey.since)}", format="%,d", width=110,
                help="Empty for prospects: when somebody became known is not stored.",
            ),
            "spend": money_column("Sales", currency, whole=True),
            "percent": st.column_config.NumberColumn("Of sales", format="%.0f%%", width=70),
            "meaning": st.column_config.TextColumn("Who they are"),
        },
        alt="Stages with their customers, sales and meaning",
    )  # fmt: skip
    download_table(stages, "stages")
    total = int(stages["spend_minor"].sum())
    st.caption(
        f"{plural(journey.made_by.customers, 'customer')} with {plural(journey.made_by.orders, 'order')}, "
        f"{money(total, currency)} in sales net of refunds · stages follow from each customer's own rhythm; Settings "
        "has the limits"
    )
