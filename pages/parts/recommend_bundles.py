"""Bundles: which products belong together, as a picture, a table of rules, and ideas with money."""

from typing import Any

import pandas as pd
import streamlit as st

from crm_core.charts.bundles import product_network
from crm_core.services.bundles import (
    TAKEN_SHARE,
    Bundles,
    bundle_ideas,
    bundle_network,
    find_bundles,
    pick_rules,
)
from crm_core.services.customers import CustomerBase
from crm_core.wording import count, day, plural, share
from pages.parts import loading
from pages.parts.display import download_table, money_column, palette, show_chart, table_height, to_major
from pages.parts.words import as_is, as_option, money, prose

SHOWN = 500  # rules on the screen; the file has all
RULES = {  # column -> label, format, what it means
    "baskets": ("Together", "%,d", "Orders that held all products of the rule."),
    "support": ("Support (%)", "%.1f", "The same as a share of all orders that name a product."),
    "confidence": ("Confidence (%)", "%.0f", "Of 100 orders with the products on the left, how many also held those on "
        "the right."),
    "lift": ("Lift", "%.1f", "How many times as often together as by chance: 1 means they have nothing to do with each "
        "other, 3 three times as often."),
    "conviction": ("Conviction", "%.2f", "How much more often the rule would fail if the two had nothing to do with "
        "each other: 1 no more often, 2 twice as often. Infinite where it never failed."),
    "leverage": ("Beyond chance (%)", "%.2f", "Of all orders, how many more held both than chance would bring. "
        "The list begins with the most."),
    "first_baskets": ("With the left", "%,d", "Orders that held the products on the left."),
}  # fmt: skip


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
    found = load_bundles(base)
    if found.rules.empty or found.sure.empty:
        answer.title("Which products belong together?", anchor=False)
        st.info(_nothing(found), icon=":material/inventory_2:")
        if len(found.rules):
            _show_rules(found, found.rules)
        return
    product_id, category, least = _choose(found)
    rules = pick_rules(found, product_id=product_id, category=category, min_confidence=least)
    answer.title(headline(rules), anchor=False)
    if not rules["significant"].any():
        st.info("Nothing stands out here. Ask for less confidence, or choose another product.", icon=":material/tune:")
        return
    picture, ideas = st.columns([2, 3], gap="medium")
    with picture:
        _show_network(found, rules)
    with ideas, st.container(border=True):
        _show_ideas(found, base.currency, product_id, category)
    st.markdown("**All rules**")
    _show_rules(found, rules)


def headline(rules: pd.DataFrame) -> str:
    """The strongest rule as a sentence."""
    if not rules["significant"].any():
        return "Which products belong together?"
    best = rules[rules["significant"]].iloc[0]
    return (
        f"{as_is(best['first'])} and {as_is(best['second'])} go together: bought together "
        f"{plural(int(best['baskets']), 'time')}, {best['lift']:.1f} times as often as by chance"
    )


def _nothing(found: Bundles) -> str:
    """Why there is nothing, and what to do."""
    if not found.orders:
        return f"{found.notes[0]} Import a file with a product on each line."
    gone = "All that was bought together is no longer sold, so there is no bundle to make."
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


def _show_ideas(found: Bundles, currency: str, product_id: int | None, category: str | None) -> None:
    st.markdown("**Bundle ideas**")
    asked = st.slider(
        "If so many of the orders that lacked one product had taken it",
        1,
        50,
        round(100 * TAKEN_SHARE),
        format="%d%%",
        key="bundle_taken",
        bind="query-params",
        help="Nobody knows this share before you offer the bundle; it is an assumption of yours, not a prediction.",
    )
    ideas = bundle_ideas(found, taken_share=asked / 100, product_id=product_id, category=category)
    if ideas.empty:
        st.caption("No bundle of these products stands out.")
        return
    _tell_best(found, ideas.iloc[0], asked / 100, currency)
    st.dataframe(
        ideas.assign(
            bundle=ideas["bundle"].map(as_option),
            usual=to_major(ideas["usual_minor"], currency),
            extra=to_major(ideas["extra_minor"], currency),
        ),
        key="bundle_ideas",
        hide_index=True,
        height=table_height(len(ideas), most=520),
        column_order=["bundle", "extra", "together", "one_short", "times_chance", "usual"],
        column_config=_idea_columns(currency),
        placeholder="–",
        alt="Bundles with the orders that held all, those that lacked one, and the money",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(ideas, "bundle_ideas")
        st.caption("Before costs and any discount. Rows don't add up: one order may lack a product of several bundles.")


def _tell_best(found: Bundles, best: pd.Series, taken: float, currency: str) -> None:
    if pd.isna(best["extra_minor"]):
        st.caption("What these products usually cost is in a currency without a rate; Settings takes one.")
        return
    st.markdown(
        f"**{as_is(best['bundle'])}**: {plural(int(best['one_short']), 'order')} lacked one of them. Had "
        f"{share(taken)} of these taken it, sales from {day(found.first_day)} to {day(found.last_day)} would have been "
        f"**{money(best['extra_minor'], currency)}** higher."
    )


def _idea_columns(currency: str) -> dict[str, Any]:
    return {
        "bundle": st.column_config.TextColumn("Bundle", width=240),
        "extra": money_column(
            "Extra sales",
            currency,
            whole=True,
            help="Orders one short × the share above × what an order usually pays for the missing product (median).",
        ),
        "together": st.column_config.NumberColumn("Together", format="%,d", help="Orders that held all of them."),
        "one_short": st.column_config.NumberColumn(
            "One short", format="%,d", help="Orders that held all of them but one."
        ),
        "times_chance": st.column_config.NumberColumn(
            "Times chance", format="%.1f", help="How many times as often all together as by chance."
        ),
        "usual": money_column("Usually paid", currency, help="What one order usually pays for all of them (medians)."),
    }


def _show_rules(found: Bundles, rules: pd.DataFrame) -> None:
    top = rules.head(SHOWN)
    percent = {name: 100 * top[name] for name in ("support", "confidence", "leverage")}
    shown = top.assign(**percent, **{side: top[side].map(as_option) for side in ("first", "second")})
    columns = {name: st.column_config.NumberColumn(words[0], format=words[1], help=words[2])
               for name, words in RULES.items()}  # fmt: skip
    st.dataframe(
        shown[["first", "second", *RULES, "significant"]],
        key="bundle_rules",
        hide_index=True,
        height=table_height(len(shown)),
        column_config=columns
        | {
            "first": st.column_config.TextColumn("Who buys", width=190),
            "second": st.column_config.TextColumn("also buys", width=190),
            "significant": st.column_config.CheckboxColumn(
                "Hardly chance",
                help="Fisher's exact test, corrected for all rules that were looked at (Benjamini–Hochberg): of those "
                "with a tick, about 1 in 20 may still be chance.",
            ),
        },
        placeholder="",
        alt="Rules: who buys the left also buys the right, with how often and how surely",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(rules.drop(columns=["first_ids", "second_ids"]), "bundle_rules")
        more = f"The first {count(SHOWN)} of {count(len(rules))}; the file has all. " if len(rules) > SHOWN else ""
        st.caption(
            prose(f"{more}{plural(found.orders, 'order')}, {count(found.with_two)} with two products or more. "
                  f"{found.counted_from}")
        )  # fmt: skip
