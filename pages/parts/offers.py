"""What to offer one customer, and who is like them: shared by the customer's own page and Recommend."""

import pandas as pd
import streamlit as st

from crm_core.services.recommendations import Offers, offers_for
from pages.parts import loading
from pages.parts.display import open_customer
from pages.parts.words import as_is, prose


def load_offers(customer_id: int) -> Offers:
    """The two lists and the neighbours of one customer, kept until the facts change."""
    base = loading.base()
    return loading.kept(
        "offers",
        customer_id,
        base.currency,
        compute=lambda: offers_for(base, loading.tastes(), loading.names_of_products(), customer_id),
    )


def show_list(title: str, table: pd.DataFrame, nothing: str) -> None:
    """One short list, best first, a reason under each product."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{title}**")
        for row in table.itertuples():
            st.markdown(f"{as_is(row.product)}  \n:small[:gray[{as_is(row.reason)}]]")
        if table.empty:
            st.caption(nothing)


def show_offer_lists(offers: Offers) -> None:
    """Buy again and new for them, as two boxes."""
    for note in offers.notes:
        st.caption(f":material/info: {note}")
    show_list("Buy again", offers.buy_again, "Nothing that they bought before is due yet.")
    show_list("New for them", offers.new_for_them, "They have bought everything there is.")


def show_neighbours(offers: Offers) -> None:
    """Customers like this one with what they share; a click opens the person."""
    with st.container(border=True, height="stretch"):
        st.markdown("**Customers like this one**")
        if offers.neighbours.empty:
            st.caption("Nobody to compare with yet: it takes orders of theirs and of others.")
        for row in offers.neighbours.itertuples():
            with st.container(gap=None):
                if st.button(as_is(row.label), key=f"like_{row.Index}", type="tertiary", help="Open this customer"):
                    open_customer(int(row.Index))
                st.caption(prose(row.shared))
