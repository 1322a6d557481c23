"""The journey: stages that can be opened, the steps from stranger to regular, and who moved since a past day."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm_core.charts.journey import stage_bars
from crm_core.services.customers import CustomerBase
from crm_core.services.journey import NO_ORDER_YET, Journey, Rate, Step, journey_of_customers
from crm_core.wording import count, day, plural, share
from pages.parts import loading
from pages.parts.display import download_table, money_column, palette, show_chart, table_height, to_major
from pages.parts.replay import keep_day
from pages.parts.words import money

CARD = 150  # pixels: two beside each other on a phone
SHOWN_MOVES = 8
PERIODS = {"a month ago": 1, "3 months ago": 3, "a year ago": 12}
FLAT = {"border": True, "delta_color": "off", "delta_arrow": "off", "width": "stretch"}


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
    _show_steps(journey)
    picture, movement = st.columns([6, 5], gap="medium")
    with picture:
        _show_stages(journey, base.currency)
    with movement:
        _show_movement(journey, base.currency)
    _show_table(journey, base.currency)


def _show_steps(journey: Journey) -> None:
    """The four steps, each with its share, its counts and what it means, and how many are most loyal."""
    with st.grid(min_column_width=CARD, key="journey_steps"):
        for step in journey.steps:
            st.metric(step.name, _step_value(step), _step_counts(step), help=_step_meaning(step), **FLAT)
        st.metric(
            "High loyalty score",
            share(journey.loyalty.value) if journey.loyalty.whole else "not known",
            _of(journey.loyalty),
            help=journey.loyalty_meaning,
            **FLAT,
        )


def _step_value(step: Step) -> str:
    if step.unknown:
        return "not known"
    return share(step.rate.value) if step.of_whom else count(step.rate.part)


def _step_counts(step: Step) -> str:
    if step.unknown:
        return "all have ordered"
    return _of(step.rate) if step.of_whom else "people stored"


def _step_meaning(step: Step) -> str:
    if step.unknown:
        return f"{step.meaning} {step.unknown}"
    return f"{step.meaning} Here {_of(step.rate)} {step.of_whom}." if step.of_whom else step.meaning


def whole_money(table: pd.DataFrame, currency: str) -> pd.Series:
    """Sales in whole currency, as the bars say them."""
    return to_major(table["spend_minor"], currency).round()


def _of(rate: Rate) -> str:
    return f"{count(rate.part)} of {count(rate.whole)}"


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


def _show_movement(journey: Journey, currency: str) -> None:
    """How many were lost, and who moved from where to where."""
    st.subheader(f"Since {day(journey.since)}", anchor=False)
    churn = journey.churn
    st.metric(
        "Churn rate",
        share(churn.value, digits=1 if churn.part else 0) if churn else "not known",
        _of(churn) if churn else "too early",
        help=journey.churn_meaning,
        **FLAT,
    )
    moved = journey.moves[journey.moves["moved"]]
    if moved.empty:
        st.info("Nobody moved from one stage to another in this time.", icon=":material/swap_horiz:")
        return
    st.dataframe(
        moved[["stage_before", "stage_now", "customers"]].assign(spend=whole_money(moved, currency)),
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


def _show_table(journey: Journey, currency: str) -> None:
    """Every stage with what it means, as a table to keep."""
    st.subheader("What the stages mean", anchor=False)
    stages = journey.stages
    st.dataframe(
        pd.DataFrame(
            {
                "stage": stages["stage"],
                "customers": stages["customers"],
                "before": stages["before"],
                "spend": whole_money(stages, currency),
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
