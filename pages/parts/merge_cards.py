"""Two people side by side: what is known of each, who stays, whose field stays, and the buttons that decide."""

from typing import Any

import pandas as pd
import streamlit as st

from crm_core import wording
from crm_core.literal import on_one_line
from crm_core.services.database import Store
from crm_core.services.merging import differing_fields, merge_customers, not_the_same, people_side_by_side
from crm_core.wording import count, day
from pages.parts import loading
from pages.parts.display import table_height
from pages.parts.edit_desk import signed
from pages.parts.failures import guarded
from pages.parts.words import as_is

DONE = "merge_done"
LABEL_WIDTH, EACH_WIDTH = 90, 120  # pixels; all of it fits 390, and wider windows stretch it
WITH = "with"  # the address names one of the two
LABELS = {
    "name": "Name",
    "email": "E-mail",
    "phone": "Phone",
    "postcode": "Postcode",
    "country": "Country",
    "birthday": "Birthday",
    "channel": "Channel",
}


def show_pair(store: Store, ids: tuple[int, int], *, why: str) -> None:
    """One pair in a box; ``why`` in Markdown of ours. Nothing where somebody else was quicker and one is gone."""
    people = people_side_by_side(store, list(ids))
    if len(people) < len(ids):
        st.caption("One of these two is not there any more.")
        return
    key = "_".join(map(str, ids))
    numbers = _numbers(people)
    with st.container(border=True, key=f"pair_{key}"):
        st.markdown(f"**{as_is(people['label'].iloc[0])}** and **{as_is(people['label'].iloc[1])}** · {why}")
        _show_facts(_side_by_side(people, numbers), key)
        first = _who_has_more(ids)
        keep: int = st.segmented_control(
            "Who stays?",
            list(ids),
            default=first,
            required=True,
            format_func=lambda person: as_is(f"{people.loc[person, 'label']} ({numbers[person]})"),
            key=f"keep_{key}",
            help="The number of the one who stays is kept, and blanks are filled from the other. "
            "Files that bring either of them find the one who stays.",
        )
        other = ids[1] if keep == ids[0] else ids[0]
        with st.container(horizontal=True, gap="medium"):
            choices = _choices(people, keep, other)
        with st.container(horizontal=True):
            merge, apart = f"merge_{key}", f"apart_{key}"
            st.button("Merge", key=merge, icon=":material/merge:", on_click=_merge, args=(store, keep, other, choices))
            st.button("Not the same", key=apart, on_click=_tell_apart, args=(store, *ids))


def _numbers(people: pd.DataFrame) -> dict[int, str]:
    """What tells them apart: their numbers, and the source beside them where these are the same."""
    if people["source_id"].is_unique:
        return {key: f"number {number}" for key, number in people["source_id"].items()}
    return {key: f"{row['source']}, number {row['source_id']}" for key, row in people.iterrows()}


def _show_facts(facts: pd.DataFrame, key: str) -> None:
    """The facts in a table that fits a telephone."""
    columns = {name: st.column_config.TextColumn(width=EACH_WIDTH) for name in facts.columns}
    columns["_index"] = st.column_config.TextColumn("", width=LABEL_WIDTH)
    height, alt = table_height(len(facts)), "What is known of each of the two"
    st.dataframe(facts, key=f"facts_{key}", column_config=columns, height=height, placeholder="", alt=alt)


def _side_by_side(people: pd.DataFrame, numbers: dict[int, str]) -> pd.DataFrame:
    """The facts of each in a column of their own."""
    base = loading.base()
    columns: dict[str, list[str]] = {}
    for key, row in people.iterrows():
        cells = [_cell(row[field]) for field in LABELS]
        figures = base.table.loc[key] if key in base.table.index else None
        if figures is None:
            cells += ["0", "", ""]
        else:
            sales = wording.money(figures["spend_minor"], base.currency)
            cells += [count(figures["orders"]), day(figures["last_order_on"]), sales]
        columns[on_one_line(numbers[key])] = cells
    table = pd.DataFrame(columns, index=pd.Index([*LABELS.values(), "Orders", "Latest order", "Sales"]))
    return table[(table != "").any(axis=1)]


def _cell(value: Any) -> str:
    if not value:
        return ""
    return day(value) if hasattr(value, "isoformat") else on_one_line(value)


def _who_has_more(ids: tuple[int, int]) -> int:
    """Who stays unless the owner says otherwise: the one with more orders, else the one who was here first."""
    orders = loading.base().table["orders"].reindex(list(ids)).fillna(0)
    return ids[1] if orders.iloc[1] > orders.iloc[0] else ids[0]


def _choices(people: pd.DataFrame, keep: int, other: int) -> dict[str, int]:
    """Whose value stays, asked for each field that both have and not alike."""
    kept, gone = people.loc[keep].to_dict(), people.loc[other].to_dict()
    chosen = {}
    for field in differing_fields(kept, gone):
        values = {keep: _cell(kept[field]), other: _cell(gone[field])}
        chosen[field] = st.segmented_control(
            f"{LABELS[field]} that stays",
            [keep, other],
            default=keep,
            required=True,
            format_func=lambda whose, shown=values: as_is(shown[whose]),
            key=f"field_{field}_{keep}_{other}",
        )
    return chosen


def _merge(store: Store, keep: int, other: int, choices: dict[str, int]) -> None:
    with guarded():
        st.session_state[DONE] = merge_customers(store, keep, other, choices=choices, **signed())
        st.query_params.pop(WITH, None)


def _tell_apart(store: Store, first: int, second: int) -> None:
    with guarded():
        st.session_state[DONE] = not_the_same(store, first, second, **signed())
