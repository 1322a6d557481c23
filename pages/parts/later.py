"""Long analysis done beside the pages: begun once, its progress shown, its result kept until the facts change.

It has a worker of its own, so that an import never waits for a backtest. What runs there must not ask Streamlit for
anything: a page hands over all that it needs.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from crm_core.services.jobs import Job, Jobs, JobState
from pages.parts.failures import guarded
from pages.parts.words import as_is

SECONDS_BETWEEN_LOOKS = 1.0
SEPARATOR = " | "
PAST = "past"  # a part of the keys of what is worked out for a past day
KEPT_OF_PAST = 6


@st.cache_resource
def _analyst(past: bool) -> Jobs:
    """The worker of all windows; what it is given is done in turn. Past days have one of their own, which keeps less:
    they never push out what the usual day needs, nor keep it waiting."""
    return Jobs(kept=KEPT_OF_PAST) if past else Jobs()


def _analyst_for(key: str) -> Jobs:
    return _analyst(PAST in key.split(SEPARATOR))


def name_of(*parts: Any) -> str:
    """The key of a piece of work; the first two parts are the database and the revision."""
    return SEPARATOR.join(map(str, parts))


def find(key: str) -> Job | None:
    """The work under a key, ended or not; None where it was never begun."""
    return _analyst_for(key).find(key)


def result_of(key: str) -> Any | None:
    """What came out, where the work has ended well."""
    job = find(key)
    return job.result if job is not None and job.state is JobState.DONE else None


def begin(key: str, work: Callable[..., Any], *, at_once: bool = False) -> None:
    """Begin ``work(tell=…)``, unless it has been; ``at_once``: and wait for it, because it is short.

    What failed or was stopped is begun anew only after ``put_aside``.
    """
    if find(key) is not None:
        return
    if at_once:
        _analyst_for(key).do_now(key, lambda job: work(tell=job.tell))
    else:
        _analyst_for(key).start(key, lambda job: work(tell=job.tell))


@st.cache_resource
def _waiting() -> dict[str, Callable[..., Any]]:
    """Work that begins once a page has been drawn."""
    return {}


def begin_when_drawn(key: str, work: Callable[..., Any]) -> None:
    """Begin ``work(tell=…)`` after the page, so that the page that is waited for comes first."""
    if find(key) is None:
        _waiting()[key] = work


def page_is_drawn() -> None:
    """What waited for a page to be drawn begins."""
    for key in list(_waiting()):
        work = _waiting().pop(key, None)  # another window may have been quicker
        if work is not None:
            begin(key, work)


def put_aside(key: str) -> None:
    """Forget work that failed or was stopped, so that it is begun anew when it is next asked for."""
    _analyst_for(key).drop(lambda other: other == key)


def forget_older(url: str, revision: int) -> None:
    """Let go of what was worked out from earlier facts of a database, and stop what still is."""
    mine, now = name_of(url, ""), name_of(url, revision, "")
    for past in (False, True):
        _analyst(past).drop(lambda key: key.startswith(mine) and not key.startswith(now))


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
@guarded()
def show_progress(key: str, *, stoppable: bool = False) -> None:
    """How far the work under a key is; the whole page comes anew when it has ended."""
    job = find(key)
    if job is None or job.is_over:
        st.progress(1.0, text="Done")  # a fragment that draws nothing may break the page that comes next
        st.rerun()
    st.progress(job.progress, text=f"{job.words or 'Waiting for its turn'} …")
    if stoppable:
        st.button("Stop", key="stop_analysis", icon=":material/stop_circle:", on_click=job.cancel)


def show_work(key: str) -> None:
    """The work under a key while there is no result: how far it is, that it was stopped, or why it failed."""
    job = find(key)
    if job is None or not job.is_over:
        show_progress(key, stoppable=True)
        st.caption("You can go on working meanwhile; the result stays here until your data change.")
        return
    if job.state is JobState.FAILED:
        st.error(as_is(job.error), icon=":material/error:")
    else:
        st.info("Stopped. Nothing was tested.", icon=":material/stop_circle:")
    st.button("Try again", key="try_again", icon=":material/refresh:", on_click=put_aside, args=(key,))
