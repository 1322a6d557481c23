"""Past day by past day: the expected total with its range against what came, and who was ranked highest."""

import numpy as np
import streamlit as st

from crm_core.charts.accuracy import totals_by_day
from crm_core.services.accuracy import Backtests
from crm_core.services.customers import CustomerBase
from crm_core.wording import count, day, plural, share
from pages.parts.display import download_table, money_column, palette, show_chart, table_height, to_major
from pages.parts.people import show_people


def show_past_days(tested: Backtests, base: CustomerBase) -> None:
    """The chart, the table behind it, and those ranked highest on the latest day."""
    days = tested.past_days
    covered = float(np.average(days["covered"], weights=days["customers"]))
    st.markdown(
        f"What all customers together spent lay within the announced range on **{count(days['inside'].sum())} of "
        f"{plural(len(days), 'past day')}**; 8 of 10 would be right. Of single customers **{share(covered)}** spent at "
        "most their upper end; 90% would be right.",
        help="Campaigns and changes of the market are in no range, a busy autumn only where an earlier one is known. "
        "The upper end is the 90% point of a customer's own range.",
    )
    figure = totals_by_day(days, base.currency, palette())
    show_chart(figure, "accuracy_totals", alt="Expected and actual sales of all customers by past day")
    _show_table(tested, base.currency)
    _show_top(tested, base)


def _show_table(tested: Backtests, currency: str) -> None:
    days = tested.past_days
    money = {name: to_major(days[name], currency) for name in ("expected", "low", "high", "actual")}
    number, when = st.column_config.NumberColumn, st.column_config.DateColumn
    with st.expander("The figures behind the chart", icon=":material/table:"):
        st.dataframe(
            days.assign(**money),
            key="accuracy_days_table",
            hide_index=True,
            column_config={
                "cut_off": when("Past day", format="D MMM YYYY", pinned=True),
                "ends_on": when("Window ended", format="D MMM YYYY"),
                "customers": number("Customers then", format="%,d"),
                "bought": number("Bought", format="%,d"),
                "k": number("Ranked highest", format="%,d"),
                "hits": number("… of whom bought", format="%.0f"),
                "chance_hits": number("… by chance", format="%.1f"),
                "expected": money_column("Expected", currency, whole=True),
                "low": money_column("Range from", currency, whole=True),
                "high": money_column("Range to", currency, whole=True),
                "actual": money_column("Spent", currency, whole=True),
                "inside": st.column_config.CheckboxColumn("In the range"),
                "covered": number("At most upper end", format="percent"),
                "model": st.column_config.TextColumn("Model"),
            },
            height=table_height(len(days)),
            alt="Past days with customers, hits, expected and actual sales",
        )
        files = {name: f"{name}_minor" for name in money}
        download_table(days.rename(columns=files), "accuracy_past_days")


def _show_top(tested: Backtests, base: CustomerBase) -> None:
    """Those ranked highest on the latest day, and what each did."""
    latest, currency = tested.past_days.iloc[-1], base.currency
    top = tested.top.join(base.table["label"])
    st.markdown(f"**Ranked highest on {day(latest['cut_off'].date())}, and what they did**")
    number = st.column_config.NumberColumn
    show_people(
        top.assign(
            chance=100 * top["p_active"],
            expected=to_major(top["expected_spend_minor"], currency),
            spent=to_major(top["spend_minor"], currency),
        ),
        "accuracy_top",
        height=table_height(len(top)),
        columns={
            "label": st.column_config.TextColumn("Customer", pinned=True),
            "chance": number("Chance given", format="%.0f%%"),
            "expected_purchases": number("Orders expected", format="%.1f", help="Days with an order."),
            "purchases": number("Orders", format="%.0f", help="Days with an order in the window."),
            "expected": money_column("Sales expected", currency),
            "spent": money_column("Sales", currency, help="In the window, refunds taken off."),
        },
    )
    download_table(top.reset_index(), "accuracy_top")
