"""One regular customer as a series: their months, how these go on, and what that is worth today."""

import pandas as pd
import streamlit as st

from crm_core.charts.spend_series import spend_and_forecast
from crm_core.services.customers import CustomerBase
from crm_core.services.spend_outlook import Method, Outlook, series_outlook
from crm_core.services.spend_series import MOST_CUSTOMERS
from crm_core.wording import plural, share
from pages.parts import loading
from pages.parts.display import (
    download_table,
    money_column,
    palette,
    show_chart,
    table_height,
    to_major,
)
from pages.parts.failures import guarded
from pages.parts.words import as_is, as_option, estimate

YEARS = (1, 2, 3)


@st.fragment
@guarded()
def show_outlook(base: CustomerBase, regular: pd.DataFrame, *, best: Method | None) -> None:
    """Choose a customer, a method and how far; the chart and the value follow. ``best``: the closest in the test; None
    where none was made, and nobody is chosen by itself."""
    if regular.empty:
        return
    st.markdown("**One customer as a series**")
    names = regular["label"].head(MOST_CUSTOMERS).map(as_option)
    methods = list(Method)
    who, how, far = st.columns([3, 2, 2], gap="small", vertical_alignment="bottom")
    tested = "tested" if best else "untested"
    customer = who.selectbox(
        "Customer",
        list(names.index),
        index=0 if best else None,
        format_func=lambda customer_id: names.get(customer_id, ""),
        placeholder="Choose or type a name",
        key=f"series_customer_{tested}",
        help=f"With two years of regular orders, the most regular first; at most {MOST_CUSTOMERS}.",
    )
    method = how.selectbox(
        "Carried on by", methods, index=methods.index(best or Method.ETS), format_func=str, key=f"series_method_{best}"
    )
    years = far.segmented_control(
        "Years ahead",
        YEARS,
        default=2,
        required=True,
        format_func=lambda number: plural(number, "year"),
        key="series_years",
    )
    if customer is None:
        return
    chosen = loading.preferences()
    outlook = loading.kept(
        "series outlook", customer, method, years, chosen.margin_share, chosen.discount_rate,
        compute=lambda: series_outlook(
            loading.store(), base, customer, method=method, years=int(years or 2), preferences=chosen
        ),
    )  # fmt: skip
    _show(outlook, names[customer], base.currency)


def _show(outlook: Outlook, name: str, currency: str) -> None:
    chosen, years = loading.preferences(), len(outlook.years)
    ahead = "next year is" if years == 1 else f"next {years} years are"
    st.markdown(
        f"If the months of {as_is(name)} go on like this, the {ahead} worth "
        f"**{estimate(outlook.worth_minor, currency)}** today.",
        help=f"Each year's forecast sales times your margin of {share(chosen.margin_share)}, discounted from the end "
        f"of that year at {share(chosen.discount_rate)} a year, added up. Both are chosen on Value & loyalty.",
    )
    show_chart(
        spend_and_forecast(outlook.months, currency, palette()),
        "series_months",
        alt="Monthly spend of one customer so far, and its forecast",
    )
    st.caption(f"{as_is(outlook.used)}. Refunds are taken off; months are counted back from the last day.")
    with st.expander("The figures behind it", icon=":material/table:"):
        _show_years(outlook, currency)
        download_table(outlook.years, "series_years", label="Years as CSV")
        download_table(outlook.months, "series_months", label="Months as CSV")


def _show_years(outlook: Outlook, currency: str) -> None:
    table = outlook.years
    money = ("spend_minor", "profit_minor", "today_minor")
    st.dataframe(
        table.assign(**{column: to_major(table[column], currency) for column in money}),
        key="series_years_table",
        hide_index=True,
        column_config={
            "year": st.column_config.NumberColumn("Year ahead", format="%d"),
            "spend_minor": money_column("Sales forecast", currency),
            "profit_minor": money_column("Profit", currency, help="Sales times your margin."),
            "today_minor": money_column("Worth today", currency, help="Discounted from the end of that year."),
        },
        height=table_height(len(table)),
        alt="Forecast sales, profit and worth today by year ahead",
    )
