"""Forms to fill in for owners who have no export: one for each kind of file."""

import streamlit as st

from crm_core.importing.kinds import ImportKind
from crm_core.importing.templates import template
from crm_core.services.spreadsheets import table_as_csv

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
                st.download_button(
                    name,
                    data=lambda kind=kind: table_as_csv(template(kind)),
                    file_name=f"{kind}_form.csv",
                    mime="text/csv",
                    on_click="ignore",
                    icon=":material/download:",
                    key=f"form_{kind}",
                )
