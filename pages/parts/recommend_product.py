"""For one product: whom to offer it to."""

import pandas as pd
import streamlit as st

from crm_core.services.customers import CustomerBase
from crm_core.services.recommendations import Tastes, list_products
from crm_core.wording import plural
from pages.parts import loading
from pages.parts.offer_feedback import left_out, never_offered_ids
from pages.parts.recommend_worth import show_audience_worth
from pages.parts.segment_choice import choose_list
from pages.parts.words import as_is, as_option

ANYONE, NEW_ONLY = "anyone", "who never bought it"
MOST_PRODUCTS = 300
PEOPLE = 50


def show_product_offers(base: CustomerBase, tastes: Tastes, names: pd.Series) -> None:
    """Product and audience, then the people, best first, each with a reason."""
    st.subheader("Best people for a product", anchor=False)
    products = loading.kept("products", never_offered_ids(), compute=lambda: list_products(tastes, names))
    if products.empty:
        st.info(
            "Every product that was bought so far is archived or never offered. Restore one on Data, Edit, or take "
            "one back under “Never offered”.",
            icon=":material/info:",
        )
        return
    left, right, among = st.columns([3, 2, 2], vertical_alignment="bottom")
    listed = products.head(MOST_PRODUCTS)
    some = f" ({MOST_PRODUCTS} of {len(products):,})" if len(products) > MOST_PRODUCTS else ""
    product_id = left.selectbox(
        f"Product, most bought lately first{some}",
        list(listed.index),
        format_func=lambda chosen: as_option(products.loc[chosen, "product"]),
        key="product",
    )
    audience = right.segmented_control(
        "Offer it to", [ANYONE, NEW_ONLY], default=ANYONE, required=True, key="audience", bind="query-params"
    )
    listed = choose_list(among, "offer_segment", help="Only customers of one segment, named group, stage or tier.")
    show_standing(products.loc[product_id])
    show_audience_worth(
        base,
        tastes,
        int(product_id),
        among=listed.people,
        without=left_out(int(product_id)),
        new_only=audience == NEW_ONLY,
        most=PEOPLE,
    )


def show_standing(product: pd.Series) -> None:
    """How the product stands, and who is left out."""
    lately = plural(int(product["recent_customers"]), "customer")
    buyers = plural(int(product["customers"]), "customer")
    st.caption(
        f"{buyers} bought {as_is(product['product'])} so far, {lately} in the last 90 days. "
        "Who bought it less than half of their usual gap ago, gave it back or lately declined it is left out."
    )
