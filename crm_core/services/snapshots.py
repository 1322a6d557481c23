"""Monthly snapshots: how everybody stood when Regulars was first opened in a month, kept for three years."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from crm_core.errors import CrmError
from crm_core.progress import Progress, silently
from crm_core.services.customers import CustomerBase, customer_base, learn_value
from crm_core.services.preferences import Preferences
from crm_core.services.saved_segments import SavedSegment, list_saved, people_of_rules
from crm_core.services.segment_facts import SegmentFacts, gather_facts
from crm_core.services.time_zones import as_stored
from crm_core.store.session import Store
from crm_core.store.snapshot_queries import (
    drop_snapshot,
    drop_snapshots_beyond,
    insert_snapshot,
    people_in,
    snapshots_until,
    standings_on,
)

__all__ = [
    "Standings",
    "find_snapshot",
    "kept_snapshots",
    "own_segments_of",
    "replay_standings",
    "snapshot_due",
    "standings_now",
    "take_snapshot",
]

KEPT_MONTHS = 36
NEAR_DAYS = 16  # half a month: a snapshot so near to the wanted day stands for it
COMPLETE = 0.95  # of who had ordered by its day, a snapshot has to know; older orders may have been brought since
# facts that rest on what is expected
OF_VALUE = {"clv_minor", "expected_purchases", "expected_spend_minor", "value_tier", "loyalty", "loyalty_tier"}
# choices that move nobody
BESIDE = {"time_zone", "week_start", "silence_days", "churn_days", "offer_days"}
BESIDE |= {"subscriptions", "share_saved", "group_words"}


@dataclass(frozen=True, eq=False)
class Standings:
    """How everybody stood on a day. table: index customer_id, [stage, rfm_group, value_tier, loyalty_tier, loyalty];
    members: customers of the owner's own segments, by number; is_snapshot: kept then, else worked out again."""

    as_of: date
    table: pd.DataFrame
    members: dict[int, pd.Index]
    is_snapshot: bool = False


def kept_snapshots(store: Store, *, until: date) -> tuple[tuple[date, datetime], ...]:
    """The snapshots up to a day, latest first: of which day each is, and when it was made, in UTC."""
    with store.read() as session:
        return tuple((found.as_of, found.made_at) for found in snapshots_until(session, day=until))


def standings_now(facts: SegmentFacts, saved: list[SavedSegment]) -> Standings:
    """How everybody stands by their facts. A segment that can't be counted has no members."""
    members = {}
    for segment in saved:
        if segment.rules is not None:
            try:
                members[segment.segment_id] = people_of_rules(facts, segment.rules)
            except CrmError:
                continue
    columns = ["stage", "rfm_group", "value_tier", "loyalty_tier", "loyalty"]
    return Standings(facts.as_of, facts.table[columns], members)


def own_segments_of(store: Store, base: CustomerBase, preferences: Preferences) -> pd.Series:
    """By customer the names of the owner's own segments that they belong to, in one text; None without any."""
    saved = list_saved(store)
    names = pd.Series("", index=base.table.index, dtype=object)
    if saved:
        members = standings_now(gather_facts(store, base, preferences, today=base.as_of), saved).members
        for segment in saved:
            inside = names.index.isin(members.get(segment.segment_id, names.index[:0]))
            names[inside] = [f"{said}, {segment.name}" if said else segment.name for said in names[inside]]
    return names.where(names != "", None)


def snapshot_due(store: Store, base: CustomerBase) -> bool:
    """Whether the month of the base's day has no snapshot, or one that lacks many who had ordered by its day."""
    if base.table.empty:
        return False
    with store.read() as session:
        known = [found for found in snapshots_until(session, day=date.max) if _in_month(found.month, base.as_of)]
        return not known or not _is_complete(base, known[0].as_of, people_in(session, as_of=known[0].as_of))


def take_snapshot(
    store: Store, base: CustomerBase, preferences: Preferences, *, today: date, now: datetime, tell: Progress = silently
) -> int:
    """Keep how everybody stands on the base's day, in place of an incomplete snapshot of its month; how many customers
    are in it. No fact: the revision stays."""
    tell(0.1, "Keeping how everybody stands this month")
    facts, saved = gather_facts(store, base, preferences, today=today), list_saved(store)
    standings = standings_now(facts, saved)
    table = standings.table.assign(segments=_numbers_of(standings))
    named = {str(one.segment_id): {"name": one.name, "rules": one.stored} for one in saved}
    tell(0.5, "Keeping how everybody stands this month")
    with store.begin() as session:
        for other in snapshots_until(session, day=date.max):
            if _in_month(other.month, base.as_of):
                drop_snapshot(session, as_of=other.as_of)
        moment, chosen = as_stored(now), _choices(preferences)
        number = insert_snapshot(session, table, as_of=base.as_of, now=moment, segments=named, choices=chosen)
        drop_snapshots_beyond(session, KEPT_MONTHS)
    return number


def find_snapshot(
    store: Store, base: CustomerBase, preferences: Preferences, saved: list[SavedSegment], *, day: date
) -> Standings | None:
    """The snapshot nearest to a day, where one is near enough and can be compared with now: it knows who had ordered by
    then, the owner's choices are the same, and so are the rules of every segment. None where not."""
    with store.read() as session:
        near = [found for found in snapshots_until(session, day=base.as_of) if _apart(found.as_of, day) <= NEAR_DAYS]
        for found in sorted(near, key=lambda one: _apart(one.as_of, day)):
            same_rules = all(_kept_rules(found.segments, one) == one.stored for one in saved)
            if not same_rules or found.choices != _choices(preferences):
                continue
            table = standings_on(session, as_of=found.as_of)
            if _is_complete(base, found.as_of, table.index):
                return Standings(found.as_of, table.drop(columns="segments"), _members(table), is_snapshot=True)
    return None


def replay_standings(
    store: Store,
    preferences: Preferences,
    saved: list[SavedSegment],
    *,
    day: date,
    learn: bool = False,
    tell: Progress = silently,
) -> Standings:
    """How everybody stood on a past day, worked out again from what had happened by then. ``learn``: as now, a large
    base learns what is expected from its past, where a segment asks for that; it takes a minute or two."""
    tell(0.1, "Going back to that day")
    base = customer_base(store, as_of=day, preferences=preferences)
    asked = {condition.fact for segment in saved if segment.rules for condition in segment.rules.conditions}
    if learn and asked & OF_VALUE:
        base = learn_value(base, preferences=preferences, tell=tell)
    tell(0.9, "Comparing")
    return standings_now(gather_facts(store, base, preferences, today=day, replayed=True), saved)


def _choices(preferences: Preferences) -> dict[str, Any]:
    """The choices that enter the figures, as JSON gives them back."""
    found: dict[str, Any] = json.loads(json.dumps(asdict(preferences), default=str))
    return {name: value for name, value in found.items() if name not in BESIDE}


def _numbers_of(standings: Standings) -> pd.Series:
    """For each customer the numbers of their segments in one text, None without any."""
    found = pd.Series("", index=standings.table.index, dtype=object)
    for number, people in sorted(standings.members.items()):
        inside = found.index.isin(people)
        found[inside] = found[inside] + f" {number}"
    kept = found.str.strip().str.slice(0, 255)
    return kept.where(kept != "", None)


def _members(table: pd.DataFrame) -> dict[int, pd.Index]:
    numbers = table["segments"].dropna().astype(str).str.split().explode().astype("int64")
    return {int(number): pd.Index(people.index) for number, people in numbers.groupby(numbers)}


def _kept_rules(segments: Mapping[str, Any], segment: SavedSegment) -> Any:
    kept = segments.get(str(segment.segment_id))
    return kept.get("rules") if isinstance(kept, Mapping) else None


def _is_complete(base: CustomerBase, day: date, people: pd.Index) -> bool:
    then = base.table.index[base.table["first_order_on"] <= pd.Timestamp(day)].difference(list(base.archived))
    return len(then) == 0 or then.isin(people).mean() >= COMPLETE


def _in_month(month: date, day: date) -> bool:
    return (month.year, month.month) == (day.year, day.month)


def _apart(one: date, other: date) -> int:
    return abs((one - other).days)
