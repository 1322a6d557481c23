"""Who entered and left the owner's own segments and the named groups since a past day."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from crm_core.decisions.segment_changes import ENTERED, LEFT, count_changes, who_changed
from crm_core.services.saved_segments import SavedSegment
from crm_core.services.segment_facts import SegmentFacts, group_names
from crm_core.services.snapshots import Standings, standings_now
from crm_core.wording import day, plural

__all__ = ["ENTERED", "LEFT", "Changes", "changes_since"]


@dataclass(frozen=True, eq=False)
class Changes:
    """counts: [name, before, entered, left, now, net]; people: [name: of the list, what: entered or left, customer_id:
    the source's own, customer: name, email, stage, spend_minor], biggest spenders first within each; ids: our numbers
    in the rows of people; basis: what the past day's figures are, in a sentence."""

    counts: pd.DataFrame
    people: pd.DataFrame
    ids: pd.Index
    since: date
    basis: str


def changes_since(then: Standings, facts: SegmentFacts, saved: list[SavedSegment]) -> tuple[Changes, Changes]:
    """Of the owner's own segments by name, and of the named groups, best first."""
    now = standings_now(facts, saved)
    names = {segment.segment_id: segment.name for segment in saved if segment.segment_id in now.members}
    own = [_named(standings.members, names) for standings in (then, now)]
    groups = [_grouped(standings.table, facts.called) for standings in (then, now)]
    return _changes(own, then, facts), _changes(groups, then, facts)


def _named(members: dict[int, pd.Index], names: dict[int, str]) -> dict[str, pd.Index]:
    nobody = pd.Index([], dtype="int64")
    return {name: members.get(number, nobody) for number, name in names.items()}


def _grouped(table: pd.DataFrame, called: dict[str, str]) -> dict[str, pd.Index]:
    named = table["rfm_group"].dropna()
    found = {str(name): pd.Index(people.index) for name, people in named.groupby(named)}
    return {called[name]: found[name] for name in group_names() if name in found}


def _changes(lists: list[dict[str, pd.Index]], then: Standings, facts: SegmentFacts) -> Changes:
    still = facts.table.index  # who was put away or deleted since is in no list
    before, now = ({name: people.intersection(still) for name, people in found.items()} for found in lists)
    moved = who_changed(before, now)
    figures = facts.table.reindex(moved["customer_id"]).reset_index(drop=True)
    people = pd.DataFrame(
        {
            "name": moved["name"],
            "what": moved["what"],
            "customer_id": figures["source_id"],
            "customer": figures["label"],
            "email": figures["email"],
            "stage": figures["stage"],
            "spend_minor": figures["spend_minor"],
            "id": moved["customer_id"],
            "place": pd.factorize(moved["name"])[0],
        }
    )
    order = ["place", "what", "spend_minor", "id"]
    people = people.sort_values(order, ascending=[True, True, False, True], ignore_index=True)
    ids = pd.Index(people.pop("id"), name="customer_id")
    return Changes(count_changes(before, now), people.drop(columns="place"), ids, then.as_of, _basis(then))


def _basis(then: Standings) -> str:
    if then.is_snapshot:
        return (
            f"Compared with the snapshot that was kept on {day(then.as_of)}, of {plural(len(then.table), 'customer')}."
        )
    return f"Compared with {day(then.as_of)}, worked out again from what had happened by the end of that day."
