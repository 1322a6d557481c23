"""Looking at another day: what the address asks for, the picker under the menu, and the sentence over every page.

The day stands in the address as ``?day=2025-03-01``. A click on the menu drops what stands there, so the window brings
it along; a widget that is bound to the address can't do that when a link names parameters of its own.
"""

from datetime import date

import streamlit as st

from crm_core.errors import CrmError
from crm_core.services.as_of import AsOf, replayed_day
from crm_core.wording import day
from pages.parts import loading
from pages.parts.words import as_is

ASKED = "day"  # the address's parameter
WANTED, PLACE, BROUGHT, PICKED = "replay_wanted", "replay_place", "replay_brought", "replay_picked"  # of the window
OF_TODAY = {"data", "settings"}  # pages that show and change what is stored now
MEANING = (
    "It shows what is known now about that day, not what was imported by then: names, merged and archived customers, "
    "deleted orders and what became of an order are as they are now."
)


def follow_address(path: str) -> str:
    """Have the window look at the day that the address of this page asks for; says what is wrong with it, if so."""
    wanted, problem, then = _wanted(path), "", None
    if wanted:
        try:
            then = replayed_day(wanted, usual=loading.usual_day(), first=loading.first_day())
        except CrmError as error:
            problem = str(error)
    past = then is not None and then.is_replayed
    st.session_state[WANTED] = wanted if past else None
    st.session_state[loading.REPLAYED] = then if past and path not in OF_TODAY else None
    return problem


def _wanted(path: str) -> str | None:
    """What the address asks for, or what the window has looked at before it came to this page."""
    state, asked = st.session_state, st.query_params.get(ASKED)
    moved = state.get(PLACE) != path
    state[PLACE] = path
    if asked or not state.get(WANTED):
        return asked
    if moved:
        st.query_params[ASKED], state[BROUGHT] = state[WANTED], path
    elif state.get(BROUGHT) != path:  # the browser went back to before the day was picked
        return None
    return str(state[WANTED])


def keep_day(query: dict[str, str] | None = None) -> dict[str, str]:
    """The parameters of a link to another page, the day that is looked at among them."""
    wanted = st.session_state.get(WANTED)
    return {**(query or {}), **({ASKED: wanted} if wanted else {})}


def look_at_usual_day() -> None:
    """Leave the past."""
    st.session_state[WANTED] = st.session_state[BROUGHT] = None
    st.query_params.pop(ASKED, None)


def _pick() -> None:
    picked: date | None = st.session_state[PICKED]
    if picked is None or picked == loading.usual_day().day:
        look_at_usual_day()
    else:
        st.query_params[ASKED] = picked.isoformat()


def show_picker() -> None:
    """The choice of a day, where there is an earlier one."""
    first, last = loading.first_day(), loading.usual_day().day
    if first is None or first == last:
        return
    wanted = st.session_state.get(WANTED)
    st.session_state[PICKED] = date.fromisoformat(wanted) if wanted else None
    st.date_input(
        "Look at another day",
        value=None,
        min_value=first,
        max_value=last,
        format="YYYY-MM-DD",
        key=PICKED,
        on_change=_pick,
        help=f"Any day from {day(first)}: every page is as it was at the end of that day. {MEANING}",
    )


def show_banner(problem: str) -> None:
    """Over the page: that it is of a past day, or that it is not, and the way back."""
    if problem:
        st.info(as_is(problem), icon=":material/history:")
    wanted = st.session_state.get(WANTED)
    if not wanted:
        return
    then = loading.replayed()
    with st.container(horizontal=True, vertical_alignment="center", border=True, gap="xxsmall", key="replay_banner"):
        st.markdown(f":material/history: {then.sentence if then else _not_here(wanted)}")
        st.button(
            _way_back(loading.usual_day()),
            key="leave_replay",
            icon=":material/undo:",
            type="tertiary",
            on_click=look_at_usual_day,
        )


def _not_here(wanted: str) -> str:
    return f"This page shows what is stored now; {day(date.fromisoformat(wanted))} is looked at on the other pages."


def _way_back(usual: AsOf) -> str:
    return "Back to today" if usual.is_today else f"Back to {day(usual.day)}"
