"""What the owner has changed in a table and not yet saved, kept by row number over pages, searches and visits."""

import getpass
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from crm_core.services.database import Store
from crm_core.services.edit_tables import Cell, EditPage, EditTable, edit_page, the_table
from crm_core.services.editing import CellEdit, Conflict

TICK = "tick"


@dataclass
class Desk:
    """pending: (row, field) -> cell as it was and as it shall be; ticked: row -> its cells as shown; labels: row -> how
    it is called. The page on screen is frozen while something is pending: the editor tells positions, not numbers."""

    name: str
    pending: dict[tuple[int, str], tuple[Cell, Cell]] = field(default_factory=dict)
    ticked: dict[int, dict[str, Cell]] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    problems: tuple[str, ...] = ()
    message: tuple[str, int | None] | None = None
    view: tuple[Any, ...] | None = None
    revision: int = -1
    page: EditPage | None = None
    shown: pd.DataFrame | None = None
    generation: int = 0

    @property
    def table(self) -> EditTable:
        return the_table(self.name)

    @property
    def editor_key(self) -> str:
        """The editor's key; a new one drops what the browser holds."""
        return f"edit_{self.name}_{self.generation}"

    def edits(self) -> list[CellEdit]:
        """What is pending, as the service takes it."""
        return [CellEdit(row_id, name, was, new) for (row_id, name), (was, new) in self.pending.items()]

    def reload(self) -> None:
        """Ask the database again at the next run, and forget what the browser's editor holds."""
        self.view = None
        self.generation += 1


def the_desk(name: str) -> Desk:
    """This window's desk for a table."""
    return st.session_state.setdefault(f"desk_{name}", Desk(name))


def take_in(desk: Desk) -> None:
    """Note what the browser's editor holds: what it tells, and for all else the table as it was given.

    A cell or tick that went back to what was given is no longer told of, and must not stay pending for that.
    """
    state = st.session_state.get(desk.editor_key)
    if not state or desk.page is None or desk.shown is None:
        return
    originals, given = desk.page.table, desk.shown
    told = {
        (int(originals.index[int(position)]), name): value
        for position, cells in state["edited_rows"].items()
        for name, value in cells.items()
    }
    on_page = set(given.index)
    noted = [key for key in desk.pending if key[0] in on_page] + [(row, TICK) for row in desk.ticked if row in on_page]
    for row_id, name in {**dict.fromkeys(noted), **told}:
        value = told.get((row_id, name), given.loc[row_id, name])
        desk.labels[row_id] = str(originals.loc[row_id, "label"])
        if name == TICK:
            _tick(desk, row_id, bool(value))
            continue
        new = _as_cell(value, desk.table.field(name).kind)
        was = desk.pending.get((row_id, name), (originals.loc[row_id, name],))[0]
        if new == was:
            desk.pending.pop((row_id, name), None)
        else:
            desk.pending[row_id, name] = (was, new)


def bring_up(desk: Desk, store: Store, *, text: str, archived: bool, page: int) -> None:
    """Have the asked page on the desk: read again for another view or newer facts, but never under pending changes."""
    view, revision = (text, archived, page), store.revision()
    busy = bool(desk.pending or desk.ticked)
    away = desk.editor_key not in st.session_state  # a visit elsewhere: the browser's editor has forgotten its cells
    if desk.view == view and (desk.revision == revision if not busy else not away):
        return
    desk.page = edit_page(store, desk.name, text=text, archived=archived, page=page)
    desk.view, desk.revision = view, revision
    desk.generation += 1
    shown = desk.page.table.drop(columns="label")
    for (row_id, name), (_, new) in desk.pending.items():
        if row_id in shown.index:
            shown.loc[row_id, name] = new
    for column in desk.table.fields:
        if column.kind == "day":
            shown[column.name] = pd.to_datetime(shown[column.name])
        else:
            shown[column.name] = shown[column.name].astype("str")  # a column of blanks is text too
    shown.insert(0, TICK, [row_id in desk.ticked for row_id in shown.index])
    desk.shown = shown


def drop_all(desk: Desk) -> None:
    """Forget everything that is not saved."""
    desk.pending.clear()
    desk.ticked.clear()
    desk.problems, desk.conflicts, desk.message = (), (), None
    desk.reload()


def who() -> str:
    """The user of the computer, for the history."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a computer that does not know its user
        return "unknown"


def signed() -> dict[str, Any]:
    """Who saves, and when."""
    return {"now": datetime.now(UTC), "by": who()}


def _tick(desk: Desk, row_id: int, ticked: bool) -> None:
    if not ticked:
        desk.ticked.pop(row_id, None)
    elif row_id not in desk.ticked:
        row = desk.page.table.loc[row_id]
        desk.ticked[row_id] = {column.name: row[column.name] for column in desk.table.fields}


def _as_cell(value: Any, kind: str) -> Cell:
    """A cell of the editor: blank text is none, days come as text."""
    if value is None or value == "" or pd.isna(value):
        return None
    if kind == "day":
        try:
            return date.fromisoformat(str(value)[:10])
        except ValueError:
            return str(value)
    return str(value)
