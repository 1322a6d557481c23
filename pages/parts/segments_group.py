"""The named groups in figures and words: all beside the grid, the one that is chosen, and what each means."""

import pandas as pd
import streamlit as st

from crm_core.services.customers import CustomerBase
from crm_core.services.segments import Segments
from crm_core.wording import count, plural, share
from pages.parts import loading
from pages.parts.display import download_table, money_column, to_major
from pages.parts.words import as_is, money

FLAT = {"border": True, "delta_color": "off", "delta_arrow": "off"}


def show_shares(base: CustomerBase, segments: Segments) -> None:
    """Customers and money of every group, beside the grid."""
    groups = segments.groups
    shown = groups[["called", "customers"]].assign(
        spend=to_major(groups["spend_minor"], base.currency), percent=100 * groups["spend_share"]
    )
    st.dataframe(
        shown,
        key="groups",
        hide_index=True,
        height="content",
        column_config={
            "called": st.column_config.TextColumn("Group", width=140),
            "customers": st.column_config.NumberColumn("Customers", format="%,d", width=75),
            "spend": money_column("Sales", base.currency, whole=True),
            "percent": st.column_config.NumberColumn("Of sales", format="%.0f%%", width=65),
        },
        alt="Named groups with their customers and sales",
    )


def show_group(group: pd.Series, currency: str) -> None:
    """One group: how many, how much, what it means, what to do."""
    people, sales = st.columns(2)
    people.metric("Customers", count(group["customers"]), share(group["customer_share"]) + " of all", **FLAT)
    sales.metric("Sales", money(group["spend_minor"], currency), share(group["spend_share"]) + " of all", **FLAT)
    with st.container(border=True):
        st.markdown(describe_group(group))
        st.markdown(f":material/lightbulb: **{as_is(group['action'])}**")


def show_meanings(segments: Segments) -> None:
    """What each group means and what to do with it, as a table to keep."""
    st.subheader("What the groups mean", anchor=False)
    st.dataframe(
        segments.groups[["called", "meaning", "action"]],
        key="meanings",
        hide_index=True,
        height="content",
        column_config={
            "called": st.column_config.TextColumn("Group", width=140),
            "meaning": st.column_config.TextColumn("Who they are"),
            "action": st.column_config.TextColumn("What to do"),
        },
        alt="Named groups, what they mean and what to do",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(segments.groups.assign(group=segments.groups["called"]).drop(columns="called"), "segments")
        if not loading.replayed():
            st.page_link("settings.py", label="Change limits, names and what to do", icon=":material/tune:")


def describe_group(group: pd.Series) -> str:
    """What a group means, and its middle customer."""
    orders = plural(round(group["median_orders"]), "order")
    since = plural(round(group["median_days_since"]), "day")
    return f"{group['meaning']} The customer in their middle has {orders}, the last {since} ago."
