"""A file tried out: what of it is new, which the store is asked beforehand and left as it was."""

from typing import Any

import streamlit as st

from crm_core.importing.report import ChangeCount, ImportReport
from crm_core.services.database import Store
from crm_core.services.imports import import_file
from crm_core.services.jobs import JobState
from crm_core.wording import count, plural
from pages.parts import loading
from pages.parts.import_answers import Answers, Brought
from pages.parts.jobs import Work, show_progress
from pages.parts.words import as_is

AT_ONCE_ROWS = 20_000  # larger files are tried by the worker meanwhile


def try_out(store: Store, file: Brought, answers: Answers, rows: int) -> ImportReport | None:
    """What the file would do; None while a large one is still being compared, which is shown, or could not be."""
    if rows <= AT_ONCE_ROWS:
        key = repr([answers, loading.preferences().time_zone])
        return loading.kept("tried", file.file_id, key, compute=lambda: _try(store, file, answers))
    trial = _trial(store, file, answers)
    if trial.latest() is None:
        trial.begin(lambda job: _try(store, file, answers, progress=job.tell))
    if trial.running():
        show_progress(trial, "Comparing with what is in already. You need not wait for it.")
    job = trial.latest()
    return job.result if job is not None and job.state is JobState.DONE else None


def give_up_trial(store: Store, file: Brought, answers: Answers) -> None:
    """Let a comparison that is still going on make room for the import itself."""
    if job := _trial(store, file, answers).running():
        job.cancel()


def show_trial(tried: ImportReport, already_rejected: int, *, told: tuple[str, ...] = ()) -> None:
    """New, updated and unchanged, by table; what is in already; what contradicts what is stored; notes not ``told``."""
    for note in tried.notes:
        if note not in told:
            st.caption(as_is(note))
    changes = {"customers": tried.customers, "orders": tried.orders, **tried.changes}
    rows = [_row(name, change) for name, change in changes.items() if change != ChangeCount()]
    if rows:
        st.markdown("\n".join(["| | new | updated | as they were |", "|:-|-:|-:|-:|", *rows]))
    if tried.duplicates:
        st.info(
            "1 row of this file is in already, or twice in it, and changes nothing."
            if tried.duplicates == 1
            else f"{count(tried.duplicates)} rows of this file are in already, or twice in it, and change nothing.",
            icon=":material/content_copy:",
        )
    contradicting = len(tried.rejected) - already_rejected
    if contradicting > 0:
        st.warning(
            f"{plural(contradicting, 'row')} can't be stored: {as_is(tried.rejected[-1].reason)}",
            icon=":material/warning:",
        )


def _row(name: str, change: ChangeCount) -> str:
    figures = " | ".join(count(number) for number in (change.new, change.updated, change.unchanged))
    return f"| {name.replace('_', ' ')} | {figures} |"


def _try(store: Store, file: Brought, answers: Answers, **more: Any) -> ImportReport:
    return import_file(store, file.data, file_name=file.name, dry_run=True, **answers.as_asked(), **more)


def _trial(store: Store, file: Brought, answers: Answers) -> Work:
    usual = loading.preferences()
    return Work("trial", repr(["trial", store.url, store.revision(), file.file_id, answers, usual.time_zone]))
