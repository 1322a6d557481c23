"""Recommend: what should I offer to whom?"""

import streamlit as st

from pages.parts import loading
from pages.parts.display import empty_state
from pages.parts.recommend_customer import headline, pick_customer, show_customer_offers
from pages.parts.recommend_product import show_product_offers

base = loading.base()
if base.table.empty:
    st.title("What should I offer to whom?", anchor=False)
    empty_state()
    st.stop()

tastes, names = loading.tastes(), loading.names_of_products()
if not len(tastes.matrix.products):
    st.title("What should I offer to whom?", anchor=False)
    st.info(
        "Your orders name no products, so nothing can be suggested yet. Import a file with a product on each line.",
        icon=":material/inventory_2:",
    )
    st.page_link("data.py", label="Import an orders file", icon=":material/upload_file:")
    st.stop()

answer = st.container()
offers = pick_customer(base)
answer.title(headline(offers), anchor=False)
show_customer_offers(offers)
show_product_offers(base, tastes, names)
