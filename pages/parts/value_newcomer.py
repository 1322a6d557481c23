"""A new customer: their first days on the left, where that led others beside it, and the five most like them."""

import pandas as pd
import streamlit as st

from crm_core.services.customers import CustomerBase
from crm_core.services.first_years import (
    FIRST_DAYS,
    FirstDays,
    FirstYears,
    first_days_of,
    learn_first_years,
    too_few_older,
)
from crm_core.services.newcomers import Forecast, Nearest, forecast_loyalty, nearest_customers, young_customers
from crm_core.wording import count, day, plural
from pages.parts import loading
from pages.parts.display import download_table
from pages.parts.failures import guarded
from pages.parts.people import show_people
from pages.parts.words import as_option

KEYS = {
    "find": "newcomer_find",
    "who": "newcomer_who",
    "days": "newcomer_days",
    "orders": "newcomer_orders",
    "minutes": "newcomer_minutes",
    "asked": "newcomer_asked",
    "answer": "newcomer_answer",
}
USUAL_ANSWER = 60.0  # minutes that stand in the field until the owner writes their own


@st.fragment
@guarded()
def show_newcomer() -> None:
    """The tab; a change of a figure reruns only this."""
    base = loading.base()
    lacking = too_few_older(base)
    if lacking:
        st.info(lacking, icon=":material/hourglass_empty:")
        return
    saved = loading.preferences()
    controls, picture = st.columns([2, 5], gap="medium")
    with controls:
        _pick_young(base)
        seen = _ask_days()
        learnt: FirstYears = loading.kept(
            "first years", saved, seen,
            compute=lambda: learn_first_years(
                loading.store(), base, alpha=saved.alpha, beta=saved.beta, seen_days=seen
            ),
        )  # fmt: skip
        figures = _ask_figures(learnt)
    with picture:
        _show_forecast(forecast_loyalty(learnt, figures), learnt)
        _show_nearest(nearest_customers(loading.store(), base, learnt, figures), learnt)


def _pick_young(base: CustomerBase) -> None:
    """Optionally somebody who came within the last year; their figures fill the fields below."""
    young = young_customers(base)
    if young.empty:
        return
    st.markdown("**Somebody who came within the last year?**")
    text = st.text_input("Find them", key=KEYS["find"], placeholder="Name, e-mail or number", icon=":material/search:")
    found = young_customers(base, text) if text.strip() else young
    st.selectbox(
        "Young customer, the latest first",
        list(found.index),
        index=None,
        format_func=lambda chosen: _name_young(base.table.loc[chosen]),
        key=KEYS["who"],
        placeholder="Nobody: I write the figures" if len(found) else "Nobody matches",
        on_change=_fill_figures,
        args=(base,),
    )


def _name_young(row: pd.Series) -> str:
    return f"{as_option(row['label'])} · since {day(row['first_order_on'].date())}"


def _fill_figures(base: CustomerBase) -> None:
    """The chosen customer's first days into the fields."""
    chosen = st.session_state.get(KEYS["who"])
    if chosen is None:
        return
    figures = first_days_of(loading.store(), base, int(chosen))
    answer = figures.first_response_minutes
    st.session_state[KEYS["days"]] = figures.seen_days
    st.session_state[KEYS["orders"]] = figures.orders
    st.session_state[KEYS["minutes"]] = round(figures.interaction_minutes or 0.0, 1)
    st.session_state[KEYS["asked"]] = answer is not None
    if answer is not None:
        st.session_state[KEYS["answer"]] = round(answer, 1)


def _ask_days() -> int:
    st.markdown("**What did they do in their first days?**")
    st.session_state.setdefault(KEYS["days"], FIRST_DAYS)
    seen = int(
        st.number_input(
            "Days seen (the first order is day 1)",
            1, FIRST_DAYS, step=1,
            key=KEYS["days"],
            help=f"Up to {FIRST_DAYS}. Somebody younger is compared with what others had done by the same day.",
        )
    )  # fmt: skip
    if seen < FIRST_DAYS:
        st.caption(f"{seen} of {FIRST_DAYS} days seen: the forecast gets better with each that passes.")
    return seen


def _ask_figures(learnt: FirstYears) -> FirstDays:
    """Orders, and conversation and service as far as the older customers' are known."""
    for name, start in (("orders", 1), ("minutes", 0.0), ("asked", False), ("answer", USUAL_ANSWER)):
        st.session_state.setdefault(KEYS[name], start)
    orders = int(
        st.number_input("Orders in these days", 1, None, step=1, key=KEYS["orders"], help="The first one included.")
    )
    minutes = answer = None
    if "interaction_minutes" in learnt.facts:
        minutes = float(
            st.number_input(
                "Conversation in these days (minutes)", 0.0, None, step=5.0, format="%.1f", key=KEYS["minutes"]
            )
        )
    if "first_response_minutes" in learnt.facts:
        if st.toggle("They asked service for help", key=KEYS["asked"]):
            answer = float(
                st.number_input(
                    "First answer after (minutes)", 0.0, None, step=15.0, format="%.1f", key=KEYS["answer"],
                    help="The mean over their requests of these days that were answered.",
                )
            )  # fmt: skip
        else:
            st.caption("No request so far.")
    unknown = [
        word
        for name, word in (("interaction_minutes", "conversations"), ("first_response_minutes", "answers of service"))
        if name not in learnt.facts
    ]
    if unknown:
        st.caption(f"Your older customers' first days hold no {' and no '.join(unknown)}, so only the rest counts.")
    return FirstDays(learnt.seen_days, orders, minutes, answer)


def _show_forecast(found: Forecast, learnt: FirstYears) -> None:
    low, value, high = (count(number) for number in (found.low, found.value, found.high))
    st.metric(
        "Loyalty after a year, likely" if found.learnt else "Loyalty after a year, the average",
        f"{value} of 100",
        delta=f"8 of 10 end between {low} and {high}",
        delta_color="off",
        delta_arrow="off",
        border=True,
        help="100 · (α · place by what they spent in their first year + β · repeat rate of that year) / (α + β), with "
        "your saved weights. The place is among the older customers this is learnt from.",
    )
    st.markdown(found.quality)
    drawn = f", drawn from {count(learnt.older)}" if learnt.older > len(learnt.table) else ""
    st.caption(
        f"A random forest learnt from the first {plural(learnt.seen_days, 'day')} of "
        f"{plural(len(learnt.table), 'customer')}{drawn} whose first year is over. “First” is the first order in your "
        "data.",
    )


def _show_nearest(nearest: Nearest, learnt: FirstYears) -> None:
    table, shown = nearest.table, len(nearest.table)
    st.markdown(
        f"**The {shown} older customers who began most like this**",
        help="Nearest on orders, conversation and service of the same first days, each on one scale. "
        "Click one to open the person.",
    )
    if nearest.equal > shown:
        st.caption(f"{count(nearest.equal)} began exactly like this; these {shown} are the latest of them.")
    columns = {
        "label": st.column_config.TextColumn("Customer", pinned=True),
        "loyalty": st.column_config.ProgressColumn("After a year", min_value=0, max_value=100, format="%.0f"),
        "later_orders": st.column_config.NumberColumn(
            "Orders after", format="%d", help=f"After their first {plural(learnt.seen_days, 'day')}, within the year."
        ),
        "bought": st.column_config.TextColumn("Went on to buy", width="large"),
        "orders": st.column_config.NumberColumn("Orders at first", format="%d"),
        "interaction_minutes": st.column_config.NumberColumn("Conversation", format="%.0f min"),
        "first_response_minutes": st.column_config.NumberColumn("First answer", format="%.0f min"),
    }
    wanted = {
        name: column for name, column in columns.items() if name in learnt.facts or name not in table.columns[1:4]
    }
    show_people(table.assign(bought=table["bought"].replace("", "nothing more")), "newcomer_people", columns=wanted)
    download_table(table.round(2), "customers_like_this")
