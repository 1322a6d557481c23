"""The RFM grid, its named groups, and the people of the one that is chosen."""

import streamlit as st

from crm_core.charts.segments import group_treemap, rfm_grid
from crm_core.services.customers import CustomerBase
from crm_core.services.segments import Segments, customers_of
from crm_core.wording import count, plural
from pages.parts.display import money_column, palette, show_chart
from pages.parts.people import show_spenders
from pages.parts.segment_choice import list_name, offer_in_customers
from pages.parts.segments_group import show_group, show_meanings, show_shares
from pages.parts.words import as_is, as_option

EVERYONE = "everyone"
BY_SCORES, BY_SALES = "By scores", "By sales"


def take_click() -> None:
    """The clicked tile's group becomes the chosen one."""
    points = st.session_state["rfm_grid"]["selection"]["points"]
    if points:
        st.session_state["group"] = points[0]["customdata"][0]


def show_named_groups(base: CustomerBase, segments: Segments) -> None:
    """The grid, the chosen group beside it, its people below, and what every group means at the end."""
    picture, choice = st.columns([6, 5], gap="medium")
    with picture:
        show_picture(base, segments)
    with choice:
        chosen = st.selectbox(
            "Show the people of",
            [EVERYONE, *segments.groups["group"]],
            format_func=lambda name: as_option(segments.called.get(name, name)),
            key="group",
            bind="query-params",
        )
        group = None if chosen == EVERYONE else chosen
        if group is None:
            show_shares(base, segments)
        else:
            show_group(segments.groups.set_index("group").loc[group], base.currency)
    show_segment_people(base, segments, group)
    show_meanings(segments)


def show_picture(base: CustomerBase, segments: Segments) -> None:
    """The grid, whose tiles can be clicked, or the groups as areas of their sales."""
    views = [BY_SCORES, BY_SALES] if segments.groups["spend_minor"].gt(0).any() else [BY_SCORES]
    view = st.segmented_control(
        "Picture", views, default=BY_SCORES, required=True, key="picture", bind="query-params",
        label_visibility="collapsed",
    )  # fmt: skip
    if view == BY_SALES:
        st.caption("The larger an area, the more sales; the greener, the more customers.")
        show_chart(
            group_treemap(segments.groups, base.currency, palette()), key="treemap", alt="Named groups by their sales"
        )
        return
    st.caption("Click a tile to see its group. The greener a tile, the more customers.")
    show_chart(
        rfm_grid(segments.grid, base.currency, palette()),
        key="rfm_grid",
        on_select=take_click,
        selection_mode="points",
        alt="Customers by recency and by orders and spend",
    )


def show_segment_people(base: CustomerBase, segments: Segments, group: str | None) -> None:
    """The people of the chosen group, biggest spenders first; a click opens one."""
    people = customers_of(segments, group=group)
    title = f"{count(len(people))} {as_is(segments.called[group])}" if group else plural(len(people), "customer")
    st.subheader(title, anchor=False)
    if group:
        offer_in_customers(list_name("rfm_group", segments.called[group]), key="group_open")
    show_spenders(
        people.assign(rfm_group=people["rfm_group"].map(segments.called)),
        "segment_people",
        currency=base.currency,
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
