"""Bundles: which products to offer together, and the money that might have made."""

from typing import Any

import pandas as pd
import streamlit as st

from crm_core.services.bundles import TAKEN_SHARE, Bundles, bundle_ideas
from crm_core.wording import day, plural, share
from pages.parts.display import download_table, money_column, table_height, to_major
from pages.parts.words import as_is, as_option, money

LISTED = 9  # in words; the table has all


def show_bundle_ideas(found: Bundles, currency: str, product_id: int | None, category: str | None) -> None:
    """The assumption, the best idea in words, and the table of all."""
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
    for idea in ideas[1:LISTED].itertuples():
        _tell(idea, currency)
    with st.expander(f"All {len(ideas)} as a table", icon=":material/table:"):
        st.dataframe(
            ideas.assign(
                bundle=ideas["bundle"].map(as_option),
                usual=to_major(ideas["usual_minor"], currency),
                extra=to_major(ideas["extra_minor"], currency),
            ),
            key="bundle_ideas",
            hide_index=True,
            height=table_height(len(ideas)),
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


def _tell(idea: Any, currency: str) -> None:
    """One of the next best in two lines: names of several products are too long for a table."""
    extra = "extra sales not known" if pd.isna(idea.extra_minor) else f"{money(idea.extra_minor, currency)} extra"
    st.markdown(
        f"{as_is(idea.bundle)}  \n:small[:gray[{extra} · together {plural(idea.together, 'time')}, "
        f"{idea.times_chance:.1f} times as often as by chance · {plural(idea.one_short, 'order')} one short]]"
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
