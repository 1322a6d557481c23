"""The next offer to one customer, as a title and as a card: shared by the customer's own page and Recommend."""

import streamlit as st

from crm_core.decisions.next_offer import NextOffer, OfferKind
from crm_core.services.recommendations import Offers
from pages.parts import loading
from pages.parts.offer_feedback import names_to_offer, resting_offers, version, wishes_of
from pages.parts.words import as_is

AS_WHAT = {
    OfferKind.WAY_BACK: "as a way back",
    OfferKind.NEW: "as something new",
    OfferKind.SECOND_ORDER: "as a second order",
    OfferKind.AGAIN: "again",
}


def load_next_offer(offers: Offers) -> NextOffer | None:
    """The next offer, kept until the facts or the owner's word change; nothing that was dealt with, or is left out."""
    from crm_core.services.next_offers import next_offer_for  # sparse matrices, needed by few pages

    base = loading.base()
    dealt_with = resting_offers(offers.customer_id)["product_id"]
    without = wishes_of(offers.customer_id).excluded | {int(product) for product in dealt_with}
    names = names_to_offer().drop(list(without), errors="ignore")
    found: NextOffer | None = loading.kept(
        "next offer",
        offers.customer_id,
        base.currency,
        tuple(sorted(without)),
        *version(),
        compute=lambda: next_offer_for(base, loading.tastes(), names, offers),
    )
    return found


def next_offer_title(offers: Offers) -> str:
    """The next offer as a sentence."""
    found = load_next_offer(offers)
    if found is None:
        return f"Nothing to offer {as_is(offers.label)} yet"
    return f"Offer “{as_is(found.product)}” to {as_is(offers.label)} {AS_WHAT[found.kind]}"


def show_next_offer(offers: Offers) -> None:
    """The card: the product, what the offer is for, and the reason in the customer's own numbers."""
    found = load_next_offer(offers)
    if found is None:
        return
    with st.container(border=True):
        st.markdown(f"**Offer next**: {as_is(found.product)}, {AS_WHAT[found.kind]}", help=found.meaning)
        st.markdown(f":small[:gray[{as_is(found.reason)}]]")
