"""What was taken in, newest first, each with the way back."""

import math
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from crm_core.services.database import Store
from crm_core.services.imports import list_imports, rejected_rows, undo_import
from crm_core.wording import count, day, plural
from pages.parts.display import download_table
from pages.parts.failures import guarded
from pages.parts.import_jobs import import_work
from pages.parts.words import as_is

SHOWN = 8
UNDONE = "undone_words"
PAGE = "imports_page"
DEMO_KIND = "demo"


def show_history(store: Store) -> None:
    """Every import with Undo, the latest first, and the whole history as a file."""
    history = list_imports(store)
    if words := st.session_state.pop(UNDONE, None):
        st.success(as_is(words), icon=":material/undo:")
    if history.empty:
        st.caption("Nothing was taken in yet.")
        return
    pages = math.ceil(len(history) / SHOWN)
    page = min(int(st.session_state.get(PAGE) or 1), pages)
    for run in history.iloc[(page - 1) * SHOWN : page * SHOWN].itertuples():
        _show_run(store, run)
    if pages > 1:
        st.pagination(pages, key=PAGE)
    download_table(history, "imports", label="All imports as CSV")


def _show_run(store: Store, run: "tuple") -> None:
    words, action = st.columns([5, 2], vertical_alignment="center")
    taken = f"{count(run.accepted)} of {plural(run.rows, 'row')} stored"
    details = [taken, *[f"{count(n)} {name}" for name, n in _rest(run)]]
    words.markdown(
        f"**{as_is(run.file_name)}** · import {run.import_id} · {day(run.finished_at.date())}  \n{', '.join(details)}"
    )
    with action.container(horizontal=True, horizontal_alignment="right"):
        if run.rejected:
            download_table(
                lambda: rejected_rows(store, run.import_id), f"rejected_rows_{run.import_id}", label="Rejected rows"
            )
        if pd.isna(run.undone_at):
            if st.button("Undo", key=f"undo_{run.import_id}", icon=":material/undo:"):
                confirm_undo(store, int(run.import_id), str(run.file_name))
        else:
            st.caption(f"taken back {day(run.undone_at.date())}")


def _rest(run: "tuple") -> list[tuple[str, int]]:
    return [(name, n) for name, n in (("duplicates", run.duplicates), ("rejected", run.rejected)) if n]


def offer_to_undo_demo(store: Store) -> None:
    """While the made-up company is in: that an own file would mix with it, and its way out."""
    history = list_imports(store)
    made_up = history[(history["kind"] == DEMO_KIND) & history["undone_at"].isna()]
    if made_up.empty:
        return
    st.warning(
        "The made-up company is still in here; take it out first so that its customers don't mix with yours.",
        icon=":material/warning:",
    )
    run = next(made_up.itertuples())
    if st.button("Take the made-up company out", key="undo_demo", icon=":material/undo:"):
        confirm_undo(store, int(run.import_id), str(run.file_name))


@st.dialog("Take this file back?")
@guarded()
def confirm_undo(store: Store, import_id: int, file_name: str) -> None:
    """Ask once, then take it back."""
    st.markdown(
        f"Everything that only **{as_is(file_name)}** brought goes, and what it changed is put back. What a later file "
        "brought too, and what you edited by hand since, stays. You can import the file again at any time."
    )
    with st.container(horizontal=True):
        if st.button("Take it back", key="confirm_undo", on_click=_take_back, args=(store, import_id)):
            st.rerun()
        if st.button("Keep it", key="keep_import"):
            st.rerun()


def _take_back(store: Store, import_id: int) -> None:
    with guarded():
        import_work(store).put_away(import_work(store).latest())
        report = undo_import(store, import_id, now=datetime.now(UTC))
        st.session_state[UNDONE] = " ".join(report.as_words().splitlines())
