"""Natural groups in a table that the owner brings: looked at in this window only, never stored."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from crm_core.services.natural_groups import NaturalGroups, study_groups
from crm_core.services.table_groups import OwnTable, count_rows, read_own_table, rows_with_groups
from crm_core.wording import count, plural
from pages.parts import later, loading
from pages.parts.display import download_table, table_height
from pages.parts.failures import guarded
from pages.parts.natural_cards import show_cards
from pages.parts.natural_choices import QUICK, ask_choices, ask_group
from pages.parts.natural_evidence import show_evidence
from pages.parts.words import as_is, as_option

KEY = "own_"
MOST_GROUPS = 10
SHOWN = 100  # rows on the screen; the file has all
FOUND = "own_table_groups"  # where this window keeps what it found last


def show_own_table(answer: Any) -> None:
    """Upload, choices, and the same view as for customers."""
    answer = answer.empty()  # what is asked, until it is answered
    file = st.file_uploader("A CSV or XLSX file", type=["csv", "tsv", "txt", "xlsx", "gz", "zip"], key="group_upload")
    if file is None:
        answer.title("Which natural groups are in a table?", anchor=False)
        st.caption(
            "Any table with a row for each person or thing and at least one column of numbers. It is looked at in this "
            "window only: nothing of it is stored or sent."
        )
        st.session_state.pop(FOUND, None)
        return
    answer.title(f"Which natural groups are in {as_is(file.name)}?", anchor=False)
    with guarded():
        table = _read(file.file_id, file.getvalue(), file.name)
        _show_groups(table, file.file_id, answer)


@st.cache_resource(max_entries=2, scope="session", show_spinner="Reading the table …")
def _read(file_id: str, _content: bytes, name: str) -> OwnTable:  # noqa: ARG001 - the file's number is the key
    return read_own_table(_content, file_name=name)


def _show_groups(table: OwnTable, file_id: str, answer: Any) -> None:
    st.caption(" · ".join([count_rows(table), *(as_is(note) for note in table.notes)]))
    if not table.facts.offered:
        st.info("No column of this table holds numbers that differ between its rows. Choose another file.",
                icon=":material/table:")  # fmt: skip
        return
    columns, choice = ask_choices(table.facts, key=f"{KEY}{file_id}_", most=MOST_GROUPS)
    if not columns:
        st.info("Choose at least one column to group the rows by.", icon=":material/tune:")
        return
    found = _find(table, (file_id, tuple(columns), choice))
    if found is None:
        return
    if isinstance(found, str):
        st.info(as_is(found), icon=":material/groups:")
        return
    answer.title(as_is(found.answer), anchor=False)
    show_cards(found, "")
    rows = pd.Series([f"Row {number}" for number in table.cells.index], index=table.cells.index)
    group = ask_group(found, KEY)
    show_evidence(found, rows, "", group=group, key=KEY)
    _show_rows(table, found, group)


def _find(table: OwnTable, wanted: tuple[Any, ...]) -> NaturalGroups | str | None:
    """The groups, kept in this window only; None while they are worked out beside the page."""
    known = st.session_state.get(FOUND)
    if known is not None and known[0] == wanted:
        found: NaturalGroups | str = known[1]
        return found
    _, columns, choice = wanted
    key = loading.work_key("own table", *wanted)
    work = partial(study_groups, table.facts, columns=columns, choice=choice, whom=f"The rows of {table.file_name}")
    later.begin(key, work, at_once=len(table.cells) <= QUICK)
    result: NaturalGroups | str | None = later.result_of(key)
    if result is None:
        later.show_work(key)
        return None
    later.put_aside(key)
    st.session_state[FOUND] = (wanted, result)
    return result


def _show_rows(table: OwnTable, found: NaturalGroups, group: int) -> None:
    rows = rows_with_groups(table, found, group=group)
    st.subheader(f"{as_is(found.names[group])}: {plural(len(rows), 'row')}", anchor=False)
    shown = rows.head(SHOWN).map(lambda cell: as_option(cell) if isinstance(cell, str) else cell)
    st.dataframe(shown, hide_index=True, key="own_rows", height=table_height(len(shown)), placeholder="",
                 alt="Rows of the chosen group")  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(lambda: rows_with_groups(table, found), "rows_with_groups", label="All rows with their group")
        if len(rows) > SHOWN:
            st.caption(f"The first {SHOWN} of {count(len(rows))} rows of this group; the file has all.")
