"""What offers taught: in sentences, by reason and by product."""

import pandas as pd
import streamlit as st

from crm_core.decisions.offer_learning import LEAST_FACTOR, MOST_FACTOR, Learnt
from crm_core.services.offer_results import OfferResults
from pages.parts.display import download_table, table_height


def show_lessons(found: OfferResults) -> None:
    """What was learnt, in words and as a table."""
    st.subheader("What was learnt", anchor=False)
    for lesson in found.lessons:
        st.markdown(lesson)
    if found.learnt.is_empty:
        st.caption("Nothing yet: it takes offers that were decided, bought, or whose days have passed.")
        return
    if not found.lessons:
        st.markdown("So far no reason is taken clearly more or less often than the others.")
    st.caption(
        f"A score is multiplied by {LEAST_FACTOR:g} to {MOST_FACTOR:g} for its reason, and again for its product.",
        help="An offer that was accepted or bought counts as taken, one that was declined or not useful as refused. "
        "One that passed without either counts a quarter of a refusal: nobody knows whether the customer heard of it. "
        "Few outcomes are drawn towards the usual share of their list.",
    )
    with st.expander("By reason and by product", icon=":material/table:"):
        show_factors(reasons_table(found.learnt), "offer_reasons", "Reason")
        show_factors(products_table(found), "offer_products", "Product")


def reasons_table(learnt: Learnt) -> pd.DataFrame:
    """[what, taken, refused, passed, share, factor] by list and reason."""
    reasons = learnt.reasons
    return reasons.assign(what=reasons["reason_kind"] + ", " + reasons["list"]).drop(columns=["list", "reason_kind"])


def products_table(found: OfferResults) -> pd.DataFrame:
    """The same by product, those first that moved most."""
    names = found.offers.drop_duplicates("product_id").set_index("product_id")["product"]
    products = found.learnt.products
    named = products.assign(what=names.reindex(products.index).to_numpy())
    return named.sort_values("factor", ascending=False, kind="stable").reset_index(drop=True)


def show_factors(table: pd.DataFrame, name: str, what: str) -> None:
    """One table of what was learnt."""
    shown = table.assign(share=100 * table["share"])
    st.dataframe(
        shown[["what", "factor", "taken", "refused", "passed", "share"]],
        hide_index=True,
        key=name,
        height=table_height(len(table), most=300),
        column_config={
            "what": st.column_config.TextColumn(what, pinned=True),
            "factor": st.column_config.NumberColumn("Factor", format="%.2f", help="What its score is multiplied by."),
            "taken": st.column_config.NumberColumn("Taken", format="%,d", help="Accepted, or bought in time."),
            "refused": st.column_config.NumberColumn("Refused", format="%,d", help="Declined, or not useful."),
            "passed": st.column_config.NumberColumn("Passed", format="%,d", help="Neither decided nor bought in time."),
            "share": st.column_config.NumberColumn(
                "Estimate",
                format="%.0f%%",
                help="How often it is taken, where one that passed counts a quarter; drawn towards what is usual.",
            ),
        },
        alt=f"How often offers were taken, by {what.lower()}",
    )
    download_table(table, name)
