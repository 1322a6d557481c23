"""The import that is running: one worker for all windows, progress, and how it ended."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from crm_core.importing.report import ImportReport
from crm_core.services.database import Store
from crm_core.services.import_preview import totals_in_words
from crm_core.services.imports import import_file, list_imports, rejected_rows
from crm_core.services.jobs import Job, JobState
from crm_core.wording import count, day, plural
from pages.parts.display import download_table
from pages.parts.jobs import Work, show_progress
from pages.parts.words import as_is, prose

LONGEST_NAME = 255  # that the history keeps


def import_work(store: Store) -> Work:
    """The import that is running, or ran last."""
    return Work("import", f"import into {store.url}")


def start_import(store: Store, data: bytes, **asked: Any) -> None:
    """Hand a file to the worker."""

    def work(job: Job) -> ImportReport:
        return import_file(store, data, progress=job.tell, **asked)

    import_work(store).begin(work)


def show_import_progress(store: Store) -> None:
    """How far the running import is."""
    show_progress(import_work(store), "You can go on working meanwhile. Nothing is stored before everything is.")


def show_outcome(store: Store) -> None:
    """The report of the latest import, until it is put away."""
    job = import_work(store).ended()
    if job is None:
        return
    if job.state is JobState.DONE and not _is_in(store, job.result):
        return
    with st.container(border=True):
        if job.state is JobState.DONE:
            _show_report(store, job.result)
        elif job.state is JobState.CANCELLED:
            st.info("Stopped. Nothing of that file was stored.", icon=":material/stop_circle:")
        else:
            st.error(as_is(job.error), icon=":material/error:")
        with st.container(horizontal=True, vertical_alignment="center"):
            if job.state is JobState.DONE:
                st.page_link("today.py", label="See today's list", icon=":material/wb_sunny:", width="content")
            import_work(store).offer_to_put_away(job)


def _is_in(store: Store, report: ImportReport) -> bool:
    """Whether what was imported is in: not taken back since, and not gone or another one's number by a restore."""
    history = list_imports(store).set_index("import_id")
    if report.import_id not in history.index:
        return False
    run = history.loc[report.import_id]
    told = (report.file_name[:LONGEST_NAME], report.rows, report.accepted, report.duplicates)
    return pd.isna(run["undone_at"]) and (run["file_name"], run["rows"], run["accepted"], run["duplicates"]) == told


def _show_report(store: Store, report: ImportReport) -> None:
    rejected = len(report.rejected)
    st.success(
        f"**{as_is(report.file_name)}** is in: {count(report.accepted)} of {plural(report.rows, 'row')} stored, "
        f"{plural(report.duplicates, 'duplicate')}, {count(rejected)} rejected.",
        icon=":material/check_circle:",
    )
    span = f" from {day(report.first_day)} to {day(report.last_day)}" if report.first_day else ""
    total = totals_in_words(report.totals, report.parts)
    brought = ", ".join(report.brought_in_words())
    st.markdown(f"{brought}{span}" + (f", together {prose(total)}." if total else "."))
    for note in report.notes:
        st.caption(as_is(note))
    if rejected and report.import_id is not None:
        st.markdown(f"**{plural(rejected, 'row')} not stored.** The first: {as_is(report.rejected[0].reason)}")
        download_table(_rejected(store, report.import_id), f"rejected_{report.import_id}", label="Rejected rows as CSV")


def _rejected(store: Store, import_id: int) -> Callable[[], Any]:
    return lambda: rejected_rows(store, import_id)
