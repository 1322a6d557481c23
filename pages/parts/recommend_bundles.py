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
from pages.parts.bundle_choice import choose_bundles
from pages.parts.bundle_ideas import show_bundle_ideas
from pages.parts.bundle_rules import show_rules_of_bundles
from pages.parts.display import palette, show_chart
from pages.parts.offer_feedback import never_offered_ids
from pages.parts.words import as_is


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
    product_id, category, least = choose_bundles(found)
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
