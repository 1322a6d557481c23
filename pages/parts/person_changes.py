"""From a customer's page to what changes them: restore, edit, merge."""

from typing import Any

import streamlit as st

from crm_core.services.editing import archive_rows
from pages.parts import loading
from pages.parts.customers_mode import EDIT, MERGE, ONLY_NOW
from pages.parts.edit_desk import signed
from pages.parts.failures import guarded


def offer_changes(customer_id: int, record: dict[str, Any]) -> None:
    """Restore or merge, and edit; in a past day the sentence that these wait."""
    if loading.replayed():
        st.caption(ONLY_NOW)
        return
    if record["archived_at"]:
        st.button("Restore", key="restore", icon=":material/unarchive:", on_click=_restore, args=(customer_id,))
    st.page_link("customers.py", label="Edit", icon=":material/edit:", query_params=_editor_of(record))
    if not record["archived_at"]:
        somebody = {"mode": MERGE, "with": str(customer_id)}
        st.page_link("customers.py", label="Merge with somebody", icon=":material/merge:", query_params=somebody)


def _restore(customer_id: int) -> None:
    """Take the customer out of the archive."""
    with guarded():
        archive_rows(loading.store(), "customers", [customer_id], archive=False, **signed())


def _editor_of(record: dict[str, Any]) -> dict[str, str]:
    """The address of the editor with this person in it."""
    shown = {"show_customers": "Archived"} if record["archived_at"] else {}
    return {"mode": EDIT, "q": record["email"] or record["source_id"], **shown}
