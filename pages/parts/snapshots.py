"""The month's snapshot, taken beside the pages, and what changed since a past day: kept, or worked out again."""

from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from crm_core.services.customers import LARGE, CustomerBase
from crm_core.services.journey import months_before
from crm_core.services.saved_segments import SavedSegment
from crm_core.services.segment_changes import Changes, changes_since
from crm_core.services.snapshots import (
    Standings,
    find_snapshot,
    kept_snapshots,
    replay_standings,
    snapshot_due,
    take_snapshot,
)
from crm_core.settings import Settings
from pages.parts import later, loading, segment_choice
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


def find_changes(base: CustomerBase, saved: list[SavedSegment], months: int) -> tuple[Changes, Changes] | None:
    """Who entered and left the owner's own segments, and the named groups, since so many months ago; None while that
    day is worked out again, which is shown."""
    store, chosen, wanted = loading.store(), loading.preferences(), months_before(base.as_of, months)
    marks = tuple((segment.segment_id, segment.name, segment.changed_at) for segment in saved)
    asked = (wanted, marks, chosen)
    snapshots = kept_snapshots(store, until=base.as_of)
    kept = loading.kept(
        "snapshot", snapshots, *asked, compute=lambda: find_snapshot(store, base, chosen, saved, day=wanted)
    )
    then = kept or _work_out(base, saved, wanted, asked)
    if then is None:
        return None
    facts = segment_choice.facts()
    found: tuple[Changes, Changes] = loading.kept(
        "changes", then.as_of, then.is_snapshot, *asked, snapshots, compute=lambda: changes_since(then, facts, saved)
    )
    return found


def _work_out(base: CustomerBase, saved: list[SavedSegment], day: date, asked: tuple[Any, ...]) -> Standings | None:
    """How everybody stood on a past day, from what had happened by then; None while it is worked out."""
    key = loading.work_key("standings", *asked)
    learnt = base.prediction.learnt_from_past
    work = partial(replay_standings, loading.store(), loading.preferences(), saved, day=day, learn=learnt)
    later.begin(key, work, at_once=len(base.table) <= QUICK)
    found: Standings | None = later.result_of(key)
    if found is None:
        later.show_work(key)
    return found
