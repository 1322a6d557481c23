"""The RFM grid, its named groups, and the people of the one that is chosen."""

import pandas as pd
import streamlit as st

from crm_core.charts.segments import rfm_grid
from crm_core.services.customers import CustomerBase
from crm_core.services.segments import Segments, customers_of
from crm_core.wording import count, money, plural, share
from pages.parts.display import download_table, money_column, palette, show_chart, show_people, to_major

EVERYONE = "everyone"
SHOWN = 100


def take_click() -> None:
    """The clicked tile's group becomes the chosen one."""
    points = st.session_state["rfm_grid"]["selection"]["points"]
    if points:
        st.session_state["group"] = points[0]["customdata"][0]


def show_named_groups(base: CustomerBase, segments: Segments) -> None:
    """Grid and groups side by side, the chosen group's people below."""
    picture, table = st.columns([6, 5], gap="medium")
    with picture:
        st.caption("Click a tile to see its group. A darker tile holds more customers.")
        show_chart(
            rfm_grid(segments.grid, base.currency, palette()),
            key="rfm_grid",
            on_select=take_click,
            selection_mode="points",
            alt="Customers by recency and by orders and spend",
        )
    with table:
        show_groups(base, segments)
    show_group(base, segments)


def show_groups(base: CustomerBase, segments: Segments) -> None:
    """Every group with its people, its money and what to do."""
    groups = segments.groups
    shown = pd.DataFrame(
        {
            "group": groups["group"],
            "customers": groups["customers"],
            "spend_share": groups["spend_share"],
            "spend": to_major(groups["spend_minor"], base.currency),
            "action": groups["action"],
        }
    )
    st.dataframe(
        shown,
        key="groups",
        hide_index=True,
        height=38 + 35 * len(shown),
        column_config={
            "group": st.column_config.TextColumn("Group", pinned=True),
            "customers": st.column_config.NumberColumn("Customers", format="%,d", width=80),
            "spend_share": st.column_config.NumberColumn("Of sales", format="percent", width=70),
            "spend": money_column("Sales", base.currency),
            "action": st.column_config.TextColumn("What to do", width="large"),
        },
        alt="Named groups with customers, sales and a suggestion",
    )
    download_table(groups, "segments")


def show_group(base: CustomerBase, segments: Segments) -> None:
    """The chosen group in a sentence, and its people."""
    words, choice = st.columns([5, 2], gap="medium", vertical_alignment="bottom")
    chosen = choice.selectbox(
        "Show the people of", [EVERYONE, *segments.groups["group"]], key="group", bind="query-params"
    )
    group = None if chosen == EVERYONE else chosen
    people = customers_of(segments, group=group)
    with words:
        st.subheader(f"{count(len(people))} {group}" if group else plural(len(people), "customer"), anchor=False)
        if group:
            st.markdown(describe_group(segments.groups.set_index("group").loc[group], base.currency))
        else:
            st.markdown("Click a tile or choose a group to see its people only.")
    people = people.assign(spend=to_major(people["spend_minor"], base.currency))
    show_people(
        people.head(SHOWN),
        "segment_people",
        height=min(38 + 35 * len(people), 420),
        columns={
            "label": st.column_config.TextColumn("Customer", pinned=True),
            "rfm_group": st.column_config.TextColumn("Group"),
            "days_since_last_order": st.column_config.NumberColumn("Days since last order", format="%,d"),
            "orders": st.column_config.NumberColumn("Orders", format="%,d"),
            "spend": money_column("Sales", base.currency),
            "r_score": st.column_config.NumberColumn("Recency", help="1 to 5, 5 ordered most recently."),
            "f_score": st.column_config.NumberColumn("Frequency", help="1 to 5, 5 orders most often."),
            "m_score": st.column_config.NumberColumn("Money", help="1 to 5, 5 spent most."),
            "rfm_level": st.column_config.TextColumn("Level", help="From the three scores: high from 12, low up to 6."),
        },
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(people.drop(columns="spend"), "segment_people")
        if len(people) > SHOWN:
            st.caption(f"The {SHOWN} biggest spenders of {count(len(people))}; the file has all. Click one to open it.")


def describe_group(group: pd.Series, currency: str) -> str:
    """What a group means, what it brings and what to do, in one paragraph."""
    bring = "brings" if group["customers"] == 1 else "bring"
    part = f", {share(group['spend_share'])} of sales" if pd.notna(group["spend_share"]) else ""
    orders = plural(round(group["median_orders"]), "order")
    return (
        f"{group['meaning']} {bring.capitalize()} {money(group['spend_minor'], currency)}{part}; in the middle of the "
        f"group stand {orders}, the last {plural(round(group['median_days_since']), 'day')} ago. **{group['action']}**"
    )
