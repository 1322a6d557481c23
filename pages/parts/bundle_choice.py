"""Bundles: of which product or category, and how sure a rule must be."""

import streamlit as st

from crm_core.services.bundles import Bundles
from pages.parts.words import as_option


def choose_bundles(found: Bundles) -> tuple[int | None, str | None, float]:
    """A product or a category, and the confidence asked for."""
    categories = sorted(found.products["category"].dropna().unique())
    left, *middle, right = st.columns([3, 2, 3] if categories else [3, 3], vertical_alignment="bottom")
    product_id = left.selectbox(
        "Product",
        list(found.products.index),
        index=None,
        format_func=lambda chosen: as_option(found.products.loc[chosen, "product"]),
        placeholder="All products",
        key="bundle_product",
    )
    category = None
    for place in middle:
        category = place.selectbox(
            "Category",
            categories,
            index=None,
            format_func=as_option,
            placeholder="All categories",
            key="bundle_category",
            disabled=product_id is not None,
        )
    least = right.slider(
        "Confidence at least",
        0,
        90,
        0,
        step=5,
        format="%d%%",
        key="bundle_confidence",
        bind="query-params",
        help="Of 100 orders with the first product, how many must also hold the second.",
    )
    return product_id, None if product_id is not None else category, least / 100
