"""How well founded a prediction is: its level of evidence, why, and the way to the page that proves it."""

from typing import Any

import streamlit as st

from crm_core.services.customers import CustomerBase
from crm_core.vocabulary import EVIDENCE_MEANING, Evidence, Question
from crm_core.wording import plural
from pages.parts import analysis, later
from pages.parts.replay import keep_day
from pages.parts.words import error_writer, prose

NOT_YET = "Not tested on your own past yet; Accuracy does that."


def show_evidence(question: Question, base: CustomerBase, *, link: dict[str, Any] | None = None) -> None:
    """The badge of the level with both errors in its hover, and the link; while tests run, how far they are."""
    verdict = analysis.verdict(question)
    level = verdict.level if verdict else _without_test(base)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        colour = "primary" if level == Evidence.TESTED_MODEL else "gray"
        st.badge(level, color=colour, help=EVIDENCE_MEANING[level])
        st.page_link(
            "accuracy.py", label="How sure is this?", icon=":material/fact_check:", width="content",
            query_params=keep_day(link or {}),
        )  # fmt: skip
        if verdict and verdict.comparison:
            about = plural(verdict.comparison.predictions, "prediction")
            why = prose(verdict.reason(error_writer(question, base.currency)))
            words = f"Tested on your own past: {about}, {analysis.TESTED_DAYS} days ahead"
            st.caption(words, help=why, width="content")
        elif not verdict and not _running():
            st.caption(NOT_YET, width="content")
    if not verdict and _running():
        later.show_progress(analysis.backtests_key(analysis.TESTED_DAYS))


def _running() -> bool:
    job = later.find(analysis.backtests_key(analysis.TESTED_DAYS))
    return job is not None and not job.is_over


def _without_test(base: CustomerBase) -> Evidence:
    return Evidence.COUNTS if base.shop.typical_gap_days is None else Evidence.OWN_RHYTHM
