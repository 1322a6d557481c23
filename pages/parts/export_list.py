"""Every table as a file to take out, as CSV or as an Excel workbook, made when it is clicked."""

import streamlit as st

from crm_core.importing.own_tables import OWN_TABLES
from crm_core.services.database import Store
from crm_core.services.exports import (
    EXPORTS,
    MOST_ROWS,
    Export,
    export_file,
    export_table,
    stored_workbook,
    too_large_for_excel,
)
from crm_core.services.personal_data import personal_data, personal_file
from crm_core.wording import count, day
from pages.parts import loading
from pages.parts.words import as_is

COME_BACK = frozenset(own.name for own in OWN_TABLES)
KINDS = {
    "CSV": (".csv", "text/csv"),
    "Excel": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def show_exports(store: Store) -> None:
    """What is stored and what was worked out, a button each; and all that is stored as one workbook."""
    kind = st.segmented_control("Kind of file", list(KINDS), default="CSV", required=True, key="export_kind")
    large = too_large_for_excel(store) if kind == "Excel" else {}
    st.caption("Files that a spreadsheet opens, made when you click.")
    groups = {
        "Your shop, can be brought back as it is": [name for name in EXPORTS if name in COME_BACK],
        "What Regulars wrote down": [name for name, e in EXPORTS.items() if e.is_stored and name not in COME_BACK],
        f"Worked out as of {day(loading.as_of().day)}": [name for name, e in EXPORTS.items() if not e.is_stored],
    }
    for place, (title, names) in zip(st.columns(len(groups)), groups.items(), strict=True):
        with place:
            st.markdown(f"**{title}**")
            _show_buttons(store, {name: EXPORTS[name] for name in names}, kind, large)
    st.download_button(
        "All stored tables in one Excel workbook",
        data=lambda: stored_workbook(store, as_of=loading.as_of().day),
        file_name="regulars.xlsx",
        mime=KINDS["Excel"][1],
        on_click="ignore",
        icon=":material/table_view:",
        key="export_workbook",
        disabled=bool(large or too_large_for_excel(store)),
        help="A sheet for each table, to read and to pass on. To keep everything safe, make a backup.",
    )


def download_person(customer_id: int, name: str) -> None:
    """A button for everything stored about one person."""
    st.download_button(
        f"Everything stored about {as_is(name)} as a file",
        data=lambda: personal_file(personal_data(loading.store(), customer_id, made_at=loading.now())),
        file_name=f"customer_{customer_id}.json",
        mime="application/json",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
        key="download_person",
        help="Name, addresses, orders, conversations, requests, answers, decisions and changes, as JSON: what to send "
        "when somebody asks what you know about them.",
    )


def _show_buttons(store: Store, exports: dict[str, Export], kind: str, large: dict[str, int]) -> None:
    ending, mime = KINDS[kind]
    with st.container(gap="xxsmall"):
        for name, export in exports.items():
            st.download_button(
                export.title,
                data=lambda name=name: export_file(
                    export_table(store, name, as_of=loading.as_of().day), name, ending=ending
                ),
                file_name=f"{name}{ending}",
                mime=mime,
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
                key=f"export_{name}",
                disabled=name in large,
                help=_too_large(large[name]) if name in large else None,
            )


def _too_large(rows: int) -> str:
    return f"{count(rows)} rows; an Excel sheet holds {count(MOST_ROWS)}. Take it as CSV."
