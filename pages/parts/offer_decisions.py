"""What the owner says to an offer, and the ways back."""

from datetime import date

import streamlit as st

from crm_core.services.offer_feedback import decide_offer, put_offer_back
from crm_core.services.offer_wishes import (
    never_offer,
    offer_again,
)
from crm_core.vocabulary import OfferState
from pages.parts import loading
from pages.parts.failures import guarded
from pages.parts.offer_feedback import offer_day
from pages.parts.words import as_is

NEVER = "Never offer it to anyone"
CHOICES = {
    "Accepted": OfferState.ACCEPTED,
    "Declined": OfferState.DECLINED,
    "Not useful to them": OfferState.NOT_USEFUL,
}


def decide(key: str, customer_id: int, product_id: int, product: str) -> None:
    """Keep what was chosen in the menu of an offer."""
    chosen = st.session_state[key]
    if chosen is None:
        return
    store, at = loading.store(), offer_day()
    with guarded():
        if chosen == NEVER:
            never_offer(store, [product_id], now=loading.now())
            st.toast(
                f"{as_is(product)} is offered to nobody from now on. “Never offered” on Recommend takes that back.",
                icon=":material/block:",
            )
            return
        state = CHOICES[chosen]
        decide_offer(
            store, customer_id=customer_id, product_id=product_id, shown_on=at.day, state=state, now=loading.now()
        )


def take_back(customer_id: int, product_id: int, shown_on: date) -> None:
    """Forget what was said to an offer."""
    with guarded():
        put_offer_back(loading.store(), customer_id=customer_id, product_id=product_id, shown_on=shown_on)


def let_offer_again(product_id: int) -> None:
    """Take back that a product is offered to nobody."""
    with guarded():
        offer_again(loading.store(), product_id)
