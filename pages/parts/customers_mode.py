"""What is done with customers: look at them, edit them, tell whether two are one, take them out as a file."""

from typing import Any

import streamlit as st

from crm_core.services.customers import CustomerBase
from crm_core.services.exports import export_table
from crm_core.services.people import find_everyone, people_table
from crm_core.wording import plural
from pages.parts import loading
from pages.parts.display import download_table

LOOK, EDIT, MERGE = "Look", "Edit", "Merge"
ONLY_NOW = "Editing and merging change what is stored now, so they wait until you are back from this past day."


def choose_mode() -> str:
    """The choice; in a past day there is only looking."""
    if loading.replayed():
        st.caption(ONLY_NOW)
        return LOOK
    chosen = st.segmented_control(
        "What to do with customers",
        [LOOK, EDIT, MERGE],
        default=LOOK,
        required=True,
        key="mode",
        bind="query-params",
        label_visibility="collapsed",
    )
    return str(chosen)


def download_everyone(base: CustomerBase) -> None:
    """A button for the file of all customers; not in a past day, for it holds all that is stored now."""
    if not loading.replayed():
        store, day = loading.store(), base.as_of
        download_table(lambda: export_table(store, "customers", as_of=day), "customers", label="All customers as CSV")


def download_these(base: CustomerBase, wanted: dict[str, Any], number: int) -> None:
    """A button for the file of exactly those whom the page lists, in its order. wanted: as ``find_everyone`` takes
    it."""
    store = loading.store()
    download_table(
        lambda: people_table(store, base, find_everyone(store, base, **wanted)),
        "these_customers",
        label=f"{plural(number, 'customer')} as CSV",
    )
