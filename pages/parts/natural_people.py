"""The people of one natural group, and everybody with their group as a file."""

import streamlit as st

from crm_core.services.customers import CustomerBase
from crm_core.services.natural_groups import NaturalGroups, people_of
from crm_core.wording import day, plural
from pages.parts.display import download_table, money_column
from pages.parts.people import show_spenders
from pages.parts.segment_choice import offer_in_customers
from pages.parts.words import as_is


def show_people_of_group(base: CustomerBase, found: NaturalGroups, group: int) -> None:
    """The biggest spenders of a group, all of it as a file, and all groups as a file."""
    people = people_of(base, found, group=group)
    st.subheader(f"{as_is(found.names[group])}: {plural(len(people), 'customer')}", anchor=False)
    show_spenders(
        people,
        "natural_people",
        currency=base.currency,
        columns={
            "label": st.column_config.TextColumn("Customer", pinned=True),
            "stage": st.column_config.TextColumn("Stage"),
            "days_since_last_order": st.column_config.NumberColumn("Days since last order", format="%,d"),
            "orders": st.column_config.NumberColumn("Orders", format="%,d"),
            "spend": money_column("Sales", base.currency),
        },
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        offer_in_customers(found.names[group], people.index, key="natural_open")
        download_table(lambda: people_of(base, found), "customers_with_groups", label="All customers with their group")
    made_by = found.made_by
    if made_by is not None:
        st.caption(
            f"{made_by.method} · {plural(made_by.customers, 'customer')} with {plural(made_by.orders, 'order')}, "
            f"as of {day(made_by.as_of)}"
        )
