"""What to offer one customer, and who is like them: shared by the customer's own page and Recommend."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from crm_core.decisions.next_offer import NextOffer
from crm_core.services.offer_feedback import record_shown
from crm_core.services.recommendations import Offers, offers_for
from crm_core.vocabulary import OfferList
from pages.parts import loading
from pages.parts.display import open_customer
from pages.parts.offer_feedback import LEARNING, never_offered_ids, offer_day, resting_offers, version, wishes_of
from pages.parts.offer_rows import show_decided, show_offer
from pages.parts.words import as_is, prose

OFFERS_EACH = 5
NOTHING = {
    OfferList.AGAIN: "Nothing that they bought before is due yet.",
    OfferList.NEW: "They have bought everything there is.",
}
NOTHING_ELSE = {
    OfferList.AGAIN: "Nothing that they bought before is due, apart from what rests or is never offered.",
    OfferList.NEW: "Nothing is new for them, apart from what rests or is never offered.",
}


def load_offers(customer_id: int) -> Offers:
    """The two lists and the neighbours of one customer, kept until the facts or the owner's word change.

    Both lists have a column more, said: what was said today, which stays in its place; what comes next follows it.
    """
    base, wishes = loading.base(), wishes_of(customer_id)
    resting = resting_offers(customer_id)
    today = resting[resting["decided_on"] == pd.Timestamp(offer_day().day)].set_index("product_id")
    most = OFFERS_EACH + len(today)
    found: Offers = loading.kept(
        "offers",
        customer_id,
        base.currency,
        most,
        tuple(sorted(wishes.excluded)),
        *version(),
        compute=lambda: offers_for(
            base, loading.tastes(), loading.names_of_products(), customer_id, k=most, wishes=wishes
        ),
    )
    said = {int(product): str(state) for product, state in today["state"].items()}
    again, new = (mark_said(table, said) for table in (found.buy_again, found.new_for_them))
    return replace(found, buy_again=again, new_for_them=new)


def mark_said(table: pd.DataFrame, states: dict[int, str]) -> pd.DataFrame:
    """The list as it is shown: as many open offers as usual, and between them what was decided today."""
    said = pd.Series([states.get(product, "") for product in table["product_id"]], table.index, dtype="str")
    return table.assign(said=said)[(said == "").cumsum() <= OFFERS_EACH].reset_index(drop=True)


def note_shown(offers: Offers, next_offer: NextOffer | None) -> None:
    """Keep that these offers were shown today, the next one where it is on no list; of a past day nothing is kept."""
    if loading.replayed():
        return
    lists = {OfferList.AGAIN: offers.buy_again, OfferList.NEW: offers.new_for_them}
    if next_offer is not None and not any(
        next_offer.product_id in set(table["product_id"]) for table in lists.values()
    ):
        row = {"product_id": next_offer.product_id, "reason_kind": next_offer.reason_kind.value}
        lists[OfferList.NEXT] = pd.DataFrame([row])
    within = loading.preferences().offer_days
    record_shown(loading.store(), offers.customer_id, lists, today=offer_day().day, within_days=within)


def show_list(offers: Offers, name: OfferList) -> None:
    """One short list, best first, a reason under each product; a product opens what became of the offer."""
    table = offers.buy_again if name is OfferList.AGAIN else offers.new_for_them
    resting = resting_offers(offers.customer_id).set_index("product_id")
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.markdown(f"**{name.value.capitalize()}**")
        for row in table.itertuples():
            if row.said and row.product_id in resting.index:
                show_decided(offers.customer_id, row, resting.loc[row.product_id], name)
            else:
                show_offer(offers.customer_id, row, name)
        if table.empty:
            st.caption(NOTHING[name] if resting.empty and not never_offered_ids() else NOTHING_ELSE[name])


def show_offer_lists(offers: Offers) -> None:
    """Buy again and new for them, as two boxes."""
    for note in offers.notes:
        st.caption(f":material/info: {note}")
    for name in (OfferList.AGAIN, OfferList.NEW):
        show_list(offers, name)
    show_learning(offers)


def show_learning(offers: Offers) -> None:
    """What pressing a product is for, where there is one."""
    if not loading.replayed() and len(offers.buy_again) + len(offers.new_for_them):
        st.caption("Press a product to note what came of the offer.", help=LEARNING)


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
