"""Forms to fill in for owners who have no export: one for each kind of file."""

import streamlit as st

from crm_core.importing.kinds import ImportKind
from crm_core.settings import PROJECT_FOLDER

NAMES = {
    ImportKind.ORDERS: "Orders",
    ImportKind.CUSTOMERS: "Customers",
    ImportKind.PRODUCTS: "Products",
    ImportKind.INTERACTIONS: "Conversations",
    ImportKind.TICKETS: "Requests for help",
    ImportKind.SURVEYS: "Survey answers",
}


def offer_templates() -> None:
    """A CSV file for each kind, with two rows as an example."""
    with st.popover("A form to fill in", icon=":material/edit_note:"):
        st.caption("For a spreadsheet. Replace the two example rows; columns that you have no use for may go.")
        with st.container(horizontal=True):
            for kind, name in NAMES.items():
                file = PROJECT_FOLDER / "data" / f"{kind}_template.csv"
                st.download_button(
                    name,
                    data=file.read_bytes,
                    file_name=file.name,
                    mime="text/csv",
                    on_click="ignore",
                    icon=":material/download:",
                    key=f"form_{kind}",
                )
