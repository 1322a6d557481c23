"""How well founded each kind of prediction is: the level of evidence, both errors, and on how many it rests."""

import streamlit as st

from crm_core.services.accuracy import Backtests, Question, Verdict, evidence_for
from crm_core.vocabulary import EVIDENCE_MEANING, Evidence
from crm_core.wording import plural
from pages.parts.words import error_writer, prose

NAMES = {
    Question.ACTIVE: "Who buys at all",
    Question.PURCHASES: "How often they buy",
    Question.SPEND: "What they spend",
}
MEASURE = {
    Question.ACTIVE: "Error: the mean squared distance between the chance given and what happened (Brier score). 0 is "
    "perfect, 0.25 is a coin.",
    Question.PURCHASES: "Error: the mean distance, per customer, between the days with an order that were expected and "
    "those that came. It favours rules that say nobody will buy, which is right for most and wrong for the best.",
    Question.SPEND: "Error: the mean distance, per customer, between the sales expected and those that came, refunds "
    "taken off.",
}


def show_verdicts(tested: Backtests, currency: str) -> None:
    """A card for each question."""
    for column, (question, name) in zip(st.columns(3, gap="small"), NAMES.items(), strict=True):
        with column.container(border=True, height="stretch"):
            _show_verdict(evidence_for(tested, question), name, currency)


def _show_verdict(verdict: Verdict, name: str, currency: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{name}**", help=MEASURE[verdict.question], width="content")
        colour = "primary" if verdict.level == Evidence.TESTED_MODEL else "gray"
        st.badge(verdict.level, color=colour, help=EVIDENCE_MEANING[verdict.level])
    st.markdown(prose(verdict.reason(error_writer(verdict.question, currency))))
    if verdict.comparison:
        compared = verdict.comparison
        about = plural(compared.predictions, "prediction")
        st.caption(f"{about} about {plural(compared.customers, 'customer')}")
