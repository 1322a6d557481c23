"""The month's snapshot, taken beside the pages, and how everybody stood on a past day: kept, or worked out again."""

from functools import partial

import streamlit as st

from crm_core.services.customers import LARGE, CustomerBase
from crm_core.services.journey import months_before
from crm_core.services.saved_segments import SavedSegment
from crm_core.services.snapshots import Standings, find_snapshot, replay_standings, snapshot_due, take_snapshot
from crm_core.settings import Settings
from pages.parts import later, loading
from pages.parts.analysis import QUICK


def take_when_due() -> None:
    """Begin to keep how everybody stands, where this month has not been kept yet. Never of a past day, and not before a
    large base has learnt: its figures change once then."""
    if loading.replayed() or not Settings.from_environment().takes_snapshots or not loading.known()["orders"]:
        return
    base = loading.base()
    learning = later.find(loading.work_key(loading.LEARNING))
    if len(base.table) > LARGE and (learning is None or not learning.is_over):
        return
    month = f"{base.as_of:%Y-%m}"
    key = loading.work_key("snapshot", month)
    if later.find(key) is None and _is_due(loading.store().url, loading.store().revision(), month):
        chosen, days = loading.preferences(), {"today": loading.today(), "now": loading.now()}
        later.begin(key, partial(take_snapshot, loading.store(), base, chosen, **days))


@st.cache_data(max_entries=4, show_spinner=False)
def _is_due(url: str, revision: int, month: str) -> bool:  # noqa: ARG001 - the cache's key
    return snapshot_due(loading.store(), loading.base())


def standings_then(base: CustomerBase, saved: list[SavedSegment], months: int) -> Standings | None:
    """How everybody stood so many months ago; None while that is worked out, which is shown."""
    store, chosen, wanted = loading.store(), loading.preferences(), months_before(base.as_of, months)
    kept = find_snapshot(store, base, chosen, saved, day=wanted)
    if kept is not None:
        return kept
    marks = [(segment.segment_id, segment.changed_at.isoformat()) for segment in saved]
    key = loading.work_key("standings", wanted, marks, chosen)
    work = partial(replay_standings, store, chosen, saved, day=wanted)
    later.begin(key, work, at_once=len(base.table) <= QUICK)
    found: Standings | None = later.result_of(key)
    if found is None:
        later.show_work(key)
    return found
