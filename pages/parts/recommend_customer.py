"""For one customer: two short lists with reasons, and who is like them."""

import pandas as pd
import streamlit as st

from crm_core.services.customers import CustomerBase
from crm_core.services.recommendations import Offers, match_customers
from crm_core.vocabulary import OfferList
from crm_core.wording import money
from pages.parts.display import download_table, open_customer
from pages.parts.next_offer import NextOffer, next_offer_title, show_next_offer
from pages.parts.offer_evidence import show_offer_evidence
from pages.parts.offers import load_offers, note_shown, show_learning, show_list, show_neighbours
from pages.parts.offers_made import show_offers_made
from pages.parts.words import as_is, as_option

MATCHES = 50


def headline(offers: Offers | None, next_offer: NextOffer | None) -> str:
    """The best offer for the chosen customer, as the page's answer."""
    if offers is None:
        return "What should I offer to whom?"
    return next_offer_title(offers, next_offer)


def pick_customer(base: CustomerBase) -> Offers | None:
    """Search and choice side by side; the choice is in the URL as customer=id."""
    search, choice = st.columns([2, 3], vertical_alignment="bottom")
    text = search.text_input(
        "Find a customer",
        key="find",
        bind="query-params",
        placeholder="Name, e-mail or number",
        icon=":material/search:",
        on_change=forget_customer,
    )
    matches = match_customers(base, text, most=MATCHES)
    if matches.empty:
        st.info("Nobody matches. Try fewer letters or another spelling.", icon=":material/search_off:")
        return None
    wanted = asked_customer(base)
    options = list(matches.index) if wanted is None or wanted in matches.index else [wanted, *matches.index]
    customer_id = choice.selectbox(
        "Customer" if text.strip() else "Customer, biggest spenders first",
        options,
        index=0 if wanted is None else options.index(wanted),
        format_func=lambda chosen: name_customer(base, chosen),
        key="chosen",
    )
    st.query_params["customer"] = str(customer_id)
    return load_offers(int(customer_id))


def forget_customer() -> None:
    """A new search starts with its own first match."""
    st.query_params.pop("customer", None)
    st.session_state.pop("chosen", None)


def asked_customer(base: CustomerBase) -> int | None:
    """The customer named in the URL, where there is such a one."""
    asked = st.query_params.get("customer", "")
    return int(asked) if asked.isdecimal() and int(asked) in base.table.index else None


def name_customer(base: CustomerBase, customer_id: int) -> str:
    """A customer's name with the money they brought, so that namesakes can be told apart."""
    row = base.table.loc[customer_id]
    return f"{as_option(row['label'])} · {money(row['spend_minor'], base.currency)}"


def show_customer_offers(offers: Offers | None, next_offer: NextOffer | None) -> None:
    """Buy again, new for them, and customers like this one, side by side."""
    if offers is None:
        return
    for note in offers.notes:
        st.caption(f":material/info: {note}")
    show_next_offer(offers, next_offer)
    again, new, alike = st.columns(3, gap="medium")
    with again:
        show_list(offers, OfferList.AGAIN)
    with new:
        show_list(offers, OfferList.NEW)
    with alike:
        show_neighbours(offers)
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(
            pd.concat({"buy again": offers.buy_again, "new": offers.new_for_them}, names=["list"]).reset_index("list"),
            f"offers_{offers.customer_id}",
        )
        if st.button(f"Open {as_is(offers.label)}", key="open_chosen", type="tertiary", icon=":material/person:"):
            open_customer(offers.customer_id)
        show_offer_evidence()
    show_learning(offers)
    show_offers_made(offers.customer_id)
    note_shown(offers, next_offer)
