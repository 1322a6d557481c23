"""People who may be the same: who, why, and making one of two, with the way back. A name alone never joins anybody."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import phonenumbers
from sqlalchemy.orm import Session

from crm_core.errors import CrmError, NotFoundError
from crm_core.features.likely_duplicates import LikelyDuplicates, find_likely_duplicates
from crm_core.services.editing_checks import phone_as_known
from crm_core.services.time_zones import as_stored
from crm_core.store.edit_queries import editable_rows, last_edit_of, merge_that_took
from crm_core.store.edits import RowChange, record_edit
from crm_core.store.merging import (
    MERGED_FIELDS,
    add_known_as,
    different_pairs,
    merge_rows,
    people_to_compare,
    tell_apart,
)
from crm_core.store.session import Store, raise_revision
from crm_core.wording import day

__all__ = [
    "MERGED_FIELDS",
    "MergeReport",
    "Suggestions",
    "compare_people",
    "differing_fields",
    "likely_duplicates",
    "merge_customers",
    "not_the_same",
    "people_side_by_side",
]

MOST_SUGGESTED = 200


@dataclass(frozen=True)
class Suggestions:
    """table: pairs, surest first: [first_id, second_id, sure: 0..1, reason]; more: how many pairs are left out of it;
    common_names: how many names so many people share that a name alone is no reason to suggest them."""

    table: pd.DataFrame
    more: int
    common_names: int


@dataclass(frozen=True)
class MergeReport:
    """The edit that undoes it (None: nothing was to do), and what was done in a sentence."""

    edit_id: int | None
    sentence: str


def compare_people(store: Store) -> LikelyDuplicates:
    """Every pair that may be one person. Seconds of work in a big shop, and the same until the facts change."""
    with store.read() as session:
        people = people_to_compare(session)
    return find_likely_duplicates(people)


def likely_duplicates(
    store: Store, *, compared: LikelyDuplicates | None = None, most: int = MOST_SUGGESTED
) -> Suggestions:
    """Pairs of customers who may be one person, without those that the owner said are two.

    compared: the answer of ``compare_people``, where the caller has kept it.
    """
    found = compared or compare_people(store)
    with store.read() as session:
        apart = different_pairs(session)
    pairs = zip(found.table["first_id"], found.table["second_id"], strict=True)
    open_ones = found.table[[pair not in apart for pair in pairs]].reset_index(drop=True)
    return Suggestions(open_ones.head(most), max(len(open_ones) - most, 0), found.common_names)


def people_side_by_side(store: Store, ids: list[int]) -> pd.DataFrame:
    """What is stored of some customers, in the order asked. Out: index id, [label, source, source_id, archived_at, and
    the MERGED_FIELDS], blanks None; who is gone is left out."""
    with store.read() as session:
        return editable_rows(session, "customers", ids)


def differing_fields(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The fields that two people both have, and not alike: the owner chooses whose stays.

    >>> differing_fields({"name": "Ana", "phone": None}, {"name": "Ana B.", "phone": "1"})
    ['name']
    """
    return [name for name in MERGED_FIELDS if one.get(name) and other.get(name) and one[name] != other[name]]


def merge_customers(
    store: Store,
    keep_id: int,
    other_id: int,
    *,
    now: datetime,
    by: str,
    choices: Mapping[str, int] | None = None,
) -> MergeReport:
    """Make two customers one: all that belongs to the other goes over to the kept one, and the other's row goes.

    choices: per field whose value stays, as that customer's number; else the kept one's, or the other's where the kept
    one has none. CrmError in one sentence where one of them is archived, gone, or both are the same.
    """
    wanted = dict(choices or {})
    _check_choices(wanted, keep_id, other_id)
    with store.begin() as session:
        keep, other = _both(session, keep_id, other_id)
        values = _chosen_values(keep, other, wanted, other_id)
        changes = merge_rows(session, keep_id, other_id, values)
        added = add_known_as(session, keep_id, _known_as(other))
        changes = [*changes[:-1], *added, changes[-1]]
        edit_id = record_edit(session, "merge", "customers", changes, rows=2, now=as_stored(now), by=by)
        raise_revision(session)
    return MergeReport(edit_id, f"{other['label']} is merged into {keep['label']}.")


def not_the_same(store: Store, first_id: int, second_id: int, *, now: datetime, by: str) -> MergeReport:
    """Note that two customers are two people, so that they are not suggested again; the Changes list takes it back."""
    with store.begin() as session:
        one, other = _both(session, first_id, second_id)
        change: RowChange | None = tell_apart(session, first_id, second_id)
        sentence = f"{one['label']} and {other['label']} are not the same person, and won't be suggested again."
        if change is None:
            return MergeReport(None, sentence)
        edit_id = record_edit(session, "tell apart", "customers", [change], rows=2, now=as_stored(now), by=by)
    return MergeReport(edit_id, sentence)


def _check_choices(choices: Mapping[str, int], keep_id: int, other_id: int) -> None:
    for field, whose in choices.items():
        if field not in MERGED_FIELDS:
            raise CrmError(f"'{field}' can't be chosen; choose of {', '.join(MERGED_FIELDS)}.")
        if whose not in (keep_id, other_id):
            raise CrmError(f"The {field} of customer {whose} was chosen; choose {keep_id} or {other_id}.")


def _both(session: Session, first_id: int, second_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two customers as stored; CrmError says why they can't be merged."""
    if first_id == second_id:
        raise CrmError("This is one and the same customer. Choose two.")
    rows = editable_rows(session, "customers", [first_id, second_id])
    for customer_id in (first_id, second_id):
        if customer_id not in rows.index:
            raise NotFoundError(_gone(session, customer_id))
        if rows.loc[customer_id, "archived_at"] is not None:
            label = rows.loc[customer_id, "label"]
            raise CrmError(f"{label} is archived. Restore this customer first, and merge then.")
    first, second = rows.to_dict("records")
    return first, second


def _gone(session: Session, customer_id: int) -> str:
    for edit, did in (
        (last_edit_of(session, "customers", customer_id), "deleted"),
        (merge_that_took(session, customer_id), "merged with somebody else"),
    ):
        if edit is not None:
            when = day(edit.made_at.date())
            return f"One of the two was {did} by {edit.made_by} on {when}; nothing was changed. Look at the list again."
    return "One of the two is not there any more; nothing was changed. Look at the list again."


def _chosen_values(
    keep: Mapping[str, Any], other: Mapping[str, Any], choices: Mapping[str, int], other_id: int
) -> dict[str, Any]:
    """The fields of the kept customer that change."""
    return {
        field: other[field]
        for field in MERGED_FIELDS
        if other[field] and other[field] != keep[field] and (not keep[field] or choices.get(field) == other_id)
    }


def _known_as(person: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """How later files may name the one who went."""
    ways = [("source", str(person["source"]), str(person["source_id"]))]
    if person["email"]:
        ways.append(("email", "", str(person["email"]).strip().lower()))
    if person["phone"]:
        with suppress(phonenumbers.NumberParseException):  # a number without its country tells nobody
            ways.append(("phone", "", phone_as_known(person["phone"])))
    return ways
