"""Natural groups: whose, by what and how; the answer in a sentence and cards; how far to trust it; and the people."""

from functools import partial
from typing import Any

import streamlit as st

from crm_core.services.customers import CustomerBase
from crm_core.services.natural_groups import (
    LEAST_CUSTOMERS,
    GroupFacts,
    NaturalGroups,
    group_facts,
    groups_of_customers,
)
from pages.parts import later, loading
from pages.parts.display import needs_customers
from pages.parts.natural_cards import show_cards
from pages.parts.natural_choices import QUICK, ask_choices, ask_group
from pages.parts.natural_evidence import show_evidence
from pages.parts.natural_people import show_people_of_group
from pages.parts.words import as_is

CUSTOMERS, OWN_TABLE = "Customers", "Own table"
QUESTION = "Which natural groups are there?"


def show_natural_groups(base: CustomerBase, answer: Any) -> None:
    """The view; the answer goes into the place on top of the page."""
    whose = st.segmented_control(
        "Whose groups",
        [CUSTOMERS, OWN_TABLE],
        default=CUSTOMERS,
        required=True,
        key="grouped",
        bind="query-params",
        label_visibility="collapsed",
        help="Of your customers, or of the rows of any table that you bring: it is looked at here, and not stored.",
    )
    if whose == OWN_TABLE:
        from pages.parts.natural_table import show_own_table  # reads files, which customers need not

        show_own_table(answer)
        return
    if not needs_customers(len(base.table), least=LEAST_CUSTOMERS, what="Finding natural groups"):
        answer.title(QUESTION, anchor=False)
        return
    show_groups_of_customers(base, answer)


def show_groups_of_customers(base: CustomerBase, answer: Any) -> None:
    """Choices, then the groups; worked out beside the page where that takes long."""
    facts: GroupFacts = loading.kept("group facts", base.currency, compute=lambda: group_facts(loading.store(), base))
    if not facts.offered:
        answer.title(QUESTION, anchor=False)
        st.info(
            "Nothing that is stored tells your customers apart yet. As more orders come, groups can be found.",
            icon=":material/groups:",
        )
        return
    columns, choice = ask_choices(facts, key="")
    if not columns:
        answer.title(QUESTION, anchor=False)
        st.info("Choose at least one fact to group customers by.", icon=":material/tune:")
        return
    key = loading.work_key("natural groups", base.currency, tuple(columns), choice)
    work = partial(groups_of_customers, loading.store(), base, facts, columns=columns, choice=choice)
    later.begin(key, work, at_once=len(base.table) <= QUICK)
    found: NaturalGroups | str | None = later.result_of(key)
    if not isinstance(found, NaturalGroups):
        answer.title(QUESTION, anchor=False)
        if found is None:
            later.show_work(key)
        else:
            st.info(as_is(found), icon=":material/groups:")
        return
    answer.title(found.answer, anchor=False)
    show_cards(found, base.currency)
    group = ask_group(found, "")
    show_evidence(found, base.table["label"], base.currency, group=group)
    show_people_of_group(base, found, group)
