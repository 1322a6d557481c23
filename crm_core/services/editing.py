"""Saving what the owner edited: in one transaction, nothing overwritten silently, everything with the way back.

An edit carries what the cell showed before. Where the database still has that, the new value is written; where it has
the new value already, nothing is to do; else somebody else was quicker, and both values are shown. Edits of different
fields of one row therefore merge. One cell that can't be stored stops the whole save; a conflict stops only itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_core.errors import CrmError
from crm_core.services.edit_cells import CellContext, check_cell, write_cell
from crm_core.services.edit_tables import Cell, row_name, shown_rows, the_table
from crm_core.services.time_zones import as_stored
from crm_core.store.edit_queries import last_edit_of
from crm_core.store.edits import LINKS, RowChange, change_field, record_edit, take_out
from crm_core.store.session import Store, raise_revision
from crm_core.store.tables import Base
from crm_core.wording import day, plural

__all__ = [
    "CellEdit",
    "Conflict",
    "Problem",
    "SaveReport",
    "archive_rows",
    "delete_rows",
    "save_edits",
    "what_goes",
]

TABLES = Base.metadata.tables
GOING = {
    "interactions": "conversation",
    "tickets": "ticket",
    "survey_answers": "survey answer",
    "order_lines": "line",
}
STAYING = {"orders": "order", "refunds": "refund", "order_lines": "order line"}


@dataclass(frozen=True)
class CellEdit:
    """A cell that the owner changed: what it showed, and what it shall be."""

    row_id: int
    field: str
    original: Cell
    new: Cell


@dataclass(frozen=True)
class Conflict:
    """A change that was not saved because the row is no longer as it was shown; ``gone``: it is not there at all."""

    row_id: int
    field: str
    theirs: Cell
    yours: Cell
    sentence: str
    gone: bool = False


@dataclass(frozen=True)
class Problem:
    """A cell that can't be stored, and the way out."""

    row_id: int
    field: str
    sentence: str


@dataclass(frozen=True)
class SaveReport:
    """What a save did. edit_id: None when nothing was written; saved: fields, or rows where rows were meant."""

    edit_id: int | None = None
    saved: int = 0
    conflicts: tuple[Conflict, ...] = ()
    problems: tuple[Problem, ...] = ()
    row_ids: tuple[int, ...] = ()


@dataclass
class _Plan:
    """What can be written, and what not."""

    writes: list[tuple[CellEdit, Any]] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def save_edits(
    store: Store, name: str, edits: Iterable[CellEdit], *, today: date, now: datetime, by: str
) -> SaveReport:
    """Write every edit that still meets what it started from; the others are conflicts and stay with the owner.

    A cell that can't be stored stops the save: nothing is written then, and each such cell has its sentence.
    """
    wanted = list({(edit.row_id, edit.field): edit for edit in edits}.values())
    with store.begin() as session:
        plan = _plan(session, name, wanted, today)
        if plan.problems or not plan.writes:
            return SaveReport(conflicts=tuple(plan.conflicts), problems=tuple(plan.problems))
        changes: list[RowChange] = []
        for edit, value in plan.writes:
            changes += write_cell(session, name, edit.field, edit.row_id, value)
        touched = {edit.row_id for edit, _ in plan.writes}
        edit_id = record_edit(session, "change", name, changes, rows=len(touched), now=as_stored(now), by=by)
        raise_revision(session)
    return SaveReport(edit_id, len(plan.writes), tuple(plan.conflicts), row_ids=tuple(sorted(touched)))


def archive_rows(store: Store, name: str, ids: Iterable[int], *, archive: bool, now: datetime, by: str) -> SaveReport:
    """Put customers or products away, or take them out again. Rows that are so already are left alone."""
    if not the_table(name).archivable:
        raise CrmError(f"{name.capitalize()} can't be archived. Set their status to cancelled instead.")
    with store.begin() as session:
        rows, _ = shown_rows(session, name, ids)
        fitting = [int(row_id) for row_id in rows.index if (rows.at[row_id, "archived_at"] is None) == archive]
        if not fitting:
            return SaveReport()
        value = as_stored(now) if archive else None
        changes = [change_field(session, name, row_id, "archived_at", value) for row_id in fitting]
        kind = "archive" if archive else "restore"
        edit_id = record_edit(session, kind, name, changes, rows=len(fitting), now=as_stored(now), by=by)
        raise_revision(session)
    return SaveReport(edit_id, len(fitting), row_ids=tuple(fitting))


def delete_rows(
    store: Store, name: str, originals: Mapping[int, Mapping[str, Cell]], *, now: datetime, by: str
) -> SaveReport:
    """Delete rows that are still as they were shown, with all that goes with them.

    originals: per id the cells that were shown. A row that changed since is a conflict and stays.
    """
    with store.begin() as session:
        rows, cells = shown_rows(session, name, originals)
        conflicts, changes, gone = [], [], []
        for row_id, original in originals.items():
            if row_id not in cells:
                continue  # somebody else deleted it: that is what was wanted
            label = row_name(name, rows.loc[row_id].to_dict())
            if conflict := _changed_since(name, row_id, label, original, cells[row_id]):
                conflicts.append(conflict)
                continue
            changes += take_out(session, name, row_id)
            gone.append(row_id)
        if not gone:
            return SaveReport(conflicts=tuple(conflicts))
        edit_id = record_edit(session, "delete", name, changes, rows=len(gone), now=as_stored(now), by=by)
        raise_revision(session)
    return SaveReport(edit_id, len(gone), tuple(conflicts), row_ids=tuple(gone))


def what_goes(store: Store, name: str, ids: Iterable[int]) -> str:
    """What deleting rows takes with it and what stays, in sentences; nothing linked, nothing said."""
    going: list[str] = []
    staying: list[str] = []
    wanted = list(ids)
    with store.read() as session:
        for linked, column, goes in LINKS[name]:
            table = TABLES[linked]
            words = (GOING if goes else STAYING).get(linked)
            number = session.scalar(select(func.count()).where(table.c[column].in_(wanted))) or 0
            if number and words:
                (going if goes else staying).append(plural(int(number), words))
    without = {"customers": "as guest orders", "products": "without a product", "orders": "without an order"}[name]
    sentences = [f"{_listed(going)} will go too."] if going else []
    sentences += [f"{_listed(staying)} will stay, {without}."] if staying else []
    return " ".join(sentences)


def in_words(cell: Cell) -> str:
    """A cell in a sentence."""
    if cell is None:
        return "blank"
    return day(cell) if isinstance(cell, date) else f"'{cell}'"


def _plan(session: Session, name: str, wanted: list[CellEdit], today: date) -> _Plan:
    table, plan = the_table(name), _Plan()
    frame, cells = shown_rows(session, name, {edit.row_id for edit in wanted})
    rows = {int(row["id"]): row for row in frame.reset_index().to_dict("records")}
    context = CellContext(session, today)
    typed = {(edit.row_id, edit.field): edit.new for edit in wanted}
    for edit in wanted:
        column = table.field(edit.field)
        if edit.row_id not in cells:
            plan.conflicts.append(_gone(session, name, edit, column.label))
            continue
        row, current = rows[edit.row_id], cells[edit.row_id][edit.field]
        if current == edit.new:
            continue
        label = row_name(name, row)
        if current != edit.original:
            sentence = (
                f"{label}, {column.label}: now {in_words(current)}, yours is {in_words(edit.new)} "
                f"(it was {in_words(edit.original)} when you began)."
            )
            plan.conflicts.append(Conflict(edit.row_id, edit.field, current, edit.new, sentence))
            continue
        country = typed.get((edit.row_id, "country"), row.get("country"))
        try:
            value = check_cell(context, name, column, edit.new, row | {"country": country})
        except CrmError as error:
            plan.problems.append(Problem(edit.row_id, edit.field, f"{label}, {column.label}: {error}"))
            continue
        if value != row[column.column]:
            plan.writes.append((edit, value))
    return plan


def _changed_since(
    name: str, row_id: int, label: str, original: Mapping[str, Cell], current: Mapping[str, Cell]
) -> Conflict | None:
    """Why a row is not deleted: it is no longer as it was when it was ticked."""
    for column in the_table(name).fields:
        now = current[column.name]
        if column.name in original and now != original[column.name]:
            sentence = (
                f"{label} was not deleted: {column.label} is now {in_words(now)}, and was "
                f"{in_words(original[column.name])} when you ticked it. Look at it, and delete it again."
            )
            return Conflict(row_id, column.name, now, None, sentence)
    return None


def _gone(session: Session, name: str, edit: CellEdit, label: str) -> Conflict:
    noun = the_table(name).noun
    last = last_edit_of(session, name, edit.row_id)
    how = f"was deleted by {last.made_by} on {day(last.made_at.date())}" if last else "is not there any more"
    sentence = f"This {noun} {how}; your change of {label} to {in_words(edit.new)} was not saved."
    return Conflict(edit.row_id, edit.field, None, edit.new, sentence, gone=True)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
