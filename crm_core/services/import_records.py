"""Conversations, tickets and answers that a file brings: known again, brought up to date, or new."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Table
from sqlalchemy.orm import Session

from crm_core.importing.choices import Existing
from crm_core.importing.report import ChangeCount
from crm_core.services.import_policy import PolicyChanges, changes_by_policy
from crm_core.services.import_task import ImportTask
from crm_core.store.bulk import insert_columns, next_id
from crm_core.store.edit_queries import hand_edited
from crm_core.store.journal import FieldChange, apply_changes, confirm_changes
from crm_core.store.record_queries import records_by_id, records_by_number, records_of_people
from crm_core.store.tables import Base, RepeatedRow
from crm_core.vocabulary import TicketStatus

__all__ = [
    "INTERACTIONS",
    "SURVEY_ANSWERS",
    "TICKETS",
    "RecordRules",
    "StoredRecords",
    "note_repeated",
    "store_records",
]

TABLES = Base.metadata.tables
NONE = -1
STEPS = {None: -1, TicketStatus.OPEN.value: 0, TicketStatus.ANSWERED.value: 1, TicketStatus.CLOSED.value: 2}
Keys = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class RecordRules:
    """What a kind's rows are called and made of. ``content``: what tells two of one person apart where no number does;
    ``changing``: what a later file may know better."""

    table: str
    noun: str
    day: str
    fields: tuple[str, ...]
    content: tuple[str, ...]
    changing: tuple[str, ...]


INTERACTIONS = RecordRules(
    "interactions",
    "conversation",
    "happened_on",
    fields=("happened_on", "channel", "minutes", "note"),
    content=("happened_on", "channel", "minutes", "note"),
    changing=("minutes", "note"),
)
TICKETS = RecordRules(
    "tickets",
    "ticket",
    "opened_on",
    fields=("opened_on", "subject", "first_response_minutes", "resolved_on", "status", "channel"),
    content=("opened_on", "subject"),
    changing=("subject", "first_response_minutes", "resolved_on", "status", "channel"),
)
SURVEY_ANSWERS = RecordRules(
    "survey_answers",
    "answer",
    "answered_on",
    fields=("answered_on", "question", "score"),
    content=("answered_on", "question", "score"),
    changing=("score",),
)


@dataclass(frozen=True)
class StoredRecords:
    """``brings``: per staged record whether it is new or changed what is stored."""

    brings: Mask
    counts: ChangeCount
    notes: tuple[str, ...]


def store_records(session: Session, staged: pd.DataFrame, rules: RecordRules, task: ImportTask) -> StoredRecords:
    """Store a file's records; those in already are brought up to date by the task's policy.

    A record is known by its number, else by its content where one of the two has no number of its own.
    In: staged[source_id, has_number, customer_id, and the rules' fields]. Equal numbers are one record.
    """
    table = TABLES[rules.table]
    records = staged.assign(**{name: _cells(staged[name]) for name in rules.fields})
    leads = ~records["source_id"].duplicated().to_numpy()
    ids = _known(session, table, records[leads], rules, task.source)
    is_new = ids == NONE
    merged = _merged(records, leads, rules)
    ids[is_new] = next_id(session, table) + np.arange(is_new.sum())
    _insert(session, table, merged[is_new], ids[is_new], rules, task)
    told = _changes(session, table, merged[~is_new].set_axis(ids[~is_new]), rules, task)
    changed = {change.row_id for change in told.changes}
    apply_changes(session, task.import_id, [*told.changes, *confirm_changes(session, told.confirmed)])
    note_repeated(session, table, ids[~is_new].tolist(), task.import_id)
    brings = np.zeros(len(records), bool)
    brings[leads] = is_new | np.isin(ids, list(changed))
    new, updated = int(is_new.sum()), len(changed)
    return StoredRecords(brings, ChangeCount(new, updated, int(leads.sum()) - new - updated), told.notes)


def note_repeated(session: Session, table: Table, ids: Iterable[int], import_id: int) -> None:
    """Remember what an import brought again, so that it stays when the one that brought it first is taken back."""
    rows = {"import_id": import_id, "table_name": table.name, "row_id": np.array(sorted(set(ids)), np.int64)}
    insert_columns(session, TABLES[RepeatedRow.__tablename__], rows)


def _known(session: Session, table: Table, records: pd.DataFrame, rules: RecordRules, source: str) -> Keys:
    """Per record the stored one that it is, or -1."""
    numbered = records_by_number(session, table, source, records["source_id"])
    by_number = dict(zip(numbered["source_id"], numbered.index, strict=True))
    ids = np.array([*(by_number.get(number, NONE) for number in records["source_id"]), NONE], np.int64)[:-1]
    open_rows = np.flatnonzero(ids == NONE)
    people = set(records["customer_id"].iloc[open_rows])
    stored = records_of_people(session, table, people)
    stored = stored[~stored.index.isin(ids)]
    if stored.empty:
        return ids
    alike: dict[Hashable, list[tuple[int, str | None]]] = defaultdict(list)
    for key, row_id, number in zip(_contents(stored, rules), stored.index, stored["source_id"], strict=True):
        alike[key].append((int(row_id), number))
    wanted = records.iloc[open_rows]
    rows = zip(open_rows, _contents(wanted, rules), wanted["source_id"], wanted["has_number"], strict=True)
    for at, key, number, has_number in rows:
        found = next((one for one in alike[key] if not has_number or one[1] in (None, number)), None)
        if found:
            ids[at] = found[0]
            alike[key].remove(found)
    return ids


def _contents(records: pd.DataFrame, rules: RecordRules) -> list[Hashable]:
    """What each record says, as far as that tells it from others."""
    cells = [[_plain(value) for value in records[name]] for name in ("customer_id", *rules.content)]
    return list(zip(*cells, strict=True))


def _plain(value: Any) -> Any:
    return f"{value:.6g}" if isinstance(value, float) else value


def _merged(records: pd.DataFrame, leads: Mask, rules: RecordRules) -> pd.DataFrame:
    """Each record as its first row says, blanks filled from its later ones."""
    first = records[leads]
    if leads.all():
        return first
    fields = list(rules.fields)
    filled = records.groupby("source_id", sort=False)[fields].first().loc[first["source_id"]].set_axis(first.index)
    return first.assign(**{name: _cells(filled[name]) for name in fields})


def _insert(
    session: Session, table: Table, records: pd.DataFrame, ids: Keys, rules: RecordRules, task: ImportTask
) -> None:
    cells = {name: records[name].to_numpy(object) for name in ("source_id", *rules.fields)}
    owners = records["customer_id"].to_numpy(np.int64)
    own = {"id": ids, "customer_id": owners, "source": task.source, "import_id": task.import_id}
    insert_columns(session, table, {**own, **cells})


def _changes(
    session: Session, table: Table, brought: pd.DataFrame, rules: RecordRules, task: ImportTask
) -> PolicyChanges:
    """What the file knows better. In: brought, indexed by the stored id."""
    if brought.empty or task.choices.existing is Existing.SKIP:
        return PolicyChanges([], [])
    stored = records_by_id(session, table, brought.index).reindex(brought.index)
    by_hand = hand_edited(session, table.name)
    fields = [name for name in rules.changing if name != "status"]
    told = changes_by_policy(table.name, brought[fields], stored, existing=task.choices.existing, by_hand=by_hand)
    if "status" not in rules.changing:
        return told
    return PolicyChanges(
        [*told.changes, *_steps_forward(table.name, brought, stored, task.choices.existing, by_hand)],
        told.confirmed,
        told.by_hand,
    )


def _steps_forward(
    table: str, brought: pd.DataFrame, stored: pd.DataFrame, existing: Existing, by_hand: set[tuple[int, str]]
) -> list[FieldChange]:
    """Tickets that got further since they were stored; back only where the file replaces what is stored."""
    changes = []
    for row_id, now, before in zip(brought.index.tolist(), brought["status"], stored["status"], strict=True):
        before = before if isinstance(before, str) else None
        forward = STEPS[now] > STEPS[before]
        if now and now != before and (forward or existing is Existing.OVERWRITE) and (row_id, "status") not in by_hand:
            changes.append(FieldChange(table, row_id, "status", before, now))
    return changes


def _cells(values: pd.Series) -> pd.Series:
    """Cells as the database gives them: dates, numbers and texts, None where there is nothing."""
    if values.dtype.kind == "M":
        cells = values.to_numpy().astype("datetime64[D]").astype(object)
    else:
        cells = values.to_numpy(object)
    plain = [None if cell is None or cell != cell else cell for cell in cells]
    return pd.Series([*(_day(cell) for cell in plain), None], dtype=object)[:-1].set_axis(values.index)


def _day(cell: Any) -> Any:
    return date(cell.year, cell.month, cell.day) if isinstance(cell, date) else cell
