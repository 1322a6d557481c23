"""Offers: who bought something from the lists they would have had on past days, and which method makes them."""

import pandas as pd
import streamlit as st

from crm_core.charts.offers import hits_by_day
from crm_core.services.offer_backtest import ListKind, OfferBacktest
from crm_core.wording import count, plural, share
from pages.parts import analysis, later
from pages.parts.accuracy_recipes import show_recipes
from pages.parts.display import download_table, palette, show_chart, table_height

BY_WORDS = {"list": "Their list", "bestsellers": "Bestsellers", "chance": "By chance"}
SHORT = {ListKind.NEXT: "next", ListKind.NEW: "new"}


def show_offers_test(horizon_days: int) -> None:
    """The test where it has run; else how far it is."""
    tested = analysis.offer_backtest(horizon_days)
    if tested is None:
        later.show_work(analysis.offer_backtest_key(horizon_days))
        return
    if tested.too_early:
        st.info(tested.too_early, icon=":material/hourglass_empty:")
        return
    for which in ListKind:
        _show_list(tested, which)
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(tested.past_days, "accuracy_offers_by_day")
        st.caption(
            f"{plural(tested.customers, 'time')} a customer bought again, on "
            f"{plural(tested.past_days['cut_off'].nunique(), 'past day')}. Each list was made from what was known by "
            "the end of that day alone."
        )
    show_recipes()


def _show_list(tested: OfferBacktest, which: ListKind) -> None:
    """One kind of list: the answer, the picture, and the figures behind it."""
    grades, key = tested.grades[which], SHORT[which]
    st.markdown(
        f"**{which.value}.** {tested.sentence(which)} {tested.verdict(which)}",
        help="A list is its first five products. Bestsellers: what most customers bought lately, for everybody alike. "
        "By chance: five products drawn from a hat, worked out exactly.",
    )
    days = tested.past_days[tested.past_days["which"] == which]
    show_chart(
        hits_by_day(days, palette()), f"accuracy_offers_{key}", alt=f"{which.value}: share with a hit by past day"
    )
    table = grades.table.reset_index().assign(by=lambda rows: rows["by"].map(BY_WORDS))
    with st.expander(f"The figures: {which.value.lower()}", icon=":material/table:"):
        _show_figures(table, days, key)
        st.caption(
            f"All lists of ten together held {share(grades.coverage)} of the products known then. "
            f"Counted over {count(grades.compared.customers)} customers."
        )


def _show_figures(table: pd.DataFrame, days: pd.DataFrame, key: str) -> None:
    """All days together, then each of them."""
    number = st.column_config.NumberColumn
    shares = {name: number(label, format="percent") for name, label in BY_WORDS.items()}
    st.dataframe(
        table,
        key=f"accuracy_offers_{key}_table",
        hide_index=True,
        column_config={
            "by": st.column_config.TextColumn("Offered", pinned=True),
            "hit_share": number("Bought one", format="percent", help="Of customers who bought again."),
            "hit_low": number("Likely from", format="percent", help="Chance alone moves it within these, 95 in 100."),
            "hit_high": number("Likely to", format="percent"),
            "ndcg": number(
                "Order kept", format="%.3f",
                help="NDCG of the first ten: 1 where all that was bought stands on top, 0 where none of it is there.",
            ),
        },
        height=table_height(len(table)),
        placeholder="–",
        alt="Share of customers with a hit, from their list, from bestsellers and by chance",
    )  # fmt: skip
    download_table(table, f"accuracy_offers_{key}")
    st.dataframe(
        days.drop(columns="which"),
        key=f"accuracy_offers_{key}_days",
        hide_index=True,
        column_config={
            "cut_off": st.column_config.DateColumn("Past day", format="D MMM YYYY", pinned=True),
            "customers": number("Bought again", format="%,d", help="At most 1,000 of a day are looked at."),
            **shares,
            "coverage": number("Products offered", format="percent", help="Of those known then, in any list of ten."),
            "method": st.column_config.TextColumn("Method then", width="medium"),
        },
        height=table_height(len(days)),
        alt="Share of customers with a hit by past day",
    )
