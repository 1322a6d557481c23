"""Saving, renaming and deleting a segment, each with its way back."""

import streamlit as st

from crm_core.decisions.segment_rules import Rules
from crm_core.services.saved_segments import (
    LONGEST_NAME,
    SavedSegment,
    change_segment,
    create_segment,
    delete_segment,
    put_back_segment,
)
from pages.parts import loading
from pages.parts.failures import guarded
from pages.parts.segment_draft import DRAFT, Draft
from pages.parts.words import as_is, as_option

CHOSEN, UNDO, NEW = "own", "own_undo", "new segment"
ONLY_NOW = "Segments are kept for all days alike; come back from this past day to save or change one."


def show_undo() -> None:
    """What was done last, with its way back."""
    done = st.session_state.get(UNDO)
    if done is None or loading.replayed():
        return
    words, _ = done
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(f"{as_is(words)}", icon=":material/check_circle:")
        st.button("Undo", key="undo_segment", icon=":material/undo:", on_click=_take_back)


def show_saving(draft: Draft, chosen: SavedSegment | None, rules: Rules | None) -> None:
    """The name, Save, and for a saved one Delete. rules: None while a condition is not finished."""
    if loading.replayed():
        st.caption(ONLY_NOW)
        return
    key = f"own_name_{draft.number}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Name", value=draft.name, max_chars=LONGEST_NAME, key=key, width=320)
        changed = chosen is None or name.strip() != chosen.name or (rules is not None and rules != chosen.rules)
        st.button(
            "Save" if chosen is None else "Save changes",
            key="save_segment",
            icon=":material/save:",
            disabled=rules is None or not changed,
            on_click=_save,
            args=(key, chosen, rules),
        )
        if chosen is not None:
            st.button(
                "Delete",
                key="delete_segment",
                icon=":material/delete:",
                type="tertiary",
                on_click=_delete,
                args=(chosen,),
            )
    draft.name = str(name)


def _save(key: str, chosen: SavedSegment | None, rules: Rules | None) -> None:
    name = str(st.session_state[key])
    with guarded():
        if rules is None:
            return
        if chosen is None:
            made = create_segment(loading.store(), name, rules, now=loading.now())
            st.session_state[UNDO] = (f"Saved “{made.name}”.", ("delete", made))
            _look_at(made.name)
        else:
            before = change_segment(loading.store(), chosen.segment_id, name=name, rules=rules, now=loading.now())
            now = " ".join(name.split())
            changed = f"Changed “{now}”." if now == before.name else f"Changed “{before.name}”, now “{now}”."
            st.session_state[UNDO] = (changed, ("put back", before))
            _look_at(now)


def _delete(chosen: SavedSegment) -> None:
    with guarded():
        before = delete_segment(loading.store(), chosen.segment_id)
        st.session_state[UNDO] = (f"Deleted “{before.name}”; its customers stay.", ("put back", before))
        _look_at(None)


def _take_back() -> None:
    with guarded():
        _, (what, segment) = st.session_state.pop(UNDO)
        if what == "delete":
            delete_segment(loading.store(), segment.segment_id)
            _look_at(None)
        else:
            put_back_segment(loading.store(), segment)
            _look_at(segment.name)


def _look_at(name: str | None) -> None:
    """Show a segment, or a new one, with the rules that are kept."""
    st.session_state.pop(DRAFT, None)
    st.session_state[CHOSEN] = NEW if name is None else as_option(name)
