"""The owner's own segments: saved, changed, deleted and put back; and who belongs to each, as of any day."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from crm_core.decisions.segment_facts import fact_named
from crm_core.decisions.segment_match import match_rules
from crm_core.decisions.segment_rules import Rules, read_rules, write_rules
from crm_core.decisions.segment_words import describe_rules
from crm_core.errors import CrmError, NotFoundError
from crm_core.literal import storable, without_line_ends
from crm_core.services.segment_facts import SegmentFacts
from crm_core.services.segment_fields import missing_field
from crm_core.services.time_zones import as_stored
from crm_core.store.bulk import next_id
from crm_core.store.segment_queries import list_segments
from crm_core.store.session import Store
from crm_core.store.tables import Base, Segment

__all__ = [
    "LONGEST_NAME",
    "RESERVED",
    "SavedSegment",
    "change_segment",
    "count_segments",
    "create_segment",
    "delete_segment",
    "list_saved",
    "people_of_rules",
    "put_back_segment",
    "segment_people",
]

LONGEST_NAME, MOST_SEGMENTS = 60, 200
RESERVED = frozenset({"everyone", "new segment"})  # what lists of segments say themselves
KEY_LENGTH = 191
ADDED = ["spend_minor", "clv_minor"]


@dataclass(frozen=True)
class SavedSegment:
    """One segment. rules: None where they can't be read, and ``problem`` says why; stored: the rules as they are kept;
    times are UTC."""

    segment_id: int
    name: str
    rules: Rules | None
    problem: str
    stored: dict[str, Any]
    created_at: datetime
    changed_at: datetime


def list_saved(store: Store) -> list[SavedSegment]:
    """All segments, by name."""
    with store.read() as session:
        return [_as_saved(row) for row in list_segments(session)]


def create_segment(store: Store, name: str, rules: Rules, *, now: datetime) -> SavedSegment:
    """Save a new one; CrmError where the name is taken or can't be used."""
    moment = as_stored(now)
    with store.begin() as session:
        if (session.scalar(select(func.count()).select_from(Segment)) or 0) >= MOST_SEGMENTS:
            raise CrmError(f"There are {MOST_SEGMENTS} segments already; delete one that you no longer need.")
        wanted = _free_name(session, name)
        number = _next_number(session)
        row = {"id": number, **wanted, "rules": write_rules(rules), "created_at": moment, "changed_at": moment}
        session.execute(insert(Segment).values(**row))
        return _as_saved(session.get_one(Segment, number))


def change_segment(store: Store, segment_id: int, *, name: str, rules: Rules, now: datetime) -> SavedSegment:
    """Give a segment another name or other rules; returns what it was, to put back."""
    with store.begin() as session:
        before = _as_saved(_the_segment(session, segment_id))
        values = {**_free_name(session, name, but=segment_id), "rules": write_rules(rules)}
        changed = update(Segment).where(Segment.id == segment_id).values(**values, changed_at=as_stored(now))
        session.execute(changed)
        return before


def delete_segment(store: Store, segment_id: int) -> SavedSegment:
    """Take a segment away; returns what it was, to put back. Its customers stay as they are."""
    with store.begin() as session:
        before = _as_saved(_the_segment(session, segment_id))
        session.execute(delete(Segment).where(Segment.id == segment_id))
        return before


def put_back_segment(store: Store, before: SavedSegment) -> None:
    """A segment as it was before it was changed or deleted."""
    with store.begin() as session:
        values = {**_free_name(session, before.name, but=before.segment_id), "rules": before.stored}
        times = {"created_at": before.created_at, "changed_at": before.changed_at}
        there = session.get(Segment, before.segment_id)
        if there is not None and there.created_at == before.created_at:
            session.execute(update(Segment).where(Segment.id == before.segment_id).values(**values, **times))
            return
        taken = there is not None  # its number is another segment's by now
        number = _next_number(session) if taken else before.segment_id
        session.execute(insert(Segment).values(id=number, **values, **times))


def people_of_rules(facts: SegmentFacts, rules: Rules) -> pd.Index:
    """Who belongs; CrmError where amounts are in another currency than the base's, or nobody has an own field."""
    if problem := rules.other_currency(facts.currency):
        raise CrmError(problem)
    own = [fact for fact in map(fact_named, {condition.fact for condition in rules.conditions}) if fact.field]
    for fact in own:
        if facts.told(fact).empty:
            raise CrmError(missing_field(fact))
    table = facts.table.assign(**{fact.name: facts.column(fact) for fact in own})
    return match_rules(rules, table, as_of=facts.as_of, today=facts.today, buyers=facts.buyers)


def segment_people(facts: SegmentFacts, people: pd.Index) -> pd.DataFrame:
    """Some customers with their figures, biggest spenders first.

    Out: index customer_id, [label, source_id, email, stage, orders, last_order_on, spend_minor, clv_minor].
    """
    columns = ["label", "source_id", "email", "stage", "orders", "last_order_on", "spend_minor", "clv_minor"]
    found = facts.table.loc[facts.table.index.isin(people), columns]
    return found.sort_values("spend_minor", ascending=False, kind="stable", na_position="last")


def count_segments(facts: SegmentFacts, segments: list[SavedSegment]) -> pd.DataFrame:
    """Each segment with its people counted now.

    Out: index segment_id, [name, customers: count, spend_minor, clv_minor: NaN where unknown, meaning: its rules in
    words, problem: why it can't be counted, ""].
    """
    rows = []
    for segment in segments:
        row: dict[str, Any] = {"segment_id": segment.segment_id, "name": segment.name, "problem": segment.problem}
        if segment.rules is not None:
            row["meaning"] = describe_rules(segment.rules, names=facts.names)
            try:
                table = facts.table.loc[people_of_rules(facts, segment.rules), ADDED]
                row |= {"customers": len(table), **table.sum(min_count=min(len(table), 1)).to_dict()}
            except CrmError as error:
                row["problem"] = str(error)
        rows.append(row)
    columns = ["segment_id", "name", "customers", *ADDED, "meaning", "problem"]
    found = pd.DataFrame(rows, columns=columns).set_index("segment_id")
    return found.astype({"customers": "float64", **dict.fromkeys(ADDED, "float64")})


def _as_saved(row: Segment) -> SavedSegment:
    rules, problem = None, ""
    try:
        rules = read_rules(row.rules)
    except CrmError as error:
        problem = f"Its rules can't be read: {error}"
    return SavedSegment(row.id, row.name, rules, problem, row.rules, row.created_at, row.changed_at)


def _the_segment(session: Session, segment_id: int) -> Segment:
    found = session.get(Segment, segment_id)
    if found is None:
        raise NotFoundError("This segment is not there any more; it was deleted in another window.")
    return found


def _next_number(session: Session) -> int:
    return next_id(session, Base.metadata.tables[Segment.__tablename__])


def _free_name(session: Session, name: str, *, but: int | None = None) -> dict[str, str]:
    """The name as it is kept, and the key by which no other may have it."""
    clean = " ".join(without_line_ends(storable(name)).replace("\0", "").split())
    if not clean:
        raise CrmError("Give the segment a name.")
    if len(clean) > LONGEST_NAME:
        raise CrmError(f"The name has {len(clean)} letters; {LONGEST_NAME} is the most.")
    key = unicodedata.normalize("NFC", clean).casefold()[:KEY_LENGTH]
    if key in RESERVED:
        raise CrmError(f"'{clean}' is what lists say themselves; choose another name.")
    taken = select(Segment.name).where(Segment.name_key == key, *([Segment.id != but] if but is not None else []))
    if other := session.scalar(taken):
        raise CrmError(f"There is a segment called '{other}' already; choose another name.")
    return {"name": clean, "name_key": key}
