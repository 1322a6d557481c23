"""Which model answers: who was asked before the latest window, and how far each was off."""

import streamlit as st

from crm_core.services.accuracy import AVERAGE, Backtests
from crm_core.wording import plural
from pages.parts.display import download_table, table_height

MEANING = {
    "own rate": "Everybody's own rate so far, drawn towards the shop's.",
    "BG/NBD": "Customers buy at their own rate and leave after some purchase.",
    "MBG/NBD": "The same, and some leave after their first purchase.",
    "Pareto/NBD": "Customers may leave at any time.",
    "rhythm GLM": "A regression on the customer's rhythm, learnt from earlier windows.",
    "gradient boosting": "Many small decision trees on the same facts.",
    AVERAGE: "Of BG/NBD, the rhythm GLM and the own rate.",
}


def show_candidates(tested: Backtests) -> None:
    """An expander with the sentence and the table."""
    choice = tested.choice
    if choice is None:
        return
    with st.expander("Which model answers, and why", icon=":material/balance:"):
        if choice.table.empty:
            st.markdown("Your past is too short to test models against each other, so the average of three answers.")
            return
        one = choice.chosen.purchases == choice.chosen.active
        who = (
            f"**{choice.chosen.active}** answers"
            if one
            else f"**{choice.chosen.purchases}** answers how often, **{choice.chosen.active}** whether at all"
        )
        st.markdown(
            f"{who.replace('**average**', 'The **average of three**')}, chosen before the latest past day above: on "
            f"the {plural(choice.window_days, 'day')} before it, about {plural(choice.customers, 'customer')}.",
            help="Each was asked with what was known before those days. The average stands unless one alone was better "
            "by more than twice the noise: choosing from many by one window is often luck.",
        )
        table = choice.table.reset_index()
        table["meaning"] = table["candidate"].map(MEANING).fillna("A simple rule.")
        number = st.column_config.NumberColumn
        st.dataframe(
            table[["candidate", "active", "active_gain", "active_noise", "purchases", "purchases_gain",
                   "purchases_noise", "meaning"]],
            key="accuracy_candidates",
            hide_index=True,
            column_config={
                "candidate": st.column_config.TextColumn("Candidate", pinned=True),
                "active": number("Chance off", format="%.4f", help="Brier score: 0 is perfect."),
                "active_gain": number("Better by", format="%+.4f", help="Than the average of three."),
                "active_noise": number("Noise", format="%.4f", help="The standard error of that difference."),
                "purchases": number("Orders off", format="%.3f", help="Mean Poisson deviance: 0 is perfect."),
                "purchases_gain": number("Orders better by", format="%+.3f", help="Than the average of three."),
                "purchases_noise": number("Orders noise", format="%.3f"),
                "meaning": st.column_config.TextColumn("What it does", width="large"),
            },
            height=table_height(len(table)),
            alt="Candidates with their errors in the window before the latest past day",
        )  # fmt: skip
        download_table(choice.table.reset_index(), "accuracy_candidates")
