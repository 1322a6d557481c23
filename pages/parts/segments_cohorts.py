"""Cohorts: do customers who came together stay, as a heat map with its table behind it."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm_core.charts.cohorts import cohort_heat
from crm_core.services.cohorts import COMEBACK_DAYS, FEWEST, Cohorts, cohorts_of_customers, people_of_cohort
from crm_core.services.customers import CustomerBase
from crm_core.wording import plural
from pages.parts import loading
from pages.parts.display import download_table, palette, show_chart, table_height
from pages.parts.segment_choice import open_in_customers

PEOPLE, MONEY = "customers who ordered", "money kept"
WHAT = {
    PEOPLE: "Per cent of each group who ordered in that {period}. Beside its name: how many customers it holds.",
    MONEY: "Per cent of the money of the first {period} that the group spent in that {period}, before refunds.",
}
NAMES, TILE = 100, 26  # pixels below which figures could not be read
QUESTION = "Do new customers come back?"


def show_cohorts(base: CustomerBase, answer: DeltaGenerator) -> None:
    """The whole view; its title goes to ``answer``."""
    cohorts = loading.kept("cohorts", compute=lambda: cohorts_of_customers(base))
    answer.title(cohorts.headline or QUESTION, anchor=False)
    if cohorts.sentence:
        st.markdown(
            f"**{cohorts.sentence}**",
            help=f"Came back: ordered on a second day within {COMEBACK_DAYS} days of their own first order. The latest "
            f"{cohorts.period} is taken of which everybody has had that time.",
        )
    if not cohorts.tells_something:
        _say_too_little(cohorts)
    else:
        _show_heat(cohorts, base.currency)
    if cohorts.notes:
        st.caption(f":material/info: {' '.join(cohorts.notes)}")
    if len(cohorts.table):
        _show_table(cohorts)
        _offer_people(base, cohorts)


def _say_too_little(cohorts: Cohorts) -> None:
    largest = int(cohorts.table["size"].max()) if len(cohorts.table) else 0
    st.info(
        f"A share needs at least {FEWEST} customers who first bought in the same {cohorts.period}, and a whole "
        f"{cohorts.period} after it. So far the largest such group has {plural(largest, 'customer')}. "
        "An import of older orders helps, else a little time.",
        icon=":material/info:",
    )


def _show_heat(cohorts: Cohorts, currency: str) -> None:
    shown = st.segmented_control(
        "Show", [PEOPLE, MONEY], default=PEOPLE, required=True, key="cohort_value", bind="query-params"
    )
    small = bool(cohorts.table["is_small"].any())
    st.caption(
        WHAT[shown].format(period=cohorts.period)
        + (f" Grey: fewer than {FEWEST} customers, too few for a share." if small else "")
    )
    value = "share" if shown == PEOPLE else "money_share"
    figure = cohort_heat(cohorts.table, currency, palette(), value=value, period=cohorts.period)
    oldest = int(cohorts.table["age"].max())
    with st.grid(1, wrap=False, min_column_width=NAMES + TILE * (oldest + 1)):  # on a phone it is moved sideways
        show_chart(
            figure,
            key="cohort_heat",
            alt=f"What is left of each group of customers, {cohorts.period} by {cohorts.period}",
        )
        _offer_file(cohorts)  # within: what can be moved sideways must hold something that the keyboard reaches


def _show_table(cohorts: Cohorts) -> None:
    """The same in figures: a row a cohort, a column an age."""
    table = cohorts.table
    with st.expander("The same as a table", icon=":material/table:", expanded=not cohorts.tells_something):
        wide = table.set_index(["began_on", "age"])["customers"].unstack()  # noqa: PD010 - each pair stands once
        wide.columns = [f"after_{age}" for age in wide.columns]
        names = table.drop_duplicates("began_on").set_index("began_on")["cohort"]
        st.dataframe(
            pd.concat([names, wide], axis=1),
            key="cohorts",
            hide_index=True,
            height=table_height(len(wide)),
            placeholder="",
            column_config={
                "cohort": st.column_config.TextColumn("First order in", pinned=True, width=95),
                **{
                    name: st.column_config.NumberColumn(_name_age(age, cohorts.period), format="%,d", width=90)
                    for age, name in enumerate(wide.columns)
                },
            },
            alt="Customers of each group who ordered, by time since their first order",
        )
        st.caption("How many of them ordered. The file has the shares and the money too.")
    if not cohorts.tells_something:
        _offer_file(cohorts)


def _offer_people(base: CustomerBase, cohorts: Cohorts) -> None:
    each = cohorts.table.drop_duplicates("began_on")
    begun = dict(zip(each["cohort"], each["began_on"], strict=True))
    chosen = st.selectbox(
        "Open the customers of a cohort",
        list(begun)[::-1],
        index=None,
        placeholder=f"Choose the {cohorts.period} of their first order",
        key="cohort_chosen",
        width=320,
    )
    if chosen is not None:
        open_in_customers(f"First order in {chosen}", people_of_cohort(base, cohorts, begun[chosen]))


def _offer_file(cohorts: Cohorts) -> None:
    download_table(cohorts.table.drop(columns="is_small"), "cohorts")


def _name_age(age: int, period: str) -> str:
    return plural(age, period) if age else f"Same {period}"
