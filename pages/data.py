"""Data: what is in here, and how do I bring more, take it back or take it out?"""

import streamlit as st

from crm_core.services.database import Store
from crm_core.services.imports import list_imports
from crm_core.wording import plural
from pages.parts import loading
from pages.parts.backup_panel import show_backups
from pages.parts.display import offer_demo
from pages.parts.edit_history import show_edit_history
from pages.parts.edit_table import show_edit_table
from pages.parts.export_list import show_exports
from pages.parts.import_history import show_history
from pages.parts.import_jobs import import_work, show_import_progress, show_outcome
from pages.parts.import_wizard import show_wizard

store, known = loading.store(), loading.known()


def answer() -> str:
    """What is stored, in one line."""
    if not known["customers"]:
        return "Nothing in here yet"
    history = list_imports(store)
    files = int((history["undone_at"].isna() & (history["accepted"] > 0)).sum())
    stored = f"{plural(known['customers'], 'customer')}, {plural(known['orders'], 'order')}"
    return f"{stored} from {plural(files, 'file')}"


def show_files() -> None:
    """Bring a file, what was taken in, and tables to take out."""
    if import_work(store).running():  # asked first: an import that ends meanwhile is told of by the next look
        show_import_progress(store)
    else:
        show_outcome(store)
        with st.container(border=True):
            st.subheader("Bring a file", anchor=False)
            if not show_wizard(store) and not known["customers"]:
                offer_demo("Look around in a made-up company first")
    st.subheader("What was taken in", anchor=False)
    show_history(store)
    st.subheader("Take tables out", anchor=False)
    if known["customers"]:
        show_exports(store)
    else:
        st.caption("Once there are customers, you can take every table out as CSV or Excel file.")


def show_editor(store: Store) -> None:
    """Products or orders as a table that can be edited."""
    chosen = st.segmented_control(
        "Edit", ["Products", "Orders"], default="Orders", required=True, key="edited", bind="query-params"
    )
    st.page_link("customers.py", label="Edit customers", icon=":material/group:", query_params={"mode": "Edit"})
    show_edit_table(store, chosen.lower(), search_key=f"find_{chosen.lower()}")


PARTS = {  # tab -> what it shows, made only while it is open
    "Bring and take out": show_files,
    "Edit": lambda: show_editor(store),
    "Changes": lambda: show_edit_history(store),
    "Backup": lambda: show_backups(store),
}

st.title(answer(), anchor=False)
for name, part in zip(PARTS, st.tabs(list(PARTS), key="part", bind="query-params"), strict=True):
    if part.open:
        with part:
            PARTS[name]()
