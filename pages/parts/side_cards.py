"""Beside today's list: birthdays and the state of the data."""

from datetime import date

import streamlit as st

from crm_core.services.customers import CustomerBase
from crm_core.services.database import Store
from crm_core.services.overview import list_birthdays
from crm_core.wording import day, plural
from pages.parts import loading
from pages.parts.words import as_is, prose

MOST_BIRTHDAYS = 5


def show_side(store: Store, base: CustomerBase, *, today: date, week: str) -> None:
    """Two small cards: the day with the week so far, and the data."""
    with st.container(border=True):
        st.markdown(f"**{today:%A}, {day(today)}**")
        st.markdown(prose(week))
        if not loading.replayed():
            _show_birthdays(store, today)
    with st.container(border=True):
        known = loading.known_then()
        st.markdown("**Your data**")
        st.markdown(
            f":material/receipt_long: {plural(known['orders'], 'order')} of {plural(known['customers'], 'customer')}"
        )
        if known["guest orders"]:
            st.markdown(f":material/person_off: {plural(known['guest orders'], 'guest order')} without a customer")
        for note in base.data_notes:
            st.markdown(f":material/info: {prose(note)}")
        st.page_link("data.py", label="Import more", icon=":material/upload_file:")


def _show_birthdays(store: Store, today: date) -> None:
    """Who has their birthday on the real day."""
    born = list_birthdays(store, today=today)
    for customer_id, name, age in born[:MOST_BIRTHDAYS]:
        st.page_link(
            "customer.py",
            label=f"{as_is(name)} turns {age}",
            icon=":material/cake:",
            query_params={"id": str(customer_id)},
        )
    if not born:
        st.caption("No birthdays among your customers today.")
    elif len(born) > MOST_BIRTHDAYS:
        st.caption(f"and {plural(len(born) - MOST_BIRTHDAYS, 'more birthday')}")
