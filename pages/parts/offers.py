"""What to offer one customer, and who is like them: shared by the customer's own page and Recommend."""

import streamlit as st

from pages.parts import loading
from pages.parts.display import open_customer
from pages.parts.words import as_is, prose


def show_offers(customer_id: int) -> None:
    """Two short lists with reasons, and the customers like this one."""
    from crm_core.services.recommendations import offers_for  # slow to import, needed by two pages

    base = loading.base()
    offers = loading.kept(
        "offers",
        customer_id,
        base.currency,
        compute=lambda: offers_for(base, loading.tastes(), loading.names_of_products(), customer_id),
    )
    for title, table in (("Buy again", offers.buy_again), ("New for them", offers.new_for_them)):
        st.subheader(title, anchor=False)
        for row in table.itertuples():
            st.markdown(f"**{as_is(row.product)}**  \n:small[:gray[{as_is(row.reason)}]]")
        if table.empty:
            st.caption("Nothing to suggest yet.")
    if len(offers.neighbours):
        st.subheader("Customers like this one", anchor=False)
        for row in offers.neighbours.itertuples():
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                if st.button(as_is(row.label), key=f"like_{row.Index}", type="tertiary"):
                    open_customer(int(row.Index))
                st.caption(prose(row.shared))
    for note in offers.notes:
        st.caption(note)
