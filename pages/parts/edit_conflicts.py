"""Changes that somebody else was quicker with: both values, and which shall stay."""

from collections.abc import Callable

import streamlit as st

from crm_core.services.editing import Conflict
from pages.parts.edit_desk import Desk
from pages.parts.failures import guarded
from pages.parts.words import as_is


def show_conflicts(desk: Desk, *, use_mine: Callable[[Conflict], None]) -> None:
    """One box per conflict; until it is decided, what the others saved stands."""
    if not desk.conflicts:
        return
    with st.container(border=True):
        st.markdown(":material/call_split: **Changed by somebody else meanwhile.** Theirs stands until you decide.")
        for conflict in desk.conflicts:
            words, action = st.columns([5, 3], vertical_alignment="center")
            words.markdown(as_is(conflict.sentence))
            key = f"{desk.name}_{conflict.row_id}_{conflict.field}"
            with action.container(horizontal=True, horizontal_alignment="right"):
                keep = "All right" if conflict.gone else "Keep theirs"
                st.button(keep, key=f"theirs_{key}", on_click=_keep_theirs, args=(desk, conflict))
                if not conflict.gone:
                    st.button("Use mine", key=f"mine_{key}", on_click=use_mine, args=(conflict,))


def _keep_theirs(desk: Desk, conflict: Conflict) -> None:
    with guarded():
        desk.conflicts = tuple(other for other in desk.conflicts if other != conflict)
