"""Bundles: which products belong together, as a picture, a table of rules, and ideas with money."""

from typing import Any

import pandas as pd
import streamlit as st

from crm_core.charts.bundles import product_network
from crm_core.services.bundles import (
    Bundles,
    bundle_network,
    find_bundles,
    leave_out,
    pick_rules,
)
from crm_core.services.customers import CustomerBase
from crm_core.wording import plural
from pages.parts import loading
from pages.parts.bundle_ideas import show_bundle_ideas
from pages.parts.bundle_rules import show_rules_of_bundles
from pages.parts.display import palette, show_chart
from pages.parts.offer_feedback import never_offered_ids
from pages.parts.words import as_is, as_option


def load_bundles(base: CustomerBase) -> Bundles:
    """The shop's rules, kept until the facts change."""
    found: Bundles = loading.kept(
        "bundles",
        base.currencies,
        compute=lambda: find_bundles(loading.store(), as_of=base.as_of, currencies=base.currencies),
    )
    return found


def show_bundles(base: CustomerBase, answer: Any) -> None:
    """The whole view; the answer goes into the place on top of the page."""
    everything = load_bundles(base)
    found = leave_out(everything, set(never_offered_ids()))
    if found.rules.empty or found.sure.empty:
        answer.title("Which products belong together?", anchor=False)
        _say_left_out(everything, found)
        st.info(_nothing(found), icon=":material/inventory_2:")
        if len(found.rules):
            show_rules_of_bundles(found, found.rules)
        return
    product_id, category, least = _choose(found)
    rules = pick_rules(found, product_id=product_id, category=category, min_confidence=least)
    answer.title(headline(rules), anchor=False)
    _say_left_out(everything, found)
    if not rules["significant"].any():
        st.info("Nothing stands out here. Ask for less confidence, or choose another product.", icon=":material/tune:")
        return
    picture, ideas = st.columns([2, 3], gap="medium")
    with picture:
        _show_network(found, rules)
    with ideas, st.container(border=True):
        show_bundle_ideas(found, base.currency, product_id, category)
    st.markdown("**All rules**")
    show_rules_of_bundles(found, rules)


def headline(rules: pd.DataFrame) -> str:
    """The strongest rule as a sentence."""
    if not rules["significant"].any():
        return "Which products belong together?"
    best = rules[rules["significant"]].iloc[0]
    return (
        f"{as_is(best['first'])} and {as_is(best['second'])} go together: bought together "
        f"{plural(int(best['baskets']), 'time')}, {best['lift']:.1f} times as often as by chance"
    )


def _say_left_out(everything: Bundles, found: Bundles) -> None:
    """How many products are missing because they are never offered."""
    if hidden := len(everything.products) - len(found.products):
        st.caption(f":material/block: Without {plural(hidden, 'product')} that you never offer; Offers has the list.")


def _nothing(found: Bundles) -> str:
    """Why there is nothing, and what to do."""
    if not found.orders:
        return f"{found.notes[0]} Import a file with a product on each line."
    gone = "All that was bought together is no longer sold or never offered, so there is no bundle to make."
    return f"{found.notes[0] if found.notes else gone} As more orders come, this page fills by itself."


def _choose(found: Bundles) -> tuple[int | None, str | None, float]:
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


def _show_network(found: Bundles, rules: pd.DataFrame) -> None:
    network = bundle_network(found, rules)
    if network.links.empty:
        return
    with st.container(border=True):
        st.markdown(
            f"**The {plural(len(network.links), 'strongest pair')}**",
            help="Each arc joins two products that are bought together more often than chance explains; the thicker, "
            "the more often. Strongest are those with most orders beyond chance.",
        )
        show_chart(product_network(network.nodes, network.links, palette()), "bundle_network")
