"""The history of what was changed by hand: who, when, what, and the way back."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from crm_core.errors import CrmError, NotFoundError
from crm_core.services.edit_tables import EDITABLE, row_name
from crm_core.services.editing import in_words
from crm_core.services.import_preview import exact_amount
from crm_core.services.time_zones import as_stored
from crm_core.store.edit_queries import edit_list, editable_rows, list_changes, merge_that_took, row_labels
from crm_core.store.edit_undo import Kept, mark_undone, take_back
from crm_core.store.session import Store, raise_revision
from crm_core.store.tables import Edit
from crm_core.wording import day, plural

__all__ = ["EditUndoReport", "count_edits", "history_table", "list_edits", "undo_edit"]

DID = {
    "change": "changed",
    "add": "added",
    "archive": "archived",
    "restore": "taken out of the archive",
    "delete": "deleted",
    "merge": "merged",
    "tell apart": "not the same person",
}
NOUNS = {
    "customer_identities": "an e-mail, phone or number that somebody is known by",
    "survey_answers": "a survey answer",
    "order_lines": "an order line",
    "interactions": "a conversation",
    "standings": "a line of a monthly snapshot",
    "different_people": "a note that two people are not the same",
    "offers": "an offer that was shown",
    "never_offered": "a note that a product is never offered",
}
SHOWN = 3  # changes of one edit told in words
MOST_READ = 60  # changes looked at for that
LABELS = {(table.name, field.column): field.label for table in EDITABLE.values() for field in table.fields}
MOST_KEPT = 5


@dataclass(frozen=True)
class EditUndoReport:
    """done: how many changes were taken back; kept: sentences on those that stay, and why."""

    edit_id: int
    done: int
    kept: tuple[str, ...]

    def as_words(self) -> str:
        """What happened, in a few sentences."""
        if not self.done:
            return " ".join(["Nothing was taken back.", *self.kept])
        return " ".join(["Taken back." if not self.kept else "Taken back, except:", *self.kept])


def undo_edit(store: Store, edit_id: int, *, now: datetime, by: str) -> EditUndoReport:
    """Take one edit back: what still is as it left it. What was changed since stays and is listed.

    When nothing of it can be taken back it stays open, so that it can be once the later changes are.
    """
    with store.begin() as session:
        edit = session.get(Edit, edit_id)
        if edit is None:
            raise NotFoundError(f"There is no change {edit_id}; the page Data lists them.")
        if edit.undone_at is not None:
            raise NotFoundError(f"Change {edit_id} was taken back already.")
        _refuse_while_merged_on(session, edit)
        answer = take_back(session, edit_id)
        if answer.done:
            mark_undone(session, edit_id, now=as_stored(now), by=by)
            raise_revision(session)
        kept = _kept_words(session, answer.kept)
    return EditUndoReport(edit_id, answer.done, kept)


def _refuse_while_merged_on(session: Session, edit: Edit) -> None:
    """A merge is taken back only after the one that made its result a part of somebody else."""
    if edit.kind != "merge":
        return
    own = list_changes(session, [edit.id], table_name="customers", limit=1)
    later = merge_that_took(session, int(own["row_id"].iloc[0]))
    if later is not None:
        what = next(_what(session, row) for row in edit_list(session).itertuples() if row.edit_id == later.id)
        raise CrmError(f"{what}, after this merge. Take that back first, and then this one.")


def count_edits(store: Store) -> int:
    """How many edits there are."""
    with store.read() as session:
        return len(edit_list(session))


def list_edits(store: Store, *, offset: int = 0, limit: int = 20) -> pd.DataFrame:
    """Edits, newest first. Out: [edit_id, made_at: UTC, made_by, kind, table_name, row_count, undone_at, undone_by,
    what: in words]."""
    with store.read() as session:
        edits = edit_list(session, offset=offset, limit=limit)
        what = [_what(session, edit) for edit in edits.itertuples()]
    return edits.assign(what=what)


def history_table(store: Store) -> pd.DataFrame:
    """Every change of every edit, newest edit first, for a file. Out: [change, made_at: UTC, made_by, did, table, row,
    name, field, before, after, taken_back_at, taken_back_by]."""
    with store.read() as session:
        edits, changes = edit_list(session), list_changes(session, None)
        names = {(table, row): name for table in EDITABLE for row, name in _names(session, table, changes).items()}
    table = changes.merge(edits.rename(columns={"table_name": "edited"}), on="edit_id").sort_values(
        "edit_id", ascending=False, kind="stable"
    )
    return pd.DataFrame(
        {
            "change": table["edit_id"],
            "made_at": table["made_at"],
            "made_by": table["made_by"],
            "did": table["kind"].map(DID),
            "table": table["table_name"],
            "row": table["row_id"],
            "name": [names.get(key, "") for key in zip(table["table_name"], table["row_id"], strict=True)],
            "field": table["field"].fillna("whole row"),
            "before": table["before"].map(_as_cell),
            "after": table["after"].map(_as_cell),
            "taken_back_at": table["undone_at"],
            "taken_back_by": table["undone_by"],
        }
    ).reset_index(drop=True)


def _what(session: Session, edit: Any) -> str:
    """One edit in words: "Ana Berg: Phone from blank to '+49 30 901820'"."""
    if edit.kind == "tell apart":
        pair = list_changes(session, [edit.edit_id], limit=1)["after"].iloc[0]
        people = row_labels(session, "customers", [pair["first_id"], pair["second_id"]])
        one, other = (people.get(pair[side], "somebody who is gone") for side in ("first_id", "second_id"))
        return f"{one} and {other} are not the same person"
    own = list_changes(session, [edit.edit_id], table_name=edit.table_name, limit=MOST_READ)
    names = _names(session, edit.table_name, own)
    if edit.kind == "merge":
        kept, gone = (names.get(int(row), f"number {row}") for row in own["row_id"].iloc[[0, -1]])
        return f"{gone} merged into {kept}"
    if edit.kind != "change":
        listed = [names.get(int(row_id), f"number {row_id}") for row_id in own["row_id"].drop_duplicates()]
        return f"{_some(listed, edit.row_count)} {DID[edit.kind]}"
    sentences = []
    for change in own.itertuples():
        label = LABELS.get((change.table_name, change.field), change.field)
        before, after = (_value(session, change, value) for value in (change.before, change.after))
        name = names.get(int(change.row_id), f"number {change.row_id}")
        sentences.append(f"{name}: {label} from {before} to {after}")
    return _some(sentences, len(sentences), "; ")


def _some(words: list[str], number: int, mark: str = ", ") -> str:
    """The first of a list, and how many more there are."""
    more = number - min(len(words), SHOWN)
    return mark.join(words[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _names(session: Session, table: str, changes: pd.DataFrame) -> dict[int, str]:
    """How rows are called, also those that were deleted."""
    own = changes[changes["table_name"] == table]
    names: dict[int, str] = {}
    for change in own[own["field"].isna()].itertuples():
        image = change.before or change.after
        plain = image.get("name") or f"{EDITABLE[table].noun} {image['source_id']}"
        names[int(change.row_id)] = row_name(table, {**image, "label": plain})
    return names | row_labels(session, table, own["row_id"].astype(int))


def _value(session: Session, change: Any, value: Any) -> str:
    """A stored value as the owner knows it."""
    if change.field == "customer_id":
        return row_labels(session, "customers", [value]).get(value, f"number {value}") if value else "nobody"
    if change.field == "amount_minor":
        rows = editable_rows(session, "orders", [change.row_id])
        return (
            f"{exact_amount(value, rows['currency'].iloc[0])} {rows['currency'].iloc[0]}" if len(rows) else str(value)
        )
    if change.field in ("birthday", "ordered_on") and value:
        return day(date.fromisoformat(value))
    return in_words(value or None)


def _as_cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _kept_words(session: Session, kept: tuple[Kept, ...]) -> tuple[str, ...]:
    """A sentence on each change that stays; of many, the first."""
    reasons = {
        "changed": "was changed since and keeps its value",
        "gone": "is not there any more",
        "there again": "is there again from a later file, so the old one stays out",
        "in use": "has orders or other rows by now and stays",
    }
    by_table: dict[str, set[int]] = defaultdict(set)
    for stay in kept:
        by_table[stay.change.table].add(stay.change.row_id)
    names = {table: row_labels(session, table, ids) for table, ids in by_table.items() if table in EDITABLE}
    sentences: dict[str, None] = {}
    for stay in kept:
        table, row_id, image = stay.change.table, stay.change.row_id, stay.change.before or stay.change.after
        name = names.get(table, {}).get(row_id)
        if name is None:
            whole = image if isinstance(image, dict) else {}
            name = whole.get("name") or NOUNS.get(table) or f"{table.replace('_', ' ').removesuffix('s')} {row_id}"
        label = LABELS.get((table, stay.change.field or ""), stay.change.field) if stay.change.field else ""
        if label == "archived_at":
            label = "archived"
        sentences[f"{name}{f', {label},' if label and stay.why == 'changed' else ''} {reasons[stay.why]}."] = None
    told = list(sentences)
    rest = len(told) - MOST_KEPT
    return (*told[:MOST_KEPT], *([f"The same goes for {plural(rest, 'more change')}."] if rest > 0 else []))
