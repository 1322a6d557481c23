"""Customers: find a person, see how they stand, open them."""

import math

import streamlit as st

from crm_core.decisions.lifecycle import stage_meanings
from crm_core.services.people import PAGE_ROWS, SORT_ORDERS, list_people
from crm_core.vocabulary import Question, Stage
from crm_core.wording import plural
from pages.parts import analysis, loading
from pages.parts.customers_mode import EDIT, MERGE, choose_mode, download_everyone
from pages.parts.display import empty_state, money_column, table_height, to_major
from pages.parts.edit_table import show_edit_table
from pages.parts.merge_view import show_merging
from pages.parts.people import show_people
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
sort = order.selectbox("Order by", SORT_ORDERS, index=1, key="sort", bind="query-params", on_change=go_to_first_page)
found = list_people(
    store,
    base,
    text=text,
    stage=None if stage in (EVERYONE, ARCHIVED) else stage,
    archived=stage == ARCHIVED,
    sort=sort,
    page=int(st.session_state.get("page") or 1),
    until=then.day if then else None,
)
answer.title(
    f"{plural(found.total, 'customer')}" + (f" match “{as_is(text.strip())}”" if text.strip() else ""), anchor=False
)

if found.total == 0:
    st.info("Nobody matches. Try fewer letters, another spelling, or stage “everyone”.", icon=":material/search_off:")
    st.stop()

table = found.table.assign(
    spend=to_major(found.table["spend_minor"], base.currency), clv=to_major(found.table["clv_minor"], base.currency)
)
columns = {
    "label": st.column_config.TextColumn("Customer", pinned=True),
    "email": st.column_config.TextColumn("E-mail"),
    "stage": st.column_config.TextColumn("Stage", help="From each customer's own rhythm; hover over “Stage” above."),
    "orders": st.column_config.NumberColumn("Orders", format="%,d"),
    "last_order_on": st.column_config.DateColumn("Latest order", format="D MMM YYYY"),
    "spend": money_column(
        "Sales so far",
        base.currency,
        help="Paid orders less refunds. Orders in a currency without a rate are in no sum.",
    ),
}
if base.value_is_learnt:
    columns["clv"] = money_column(
        "Worth ahead",
        base.currency,
        help=f"Predicted value of the next {loading.preferences().horizon_days} days, discounted. "
        "Empty where no order is in a currency that counts. See Value & loyalty.",
    )
risk = analysis.next_orders(base) if analysis.is_tested(Question.ACTIVE) else None
if risk is not None:
    table = table.assign(churn_risk=100 * risk.table["churn_risk"].reindex(table.index))
    columns["churn_risk"] = st.column_config.NumberColumn(
        "Churn risk",
        format="%.0f%%",
        help=f"The chance that no order comes within {plural(risk.churn_days, 'day')}, by a model that beat the "
        "customers' own rhythm on your past. Accuracy shows how far off it was.",
    )
show_people(table, "people", columns=columns, height=table_height(len(table), most=640))
with st.container(horizontal=True, vertical_alignment="center"):
    st.pagination(max(1, math.ceil(found.total / PAGE_ROWS)), key="page", bind="query-params")
    download_everyone(base)
