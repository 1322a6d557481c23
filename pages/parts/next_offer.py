"""The next offer to one customer, as a title and as a card: shared by the customer's own page and Recommend."""

import pandas as pd
import streamlit as st

from crm_core.decisions.next_offer import NextOffer, OfferKind
from crm_core.services.recommendations import Offers
from crm_core.vocabulary import OfferList
from pages.parts import loading
from pages.parts.offer_feedback import names_to_offer, offer_day, resting_offers, version, wishes_of
from pages.parts.offer_rows import show_decided, show_menu
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


def next_offer_title(offers: Offers, found: NextOffer | None) -> str:
    """The next offer as a sentence."""
    if found is None:
        return f"Nothing to offer {as_is(offers.label)} yet"
    return f"Offer “{as_is(found.product)}” to {as_is(offers.label)} {AS_WHAT[found.kind]}"


def show_next_offer(offers: Offers, found: NextOffer | None) -> None:
    """The card: the product, what the offer is for, and the reason in the customer's own numbers."""
    show_said_elsewhere(offers)
    if found is None:
        return
    with st.container(border=True):
        st.markdown(f"**Offer next**: {as_is(found.product)}, {AS_WHAT[found.kind]}", help=found.meaning)
        st.markdown(f":small[:gray[{as_is(found.reason)}]]")
        if found.product_id not in listed_products(offers) and not loading.replayed():
            label = f"What came of “{as_is(found.product)}”"
            show_menu(offers.customer_id, found.product_id, found.product, OfferList.NEXT, label=label)


def listed_products(offers: Offers) -> set[int]:
    """What stands on the lists below, where it can be decided."""
    return {*offers.buy_again["product_id"], *offers.new_for_them["product_id"]}


def show_said_elsewhere(offers: Offers) -> None:
    """What was said today to a next offer that stands on neither list, with the way back."""
    said = resting_offers(offers.customer_id).assign(said=lambda row: row["state"])
    names = loading.names_of_products()
    here = said[(said["decided_on"] == pd.Timestamp(offer_day().day)) & said["product_id"].isin(names.index)]
    here = here[~here["product_id"].isin(listed_products(offers))]
    here = here.assign(product=here["product_id"].map(names))
    for row, (_, rest) in zip(here.itertuples(), here.iterrows(), strict=True):
        show_decided(offers.customer_id, row, rest, OfferList.NEXT)
