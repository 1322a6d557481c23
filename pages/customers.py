"""Customers: find a person, see how they stand, open them."""

import math

import streamlit as st

from crm_core.decisions.lifecycle import stage_meanings
from crm_core.services.people import PAGE_ROWS, SORT_ORDERS, list_people
from crm_core.vocabulary import Stage
from crm_core.wording import plural
from pages.parts import loading
from pages.parts.customers_mode import EDIT, MERGE, choose_mode, download_everyone
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
from pages.parts.words import as_is

EVERYONE, ARCHIVED = "everyone", "archived"

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


def go_to_first_page() -> None:
    """A new search or order starts on its first page."""
    st.session_state.pop("page", None)
    st.query_params.pop("page", None)


for left_over in ("id", "with"):  # of a person's own page, of a merge
    st.query_params.pop(left_over, None)
search, stages, order = st.columns([3, 2, 2], vertical_alignment="bottom")
text = search.text_input(
    "Name, e-mail or number",
    key="q",
    bind="query-params",
    placeholder="Search",
    on_change=go_to_first_page,
    icon=":material/search:",
)
stage = stages.selectbox(
    "Stage",
    [EVERYONE, *(stage.value for stage in Stage), ARCHIVED],
    key="stage",
    bind="query-params",
    on_change=go_to_first_page,
    help="  \n".join(f"**{stage.value}**: {meaning}" for stage, meaning in stage_meanings(base.limits).items())
    + "  \n**archived**: put away by you; they count in every figure and are suggested for nothing",
)
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
found = list_people(
    store,
    base,
    text=text,
    stage=None if stage in (EVERYONE, ARCHIVED) else stage,
    archived=stage == ARCHIVED,
    sort=sort if sort in SORT_ORDERS else SORT_ORDERS[1],
    by=figures_to_order_by(sort, base, risks),
    page=int(st.session_state.get("page") or 1),
    until=then.day if then else None,
)
answer.title(
    f"{plural(found.total, 'customer')}" + (f" match “{as_is(text.strip())}”" if text.strip() else ""), anchor=False
)

if found.total == 0:
    st.info("Nobody matches. Try fewer letters, another spelling, or stage “everyone”.", icon=":material/search_off:")
    st.stop()

table, columns = people_table(found.table, base, risks), people_columns(base, risks)
show_people(table, "people", columns=columns, height=table_height(len(table), most=640))
with st.container(horizontal=True, vertical_alignment="center"):
    st.pagination(max(1, math.ceil(found.total / PAGE_ROWS)), key="page", bind="query-params")
    download_everyone(base)
