"""What was changed by hand: who, when, what, each with the way back."""

import math
from datetime import UTC

import pandas as pd
import streamlit as st

from crm_core.services.database import Store
from crm_core.services.edit_history import count_edits, history_table, list_edits, undo_edit
from crm_core.services.time_zones import zone_of
from crm_core.wording import day, plural
from pages.parts import loading
from pages.parts.display import download_table
from pages.parts.edit_desk import signed
from pages.parts.failures import guarded
from pages.parts.words import as_is

SHOWN = 20
SAID = "undo_said"


def show_edit_history(store: Store) -> None:
    """The changes of one page, newest first, and all of them as a file."""
    if words := st.session_state.pop(SAID, None):
        st.info(as_is(words), icon=":material/undo:")
    total = count_edits(store)
    if not total:
        st.caption("Nothing was changed by hand yet. What you edit, add, archive or delete is listed here.")
        return
    page = min(int(st.session_state.get("changes_page") or 1), math.ceil(total / SHOWN))
    st.caption("Undo puts back only what still is as the change left it, and tells what was changed since.")
    for edit in list_edits(store, offset=(page - 1) * SHOWN, limit=SHOWN).itertuples():
        _show_edit(store, edit)
    with st.container(horizontal=True, vertical_alignment="center"):
        if total > SHOWN:
            st.pagination(math.ceil(total / SHOWN), key="changes_page", bind="query-params")
        download_table(lambda: history_table(store), "changes", label=f"{plural(total, 'change')} as CSV")


def _show_edit(store: Store, edit: "tuple") -> None:
    words, action = st.columns([6, 2], vertical_alignment="center")
    zone = loading.preferences().time_zone
    when = edit.made_at.to_pydatetime().replace(tzinfo=UTC).astimezone(zone_of(zone) if zone else None)
    details = f"{edit.table_name} · {day(when.date())}, {when:%H:%M} · {as_is(edit.made_by)}"
    words.markdown(f"{as_is(edit.what)}  \n:small[:gray[{details}]]")
    with action.container(horizontal=True, horizontal_alignment="right"):
        if pd.isna(edit.undone_at):
            number = int(edit.edit_id)
            key = f"undo_edit_{number}"
            st.button("Undo", key=key, icon=":material/undo:", on_click=_undo, args=(store, number))
        else:
            st.caption(f"taken back {day(edit.undone_at.date())} by {as_is(edit.undone_by)}")


def _undo(store: Store, edit_id: int) -> None:
    with guarded():
        st.session_state[SAID] = undo_edit(store, edit_id, **signed()).as_words()
