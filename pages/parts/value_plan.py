"""The owner's plan for one customer: a table of years, and what it is worth today."""

import streamlit as st

from crm_core.charts.value import plan_bars
from crm_core.services.planning import (
    STARTING_PLAN,
    Plan,
    load_plan,
    plan_table,
    plan_years,
    save_plan,
    value_plan,
    yearly_values,
)
from crm_core.wording import currency_symbol, minor_units
from pages.parts import loading
from pages.parts.display import palette, show_chart
from pages.parts.failures import guarded
from pages.parts.words import money


@st.fragment
@guarded()
def show_plan(currency: str) -> None:
    """The tab: years on the left, the result beside them. Every edit is reckoned at once."""
    store = loading.store()
    saved = load_plan(store)
    years, result = st.columns([5, 2], gap="medium")
    with years:
        st.markdown(
            "**What do you expect of one customer, year by year?**",
            help="For somebody without a history, or a big account that you know better than any statistics. "
            "It does not enter the loyalty score.",
        )
        edited = st.data_editor(
            plan_table(saved),
            key="value_plan_years",
            num_rows="dynamic",
            hide_index=True,
            column_config=_columns(currency),
            alt="Years of the plan with revenue, probability and cost",
        )
        if saved == STARTING_PLAN:
            st.caption("These three years are an example; write your own over them and save.")
        drawing = st.container()
    with result:
        rate = st.number_input(
            "Discount rate (% a year)", 0.0, 100.0, saved.discount_rate * 100, 1.0, format="%.1f", key="value_plan_rate"
        )
        cost = st.number_input(
            f"Cost of winning them ({currency_symbol(currency)})",
            0.0,
            None,
            saved.acquisition_cost,
            10.0,
            key="value_plan_cost",
        )
        plan = Plan(plan_years(edited), rate / 100, cost)
        value = value_plan(plan)
        with drawing:
            figure = plan_bars(yearly_values(plan), palette(), symbol=currency_symbol(currency))
            show_chart(figure, "value_plan_chart")
        st.metric(
            "Worth today",
            money(value * minor_units(currency), currency, exact=True),
            border=True,
            help="Σ (revenue × probability − cost) / (1 + rate)^year, less the cost of winning the customer. "
            "Each year counts at its end.",
        )
        if value < 0:
            st.caption("Below zero: this customer would cost more than they bring.")
        st.button(
            "Save the plan", on_click=save_plan, args=(store, plan), disabled=plan == saved, icon=":material/save:"
        )


def _columns(currency: str) -> dict[str, object]:
    sign = currency_symbol(currency)
    return {
        "revenue": st.column_config.NumberColumn(
            f"Revenue ({sign})", format="%,.2f", required=True, help="What they would spend in that year if they buy."
        ),
        "probability_percent": st.column_config.NumberColumn(
            "Probability (%)",
            format="%.0f",
            min_value=0,
            max_value=100,
            required=True,
            help="That they buy in that year.",
        ),
        "cost": st.column_config.NumberColumn(
            f"Cost ({sign})", format="%,.2f", default=0.0, help="What serving them costs in that year."
        ),
    }
