"""Bundles: who buys this also buys that, as a table of rules with what each figure means."""

import pandas as pd
import streamlit as st

from crm_core.services.bundles import Bundles
from crm_core.wording import count, plural
from pages.parts.display import download_table, table_height
from pages.parts.words import as_option, prose

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
AT_FIRST = ("baskets", "support", "confidence", "lift", "conviction")  # the table's own menu shows the others too


def show_rules_of_bundles(found: Bundles, rules: pd.DataFrame) -> None:
    """The rules on the screen, and all of them in the file."""
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
        column_order=["first", "second", *AT_FIRST, "significant"],
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
