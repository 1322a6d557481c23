"""A table that can be edited: page by page, with save, undo, conflicts, adding, archiving and deleting."""

import math
from typing import Any

import streamlit as st

from crm_core.services.database import Store
from crm_core.services.edit_tables import PAGE_ROWS, EditField
from crm_core.wording import count, plural
from pages.parts.display import table_height
from pages.parts.edit_actions import MOST_NAMED, archive, confirm_delete, drop, save, save_mine, undo
from pages.parts.edit_adding import add_dialog
from pages.parts.edit_conflicts import show_conflicts
from pages.parts.edit_desk import TICK, Desk, bring_up, take_in, the_desk
from pages.parts.words import as_is

IN_USE, ARCHIVED = "In use", "Archived"
TALLEST = 640  # of the table, in pixels
SEARCHES = {
    "customers": "Name, e-mail or number",
    "products": "Name or number",
    "orders": "Order number, customer's name, e-mail or number",
}
HELP = {
    "customer": "The customer's number or e-mail; blank for a guest order.",
    "amount": "In whole currency, such as 12.50. Of an order with one line only; else its lines make it up.",
    "phone": "With its country code, or as dialled in the customer's country.",
    "number": "As the source gave it; H1, H2, ... were added by hand.",
}


def show_edit_table(store: Store, name: str, *, search_key: str) -> None:
    """The whole editor of one table. search_key: of the search box, so that a page may share its own."""
    desk = the_desk(name)
    take_in(desk)
    text, archived = _filters(desk, search_key)
    bring_up(desk, store, text=text, archived=archived, page=int(st.session_state.get(_page_key(name)) or 1))
    show_messages(store, desk)
    _toolbar(store, desk, archived=archived)
    if desk.page.total == 0:
        st.info(_nothing(desk, text=text, archived=archived), icon=":material/search_off:")
        return
    _editor(desk)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.pagination(max(1, math.ceil(desk.page.total / PAGE_ROWS)), key=_page_key(name), bind="query-params")
        st.caption(plural(desk.page.total, desk.table.noun))


def show_messages(store: Store, desk: Desk) -> None:
    """What the last save did, cells that can't be stored, and conflicts."""
    if desk.message:
        words, edit_id = desk.message
        with st.container(horizontal=True, vertical_alignment="center"):
            if edit_id is None:
                st.info(as_is(words), icon=":material/info:", width="stretch")
            else:
                st.success(as_is(words), icon=":material/check:", width="stretch")
                st.button(
                    "Undo",
                    key=f"undo_last_{desk.name}",
                    icon=":material/undo:",
                    on_click=undo,
                    args=(store, desk, edit_id),
                )
    if desk.problems:
        st.error("  \n".join(as_is(sentence) for sentence in desk.problems), icon=":material/error:")
    show_conflicts(desk, use_mine=lambda conflict: save_mine(store, desk, conflict))


def _filters(desk: Desk, search_key: str) -> tuple[str, bool]:
    search, shown = st.columns([3, 2], vertical_alignment="bottom")
    text = search.text_input(
        SEARCHES[desk.name],
        key=search_key,
        bind="query-params",
        placeholder="Search",
        on_change=_first_page,
        args=(desk.name,),
        icon=":material/search:",
    )
    if not desk.table.archivable:
        return text, False
    chosen = shown.segmented_control(
        "Show",
        [IN_USE, ARCHIVED],
        default=IN_USE,
        required=True,
        key=f"show_{desk.name}",
        bind="query-params",
        on_change=_turn_over,
        args=(desk,),
    )
    return text, chosen == ARCHIVED


def _toolbar(store: Store, desk: Desk, *, archived: bool) -> None:
    changes, ticks = len(desk.pending), len(desk.ticked)
    noun = desk.table.noun
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            f"Save {plural(changes, 'change')}" if changes else "Save",
            key=f"save_{desk.name}",
            icon=":material/save:",
            disabled=not changes,
            on_click=save,
            args=(store, desk),
        )
        if changes or ticks:
            dropped = "Drop changes" if changes else "Untick all"
            st.button(dropped, key=f"drop_{desk.name}", icon=":material/close:", on_click=drop, args=(desk,))
        if ticks and desk.table.archivable:
            st.button(
                f"{'Restore' if archived else 'Archive'} {plural(ticks, noun)}",
                key=f"archive_{desk.name}",
                icon=":material/unarchive:" if archived else ":material/archive:",
                on_click=archive,
                args=(store, desk, not archived),
            )
        if ticks and st.button(f"Delete {plural(ticks, noun)}", key=f"delete_{desk.name}", icon=":material/delete:"):
            confirm_delete(store, desk)
        article = "an" if noun[0] in "aeiou" else "a"
        if st.button(f"Add {article} {noun}", key=f"add_{desk.name}", icon=":material/add:"):
            add_dialog(store, desk)
    if changes:
        st.caption(f"Not saved yet, and kept while you page, search or look elsewhere: {_pending_words(desk)}")


def _editor(desk: Desk) -> None:
    columns: dict[str, Any] = {
        TICK: st.column_config.CheckboxColumn(
            "Tick", help="Tick rows to archive or delete them.", width=60, pinned=True
        )
    }
    columns |= {column.name: _column(column, pinned=column.name == "number") for column in desk.table.fields}
    st.data_editor(
        desk.shown,
        key=desk.editor_key,
        column_config=columns,
        disabled=[column.name for column in desk.table.fields if column.kind == "fixed"],
        hide_index=True,
        num_rows="fixed",
        height=table_height(len(desk.shown), most=TALLEST),
        placeholder="",
        alt=f"{desk.name.capitalize()} to edit; nothing is stored before you save",
    )


def _column(column: EditField, *, pinned: bool) -> Any:
    same = {"label": column.label, "help": HELP.get(column.name), "pinned": pinned}
    if column.kind == "day":
        return st.column_config.DateColumn(**same, format="D MMM YYYY")
    if column.kind == "choice":
        return st.column_config.SelectboxColumn(**same, options=list(column.choices), required=True)
    return st.column_config.TextColumn(**same)


def _first_page(name: str) -> None:
    st.session_state.pop(_page_key(name), None)
    st.query_params.pop(_page_key(name), None)


def _turn_over(desk: Desk) -> None:
    """From rows in use to archived ones, or back: what was ticked there is ticked no more."""
    take_in(desk)
    desk.ticked.clear()
    desk.reload()
    _first_page(desk.name)


def _page_key(name: str) -> str:
    return f"edit_page_{name}"


def _pending_words(desk: Desk) -> str:
    fields = {column.name: column.label for column in desk.table.fields}
    words = [f"{as_is(desk.labels.get(row_id, row_id))} ({fields[name]})" for row_id, name in desk.pending]
    more = f" and {count(len(words) - MOST_NAMED)} more" if len(words) > MOST_NAMED else ""
    return ", ".join(words[:MOST_NAMED]) + more + "."


def _nothing(desk: Desk, *, text: str, archived: bool) -> str:
    if text.strip():
        return f"No {desk.table.noun} matches. Try fewer letters or another spelling."
    if archived:
        return f"No {desk.table.noun} is archived. Tick rows under “In use” to put them away."
    return f"There is no {desk.table.noun} yet. Add one here, or import a file on Data."
