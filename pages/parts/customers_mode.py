"""What is done with customers: look at them, edit them, or tell whether two are one."""

import streamlit as st

from pages.parts import loading

LOOK, EDIT, MERGE = "Look", "Edit", "Merge"
ONLY_NOW = "Editing and merging change what is stored now, so they wait until you are back from this past day."


def choose_mode() -> str:
    """The choice; in a past day there is only looking."""
    if loading.replayed():
        st.caption(ONLY_NOW)
        return LOOK
    chosen = st.segmented_control(
        "What to do with customers",
        [LOOK, EDIT, MERGE],
        default=LOOK,
        required=True,
        key="mode",
        bind="query-params",
        label_visibility="collapsed",
    )
    return str(chosen)
