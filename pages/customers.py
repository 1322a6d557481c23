"""Customers: find a person, see how they stand, open them."""

import math

import streamlit as st

from crm_core.services.people import PAGE_ROWS, SORT_ORDERS, list_people
from crm_core.wording import plural
from pages.parts import loading
from pages.parts.customers_filters import ARCHIVED, EVERYONE, choose_stage, go_to_first_page
from pages.parts.customers_mode import EDIT, MERGE, choose_mode, download_everyone, download_these
from pages.parts.display import empty_state, table_height
from pages.parts.edit_table import show_edit_table
from pages.parts.merge_view import show_merging
from pages.parts.people import show_people
from pages.parts.people_columns import (
    churn_risks,
    figures_to_order_by,
    orders_to_choose,
    people_columns,
    people_table,
)
from pages.parts.segment_choice import choose_list
from pages.parts.words import as_is

answer = st.container()
mode, then = choose_mode(), loading.replayed()
if mode == EDIT:
    answer.title("Edit customers", anchor=False)
    show_edit_table(loading.store(), "customers", search_key="q")
    st.stop()
if not loading.known()["customers"]:
    answer.title("Who are my customers?", anchor=False)
    empty_state()
    st.stop()

if mode == MERGE:
    answer.title("Are these the same person?", anchor=False)
    show_merging(loading.store())
    st.stop()

store, base = loading.store(), loading.base()


for left_over in ("id", "with"):  # of a person's own page, of a merge
    st.query_params.pop(left_over, None)
notes = st.container()
search, stages, segments, order = st.columns([3, 2, 3, 2], vertical_alignment="bottom")
text = search.text_input(
    "Name, e-mail or number",
    key="q",
    bind="query-params",
    placeholder="Search",
    on_change=go_to_first_page,
    icon=":material/search:",
)
stage = choose_stage(stages, base)
with notes:
    listed = choose_list(
        segments,
        "segment",
        on_change=go_to_first_page,
        help="Segments of your own, which you make on Segments; named groups, stages and tiers; and lists opened from "
        "other pages.",
    )
    if listed.meaning:
        st.caption(as_is(listed.meaning))
risks = churn_risks(base)
sort = order.selectbox(
    "Order by",
    orders_to_choose(base, risks),
    index=1,
    key="sort",
    bind="query-params",
    on_change=go_to_first_page,
    help="Highest first; names from A to Z."
    + ("" if risks else " By churn risk once the model has beaten your customers' own rhythm on Accuracy."),
)
wanted = {
    "text": text,
    "stage": None if stage in (EVERYONE, ARCHIVED) else stage,
    "archived": stage == ARCHIVED,
    "sort": sort if sort in SORT_ORDERS else SORT_ORDERS[1],
    "by": figures_to_order_by(sort, base, risks),
    "until": then.day if then else None,
    "among": listed.people,
}
found = list_people(store, base, **wanted, page=int(st.session_state.get("page") or 1))
answer.title(
    plural(found.total, "customer")
    + (f" in “{as_is(listed.name)}”" if listed.people is not None else "")
    + (f" match “{as_is(text.strip())}”" if text.strip() else ""),
    anchor=False,
)

if found.total == 0:
    st.info(
        "Nobody matches. Try fewer letters, another spelling, or “everyone” as stage and segment.",
        icon=":material/search_off:",
    )
    st.stop()

table, columns = people_table(found.table, base, risks), people_columns(base, risks)
show_people(table, "people", columns=columns, height=table_height(len(table), most=640))
with st.container(horizontal=True, vertical_alignment="center"):
    st.pagination(max(1, math.ceil(found.total / PAGE_ROWS)), key="page", bind="query-params")
    if text.strip() or stage != EVERYONE or listed.people is not None:
        download_these(base, wanted, found.total)
    else:
        download_everyone(base)
