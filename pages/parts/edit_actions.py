"""What the editor's buttons do: save, put away, delete, drop, take back."""

from typing import Any

import streamlit as st

from crm_core.services.database import Store
from crm_core.services.edit_history import undo_edit
from crm_core.services.editing import CellEdit, archive_rows, delete_rows, save_edits, what_goes
from crm_core.wording import count, plural
from pages.parts import loading
from pages.parts.edit_desk import Desk, drop_all, signed, take_in
from pages.parts.failures import guarded
from pages.parts.words import as_is

MOST_NAMED = 8


@st.dialog("Delete these rows?")
@guarded()
def confirm_delete(store: Store, desk: Desk) -> None:
    """Say what goes, ask once."""
    named = [as_is(desk.labels.get(row_id, row_id)) for row_id in desk.ticked]
    more = f" and {count(len(named) - MOST_NAMED)} more" if len(named) > MOST_NAMED else ""
    st.markdown(f"**{', '.join(named[:MOST_NAMED])}**{more}")
    st.markdown(what_goes(store, desk.name, desk.ticked) or "Nothing else hangs on them.")
    st.caption("Undo brings everything back. To keep the past in your figures without being reminded, archive instead.")
    with st.container(horizontal=True):
        words = f"Delete {plural(len(named), desk.table.noun)}"
        if st.button(words, key=f"confirm_delete_{desk.name}", on_click=_delete, args=(store, desk)):
            st.rerun()
        if st.button("Keep", key=f"keep_{desk.name}"):
            st.rerun()


def save(store: Store, desk: Desk) -> None:
    """Save everything that is pending."""
    with guarded():
        take_in(desk)
        _store_edits(store, desk, desk.edits())


def save_mine(store: Store, desk: Desk, conflict: Any) -> None:
    """Put the owner's value over the one that somebody else was quicker with."""
    with guarded():
        edit = CellEdit(conflict.row_id, conflict.field, conflict.theirs, conflict.yours)
        desk.conflicts = tuple(other for other in desk.conflicts if other != conflict)
        _store_edits(store, desk, [edit], also=desk.conflicts)


def _store_edits(store: Store, desk: Desk, edits: list[CellEdit], *, also: tuple[Any, ...] = ()) -> None:
    report = save_edits(store, desk.name, edits, today=loading.today(), **signed())
    sentences = [problem.sentence for problem in report.problems]
    desk.problems = ("Nothing is saved yet. Put these right, or drop them:", *sentences) if sentences else ()
    desk.message = None
    if report.problems:
        for edit in edits:
            desk.pending[edit.row_id, edit.field] = (edit.original, edit.new)
        return
    for edit in edits:
        desk.pending.pop((edit.row_id, edit.field), None)
    desk.ticked = {row_id: cells for row_id, cells in desk.ticked.items() if row_id not in report.row_ids}
    desk.conflicts = (*also, *report.conflicts)
    if report.saved:
        desk.message = (f"Saved {plural(report.saved, 'change')}.", report.edit_id)
    elif not report.conflicts:
        desk.message = ("Everything is stored like that already.", None)
    desk.reload()


def archive(store: Store, desk: Desk, away: bool) -> None:
    """Put the ticked rows away, or take them out again."""
    with guarded():
        take_in(desk)
        report = archive_rows(store, desk.name, desk.ticked, archive=away, **signed())
        done = "archived" if away else "taken out of the archive"
        desk.message = (f"{plural(report.saved, desk.table.noun)} {done}.", report.edit_id)
        desk.ticked.clear()
        desk.reload()


def _delete(store: Store, desk: Desk) -> None:
    with guarded():
        report = delete_rows(store, desk.name, dict(desk.ticked), **signed())
        desk.message = (f"{plural(report.saved, desk.table.noun)} deleted.", report.edit_id) if report.saved else None
        desk.problems = tuple(conflict.sentence for conflict in report.conflicts)
        desk.pending = {key: value for key, value in desk.pending.items() if key[0] not in report.row_ids}
        desk.ticked.clear()
        desk.reload()


def drop(desk: Desk) -> None:
    """Forget what is pending and ticked."""
    take_in(desk)
    drop_all(desk)


def undo(store: Store, desk: Desk, edit_id: int) -> None:
    """Take one edit back."""
    with guarded():
        desk.message = (undo_edit(store, edit_id, **signed()).as_words(), None)
        desk.reload()
