"""The backup or restore that is running: on the worker that imports use too, so that they follow one another."""

from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from crm_core.services.backups import BackupContents, RestoreReport, drop_upload, make_backup, restore_backup
from crm_core.services.database import Store
from crm_core.services.jobs import Job, JobState
from crm_core.wording import plural
from pages.parts.jobs import Work, show_progress
from pages.parts.words import as_is


def backup_work(store: Store) -> Work:
    """The backup or restore that is running, or ran last."""
    return Work("backup", f"backup of {store.url}")


def start_backup(store: Store) -> None:
    """Hand a backup to the worker."""
    now = datetime.now(UTC)
    backup_work(store).begin(lambda job: make_backup(store, now=now, progress=job.tell))


def start_restore(store: Store, file: Path) -> None:
    """Hand a restore to the worker; an uploaded file goes afterwards."""
    now = datetime.now(UTC)

    def work(job: Job) -> RestoreReport:
        try:
            return restore_backup(store, file, now=now, progress=job.tell)
        finally:
            drop_upload(file)

    backup_work(store).begin(work)


def show_backup_progress(store: Store) -> None:
    """How far it is."""
    show_progress(
        backup_work(store), "You can go on working meanwhile. A restore shows nothing new before everything is in."
    )


def show_backup_outcome(store: Store) -> None:
    """How the latest one ended, until it is put away."""
    job = backup_work(store).ended()
    if job is None:
        return
    with st.container(border=True):
        if job.state is JobState.CANCELLED:
            st.info("Stopped. Your data are as they were.", icon=":material/stop_circle:")
        elif job.state is not JobState.DONE:
            st.error(as_is(job.error), icon=":material/error:")
        elif isinstance(job.result, RestoreReport):
            st.success(f"Restored: {holds(job.result.contents)} are in now.", icon=":material/check_circle:")
            st.markdown(f"What was in before lies in **{as_is(job.result.before)}**.")
        else:
            st.success(f"Backed up and checked: {holds(job.result)}.", icon=":material/check_circle:")
            st.markdown(f"It lies in **{as_is(job.result.file)}**. Keep a copy on another disk or a stick.")
        with st.container(horizontal=True, vertical_alignment="center"):
            if job.state is JobState.DONE:
                _offer_next(store, job.result)
            backup_work(store).offer_to_put_away(job)


def _offer_next(store: Store, result: BackupContents | RestoreReport) -> None:
    if isinstance(result, BackupContents):
        download_backup(result.file, key="made_")
    elif result.before.exists():
        st.button(
            "Undo the restore",
            key="undo_restore",
            icon=":material/undo:",
            on_click=start_restore,
            args=(store, result.before),
        )


def download_backup(file: Path, *, key: str = "") -> None:
    """A button that hands out a backup's file, read when it is clicked."""
    st.download_button(
        "Download",
        data=file.read_bytes,
        file_name=file.name,
        mime="application/vnd.sqlite3",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
        key=f"download_{key}{file.name}",
    )


def holds(contents: BackupContents) -> str:
    """Customers and orders in words."""
    return f"{plural(contents.customers, 'customer')} and {plural(contents.orders, 'order')}"
