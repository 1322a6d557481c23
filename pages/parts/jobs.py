"""Long work seen from a window: one worker for all of them, how far it is, how it ended until that is put away."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from crm_core.services.jobs import Job, Jobs
from pages.parts.failures import guarded

SECONDS_BETWEEN_LOOKS = 0.5


@st.cache_resource
def _worker() -> Jobs:
    """The one worker of all windows; what it is given is done in turn."""
    return Jobs()


@dataclass(frozen=True)
class Work:
    """One kind of work on one database, of which the latest is shown. ``name`` is that of its widgets and state."""

    name: str
    key: str

    def begin(self, work: Callable[[Job], Any]) -> None:
        """Hand it to the worker; a click elsewhere does not stop it."""
        st.session_state.pop(self._seen, None)
        _worker().start(self.key, work)

    def latest(self) -> Job | None:
        """The one that was begun last, ended or not."""
        return _worker().find(self.key)

    def running(self) -> Job | None:
        """The one that has not ended yet."""
        job = self.latest()
        return None if job is None or job.is_over else job

    def ended(self) -> Job | None:
        """The latest, when it has ended and this window has not put it away."""
        job = self.latest()
        return None if job is None or not job.is_over or st.session_state.get(self._seen) is job else job

    def put_away(self, job: Job | None) -> None:
        """Show how a job ended no longer in this window. It is named, because a later one may have begun meanwhile: an
        uploader that goes away may still call."""
        st.session_state[self._seen] = job

    def offer_to_put_away(self, job: Job) -> None:
        """A button for that."""
        st.button("Put away", key=f"put_{self.name}_away", type="tertiary", on_click=self.put_away, args=(job,))

    @property
    def _seen(self) -> str:
        return f"{self.name}_seen"


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
@guarded()
def show_progress(work: Work, caption: str) -> None:
    """How far the running work is; the whole page comes anew when it has ended."""
    job = work.running()
    if job is None:
        st.progress(1.0, text="Done")  # a fragment that draws nothing may break the page that comes next
        st.rerun()
    st.progress(job.progress, text=f"{job.words or 'Waiting for its turn'} …")
    st.caption(caption)
    st.button("Stop", key=f"stop_{work.name}", icon=":material/stop_circle:", on_click=job.cancel)
