"""How well founded a prediction is: its level of evidence, why, and the way to the page that proves it."""

import streamlit as st

from crm_core.services.accuracy import untested_level
from crm_core.services.customers import CustomerBase
from crm_core.vocabulary import EVIDENCE_MEANING, Evidence, Question
from crm_core.wording import plural
from pages.parts import analysis, later
from pages.parts.replay import keep_day
from pages.parts.words import error_writer, prose

NOT_YET = "Not tested on your own past yet; Accuracy does that."


def show_evidence(question: Question, base: CustomerBase, *, days: int = analysis.TESTED_DAYS) -> None:
    """The badge of the level with both errors in its hover, and the link; while tests run, how far they are. ``days``:
    how far ahead the prediction looks; the nearest span that is tested stands for it."""
    verdict, tested_days = analysis.verdict(question, days=days), analysis.nearest_tested(days)
    running = verdict is None and _is_running(tested_days)
    level = verdict.level if verdict else untested_level(base)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        colour = "primary" if level == Evidence.TESTED_MODEL else "gray"
        st.badge(level, color=colour, help=EVIDENCE_MEANING[level])
        st.page_link(
            "accuracy.py", label="How sure is this?", icon=":material/fact_check:", width="content",
            query_params=keep_day({"accuracy_days": f"{tested_days} days"}),
        )  # fmt: skip
        if verdict and verdict.comparison:
            about = plural(verdict.comparison.predictions, "prediction")
            why = prose(verdict.reason(error_writer(question, base.currency)))
            words = f"Tested on your own past: {about}, {tested_days} days ahead"
            st.caption(words, help=why, width="content")
        elif not running:
            st.caption(f"{tested_days} days ahead can't be tested on your past yet." if verdict else NOT_YET,
                       width="content")  # fmt: skip
    if running:
        later.show_progress(analysis.backtests_key(tested_days))


def _is_running(days: int) -> bool:
    job = later.find(analysis.backtests_key(days))
    return job is not None and not job.is_over
