"""People who may be the same: what was suggested, two of the owner's choice, and the way back of what was decided."""

import math

import streamlit as st

from crm_core.services.database import Store
from crm_core.services.edit_history import undo_edit
from crm_core.services.edit_tables import edit_page
from crm_core.services.merging import Suggestions, compare_people, likely_duplicates
from crm_core.wording import count, plural
from pages.parts import loading
from pages.parts.edit_desk import signed
from pages.parts.failures import guarded
from pages.parts.merge_cards import DONE, WITH, show_pair
from pages.parts.words import as_is, as_option

PAIRS_SHOWN = 5
SAID, TOLD = "merge_said", "merge_told"


def show_merging(store: Store) -> None:
    """All of the mode Merge, below the question."""
    _show_what_was_done(store)
    chosen = st.query_params.get(WITH, "")
    if chosen:
        _show_two_of_choice(store, chosen)
        st.subheader("Others who may be the same", anchor=False)
    compared = loading.kept("duplicates", compute=lambda: compare_people(store))
    _show_suggestions(store, likely_duplicates(store, compared=compared))
    if not chosen:
        st.subheader("Two people of your choice", anchor=False)
        _show_two_of_choice(store, "")


def how_sure(sure: float) -> str:
    """A share in words.

    >>> how_sure(0.95), how_sure(0.7), how_sure(0.3)
    ('very likely', 'likely', 'possible')
    """
    return "very likely" if sure >= 0.85 else "likely" if sure >= 0.6 else "possible"


def _show_suggestions(store: Store, found: Suggestions) -> None:
    total = len(found.table)
    if not total:
        st.info("Nobody looks like somebody else here.", icon=":material/check:")
        return
    more = f"; {count(found.more)} less likely ones follow when these are decided" if found.more else ""
    common = (
        f" {plural(found.common_names, 'name is', 'names are')} too common here to go by alone."
        if found.common_names
        else ""
    )
    st.caption(f"{plural(total, 'pair')}, surest first{more}. Nobody is merged without you.{common}")
    pages = math.ceil(total / PAIRS_SHOWN)
    page = min(int(st.session_state.get("pairs_page") or 1), pages)
    for pair in found.table.iloc[(page - 1) * PAIRS_SHOWN : page * PAIRS_SHOWN].itertuples():
        show_pair(store, (int(pair.first_id), int(pair.second_id)), why=f"{pair.reason} · {how_sure(pair.sure)}")
    if pages > 1:
        st.pagination(pages, key="pairs_page")


def _show_two_of_choice(store: Store, chosen: str) -> None:
    """Two searches, and the pair that was found by them."""
    if chosen:
        first = int(chosen) if chosen.isdecimal() and len(chosen) <= 9 else None
        second = _find_person(store, "Merge with", "second")
    else:
        one, other = st.columns(2)
        with one:
            first = _find_person(store, "First person", "first")
        with other:
            second = _find_person(store, "Second person", "second")
    if first is None or second is None:
        return
    if first == second:
        st.caption("This is one and the same customer. Choose two.")
        return
    show_pair(store, (first, second), why="chosen by you")


def _find_person(store: Store, label: str, key: str) -> int | None:
    """A search, and a choice of what it found."""
    text = st.text_input(f"{label}: name, e-mail or number", key=f"merge_search_{key}", icon=":material/search:")
    if not text.strip():
        return None
    found = edit_page(store, "customers", text=text).table
    if found.empty:
        st.caption("Nobody matches. Try fewer letters, or another spelling.")
        return None
    names = {int(row.Index): as_option(f"{row.label} · {row.email or row.number}") for row in found.itertuples()}
    return st.selectbox(label, list(names), format_func=lambda person: names[person], key=f"merge_choice_{key}")


def _show_what_was_done(store: Store) -> None:
    if words := st.session_state.pop(SAID, None):
        st.info(as_is(words), icon=":material/undo:")
    report = st.session_state.get(DONE)
    if report is None:
        return
    if report is not st.session_state.get(TOLD):  # for who has scrolled down
        st.session_state[TOLD] = report
        st.toast(f"{as_is(report.sentence)} Undo is at the top.", icon=":material/check:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(as_is(report.sentence), icon=":material/check:", width="stretch")
        if report.edit_id is not None:
            st.button(
                "Undo", key="undo_merge", icon=":material/undo:", on_click=_undo, args=(store, int(report.edit_id))
            )


def _undo(store: Store, edit_id: int) -> None:
    with guarded():
        st.session_state[SAID] = undo_edit(store, edit_id, **signed()).as_words()
        st.session_state.pop(DONE, None)
