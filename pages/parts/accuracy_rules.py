"""The model beside the simple rules: error, bias and ranking of each."""

from typing import Any

import streamlit as st

from crm_core.services.accuracy import RULES, Backtests
from crm_core.wording import plural, share
from pages.parts.accuracy_candidates import show_candidates
from pages.parts.display import download_table, money_column, table_height, to_major

GRADES = {  # column -> label, format, what it means
    "purchase_error": ("Orders off", "%.2f", "Mean distance per customer between the days with an order that were "
        "expected and those that came."),
    "spend_error": ("Sales off", "", "The same for sales, refunds taken off."),
    "purchase_rmse": ("Big misses", "%.2f", "The same for orders, large misses weighing more (root mean square). "
        "Unlike the mean distance it does not favour a rule that expects nothing of most customers."),
    "purchase_bias_percent": ("Orders bias", "%+.0f%%", "All customers together: above 0 more was expected than "
        "came, below 0 less."),
    "spend_bias_percent": ("Sales bias", "%+.0f%%", "The same for sales."),
    "top_percent": ("Top bought", "%.0f%%", "How many of those ranked highest bought."),
    "spearman": ("Order kept", "%.2f", "Whether who was ranked higher bought more (Spearman): 1 always, 0 no "
        "connection."),
    "auc": ("Told apart", "%.2f", "How often a buyer was ranked above somebody who did not buy (AUC): 1 always, 0.5 as "
        "by chance."),
    "brier": ("Chance off", "%.3f", "Mean squared distance between the chance given and what happened (Brier "
        "score): 0 is perfect, 0.25 is a coin."),
}  # fmt: skip


def show_rules(tested: Backtests, currency: str) -> None:
    """Every method with its grades; the model first."""
    table = tested.methods.reset_index()
    table = table.assign(
        spend_error=to_major(table["spend_error"], currency),
        top_percent=100 * table["hits"] / table["k"],
        purchase_bias_percent=100 * table["purchase_bias"],
        spend_bias_percent=100 * table["spend_bias"],
    )
    st.dataframe(
        table[["method", *GRADES]],
        key="accuracy_rules",
        hide_index=True,
        column_config=_columns(currency),
        height=table_height(len(table)),
        placeholder="–",
        alt="The model and the simple rules with their errors, bias and ranking",
    )
    model, days = table.iloc[0], len(tested.past_days)
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(tested.methods.reset_index(), "accuracy_methods")
        st.caption(
            f"{plural(int(model['customers']), 'prediction')} each on {plural(days, 'past day')}, whose windows don't "
            f"overlap. By chance {share(model['chance_hits'] / model['k'])} of the top would have bought. A dash: the "
            "rule says nothing of it."
        )
    with st.expander("What the simple rules say", icon=":material/rule:"):
        st.markdown("\n\n".join(f"**{rule.name}**: {rule.meaning}" for rule in RULES))
    show_candidates(tested)


def _columns(currency: str) -> dict[str, Any]:
    columns: dict[str, Any] = {"method": st.column_config.TextColumn("Method", pinned=True)}
    for name, (label, form, meaning) in GRADES.items():
        columns[name] = (
            st.column_config.NumberColumn(label, format=form, help=meaning)
            if form
            else money_column(label, currency, help=meaning)
        )
    return columns
