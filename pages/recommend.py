"""Recommend: what should I offer to whom, and which products belong together?"""

import streamlit as st

from crm_core.services.customers import CustomerBase
from pages.parts import loading
from pages.parts.display import empty_state
from pages.parts.never_offered import show_never_offered
from pages.parts.next_offer import load_next_offer
from pages.parts.offer_feedback import names_to_offer
from pages.parts.recommend_customer import headline, pick_customer, show_customer_offers
from pages.parts.recommend_product import show_product_offers

OFFERS, BUNDLES, RESULTS = "Offers", "Bundles", "Results"


def show_offers(base: CustomerBase) -> None:
    """What to offer one customer, and whom to offer one product."""
    tastes, names = loading.tastes(), names_to_offer()
    if not len(tastes.matrix.products):
        answer.title("What should I offer to whom?", anchor=False)
        st.info(
            "Your orders name no products, so nothing can be suggested yet. Import a file with a product on each line.",
            icon=":material/inventory_2:",
        )
        st.page_link("data.py", label="Import an orders file", icon=":material/upload_file:")
        return
    offers = pick_customer(base)
    next_offer = load_next_offer(offers) if offers else None
    answer.title(headline(offers, next_offer), anchor=False)
    show_customer_offers(offers, next_offer)
    show_product_offers(base, tastes, names)
    show_never_offered()


base = loading.base()
if base.table.empty:
    st.title("What should I offer to whom?", anchor=False)
    empty_state()
    st.stop()

answer = st.container()
view = st.segmented_control(
    "Offers, bundles or results",
    [OFFERS, BUNDLES, RESULTS],
    default=OFFERS,
    required=True,
    key="recommend_view",
    bind="query-params",
    label_visibility="collapsed",
    help="Offers are for one customer or one product. Bundles are products that are bought together. Results say how "
    "offers did.",
)
if view == BUNDLES:
    from pages.parts.recommend_bundles import show_bundles  # scipy's sparse matrices, needed only here

    show_bundles(base, answer)
elif view == RESULTS:
    from pages.parts.offer_results import show_results

    show_results(base, answer)
else:
    show_offers(base)
