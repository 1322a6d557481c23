"""Settings: what should the figures go by, and what does each choice change?"""

from dataclasses import fields

import streamlit as st

from crm_core.services.preferences import Preferences, change_preferences
from crm_core.wording import plural
from pages.parts import loading
from pages.parts.failures import guarded
from pages.parts.settings_days import show_days
from pages.parts.settings_groups import show_groups
from pages.parts.settings_loyalty import show_loyalty
from pages.parts.settings_money import show_money
from pages.parts.settings_stages import show_stages
from pages.parts.settings_words import DEFAULTS, GENERATION, START, UNDO, Controls, say_change, usual_choices
from pages.parts.settings_worth import show_worth
from pages.parts.words import as_is

SECTIONS = {
    "Money": show_money,
    "Worth": show_worth,
    "Loyalty": show_loyalty,
    "Stages": show_stages,
    "Groups": show_groups,
    "Days": show_days,
}


def begin_anew(start: Preferences | None = None) -> None:
    """Fresh controls, at what is saved or at other choices."""
    st.session_state[START] = start
    st.session_state[GENERATION] = st.session_state.get(GENERATION, 0) + 1


def save(changes: dict[str, object], words: list[str]) -> None:
    """Keep what was changed; a choice that is back at its default is forgotten."""
    usual = usual_choices()
    kept = {name: None if value == getattr(usual, name) else value for name, value in changes.items()}
    st.session_state[UNDO] = words, change_preferences(loading.store(), kept)
    begin_anew()
    st.rerun()


def take_back() -> None:
    """What was saved last is as it was before."""
    with guarded():
        change_preferences(loading.store(), st.session_state.pop(UNDO)[1])
        begin_anew()


def show_saved() -> None:
    """What was saved last, with its way back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(f"Saved: {as_is(', '.join(st.session_state[UNDO][0]))}.", icon=":material/check_circle:")
        st.button("Undo", key="undo_settings", icon=":material/undo:", on_click=take_back)


def show_pending(changes: dict[str, object], words: list[str], *, usable: bool) -> None:
    """How many changes wait, Save, and the ways back."""
    with st.container(horizontal=True, vertical_alignment="center"):
        label = f"Save {plural(len(changes), 'change')}" if changes else "Save"
        clicked = st.button(label, key="save_settings", icon=":material/save:", disabled=not (changes and usable))
        if changes:
            st.button("Drop them", key="drop_settings", type="tertiary", on_click=begin_anew)
        st.button(
            "Back to the defaults",
            key="default_settings",
            type="tertiary",
            icon=":material/restart_alt:",
            disabled=controls.wanted_or_saved() == usual_choices(),
            on_click=begin_anew,
            args=(usual_choices(),),
            help="Fills in what Regulars starts with. Nothing changes before you save.",
        )
    if clicked:
        save(changes, words)
    if changes:
        st.markdown(f"Not saved yet: {as_is(', '.join(words))}.")
    elif not st.session_state.get(UNDO):
        st.caption(DEFAULTS)


st.title("What should your figures go by?", anchor=False)
bar = st.container(border=True, key="settings_bar")
controls = Controls(loading.preferences(), st.session_state.get(START), st.session_state.get(GENERATION, 0))
for section, show in zip(st.tabs(list(SECTIONS)), SECTIONS.values(), strict=True):
    with section, guarded():
        show(controls)

saved = controls.saved
order = [field.name for field in fields(Preferences)]
changed = {name: controls.chosen[name] for name in order if controls.chosen[name] != getattr(saved, name)}
said = [say_change(name, saved, controls.chosen) for name in changed]
with bar:
    if st.session_state.get(UNDO) and not changed:
        show_saved()
    if controls.problem:
        st.warning(as_is(controls.problem), icon=":material/warning:")
    show_pending(changed, said, usable=not controls.problem)
