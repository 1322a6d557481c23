"""Backup: make one, see those that are there, restore one after a look at what is in it."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
import streamlit as st

from crm_core.errors import CrmError
from crm_core.services.backups import (
    BackupContents,
    Held,
    MadeBackup,
    backups_of,
    drop_upload,
    folder_of,
    keep_upload,
    look_into,
    state_of,
)
from crm_core.services.database import Store
from crm_core.wording import count, day
from pages.parts import loading
from pages.parts.backup_jobs import (
    backup_work,
    download_backup,
    show_backup_outcome,
    show_backup_progress,
    start_backup,
    start_restore,
)
from pages.parts.failures import guarded
from pages.parts.import_jobs import import_work
from pages.parts.words import as_is

SHOWN = 12
LARGEST_UPLOAD = 1_000  # MB
GENERATION = "backup_upload_generation"
REASONS = {
    "by-hand": "made by you",
    "before-import": "before a large import",
    "before-restore": "before a restore",
    "before-update": "before an update",
}


def show_backups(store: Store) -> None:
    """Everything about backups, on the page Data."""
    if backup_work(store).running():  # asked first: one that ends meanwhile is told of by the next look
        show_backup_progress(store)
        return
    show_backup_outcome(store)
    past, new = st.columns([3, 2], gap="large")
    with new:
        _offer_new(store)
        _offer_upload(store)
    with past:
        st.subheader("Backups of these data", anchor=False)
        _show_list(store)


def _offer_new(store: Store) -> None:
    st.subheader("Make one now", anchor=False)
    st.caption("Everything in one file, checked before it counts. You can go on working while it is made.")
    waiting = import_work(store).running() is not None
    st.button(
        "Make a backup now",
        key="make_backup",
        icon=":material/backup:",
        on_click=start_backup,
        args=(store,),
        disabled=waiting,
        help="When the running import has ended." if waiting else None,
    )


def _offer_upload(store: Store) -> None:
    st.subheader("Restore from a file", anchor=False)
    generation = st.session_state.setdefault(GENERATION, 0)
    given = st.file_uploader(
        "A backup file",
        type=["db"],
        key=f"backup_upload_{generation}",
        max_upload_size=LARGEST_UPLOAD,
        help="One that was made here, or with `python -m crm_core backup FILE`, from any kind of database.",
    )
    if given is None:
        return
    if st.button("Look into it", key="look_into_upload", icon=":material/search:"):
        st.session_state[GENERATION] += 1
        with guarded():
            _offer_restore(store, keep_upload(store, given.getvalue(), given.name), given.name)


def _show_list(store: Store) -> None:
    made = backups_of(store)
    if not made:
        st.caption("None yet. One is made before each update, large import and restore; the last five of these stay.")
        return
    for backup in made[:SHOWN]:
        _show_one(store, backup)
    more = f" {count(len(made) - SHOWN)} older ones lie there too." if len(made) > SHOWN else ""
    st.caption(
        f"They lie in **{as_is(folder_of(store))}**.{more} Of those made before an update, a large import or a restore "
        "the last five stay; yours are never deleted."
    )


def _show_one(store: Store, backup: MadeBackup) -> None:
    words, action = st.columns([4, 5], vertical_alignment="center")
    when = _local(backup.made_at)
    size = f"{max(backup.size_bytes / 1e6, 0.1):,.1f} MB"
    words.markdown(f"**{day(when.date())}**, {when:%H:%M}  \n{REASONS[backup.reason]}, {size}")
    with action.container(horizontal=True, horizontal_alignment="right"):
        download_backup(backup.file)
        if st.button("Restore", key=f"restore_{backup.file.name}", icon=":material/restore:"):
            _offer_restore(store, backup.file, f"{day(when.date())}, {when:%H:%M}")


def _local(moment: datetime) -> datetime:
    """A moment as the owner's clock shows it."""
    try:
        return moment.astimezone(ZoneInfo(loading.preferences().time_zone or st.context.timezone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return moment


def _offer_restore(store: Store, file: Path, called: str) -> None:
    """Check the backup, then ask; or say why it can't be restored."""
    try:
        seen = _look(store, str(file), file.stat().st_mtime_ns if file.exists() else 0)
    except CrmError as refusal:
        drop_upload(file)
        tell_refused(str(refusal))
        return
    confirm_restore(store, file, called, seen)


@st.dialog("This is no backup to restore")
@guarded()
def tell_refused(sentence: str) -> None:
    """Why, and a way on."""
    st.error(as_is(sentence), icon=":material/error:")
    if st.button("Close", key="close_refused"):
        st.rerun()


@st.dialog("Restore this backup?")
@guarded()
def confirm_restore(store: Store, file: Path, called: str, seen: BackupContents) -> None:
    """What is in the backup beside what is in now; then the choice."""
    st.markdown(f"Everything that is in now goes, and what is in **{as_is(called)}** comes in its place.")
    st.table(_beside(state_of(store), seen))
    st.caption("What is in now is backed up first, so that you can undo the restore.")
    with st.container(horizontal=True):
        if st.button(
            "Restore it",
            key="confirm_restore",
            icon=":material/restore:",
            on_click=start_restore,
            args=(store, file),
        ):
            st.rerun()
        if st.button("Keep what is in", key="keep_present"):
            drop_upload(file)
            st.rerun()


@st.cache_data(max_entries=8, show_spinner="Checking the backup …")
def _look(_store: Store, file: str, changed: int) -> BackupContents:  # noqa: ARG001 -- the time is part of the key
    return look_into(_store, Path(file))


def _beside(now: Held, backup: BackupContents) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "In now": [count(now.customers), count(now.orders), _day(now.last_day)],
            "In the backup": [count(backup.customers), count(backup.orders), _day(backup.last_day)],
        },
        index=["Customers", "Orders", "Last order"],
    )


def _day(value: date | None) -> str:
    return "none" if value is None else day(value)
