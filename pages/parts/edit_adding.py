"""A form for a row that the owner types in."""

import streamlit as st

from crm_core.services.adding import add_by_hand
from crm_core.services.database import Store
from crm_core.services.edit_tables import EditField
from crm_core.services.editing_checks import FIRST_DAY
from pages.parts import loading
from pages.parts.edit_desk import Desk, signed
from pages.parts.failures import guarded
from pages.parts.words import as_is

ADDED, REFUSED = "added_by_hand", "refused_by_hand"
ASKED = {
    "customer": "Customer's number or e-mail, blank for a guest",
    "phone": "Phone, with its country code",
    "amount": "Amount",
}


@st.dialog("Add by hand")
@guarded()
def add_dialog(store: Store, desk: Desk) -> None:
    """One field under the other; what can't be stored is told above the button."""
    if st.session_state.pop(ADDED, False):
        st.rerun()
    if problems := st.session_state.pop(REFUSED, ()):
        st.error("  \n".join(as_is(sentence) for sentence in problems), icon=":material/error:")
    with st.form(f"form_{desk.name}", border=False):
        for field in desk.table.fields:
            if field.kind != "fixed":
                _ask(field)
        if desk.name == "orders":
            st.text_input("Product's number or name, may stay blank", key="add_product")
        st.form_submit_button(
            f"Add {desk.table.noun}",
            icon=":material/add:",
            key=f"add_row_{desk.name}",
            on_click=_add,
            args=(store, desk),
        )


def _add(store: Store, desk: Desk) -> None:
    with guarded():
        names = [*(field.name for field in desk.table.fields), "product"]
        typed = {name: st.session_state.get(f"add_{name}") for name in names}
        report = add_by_hand(
            store,
            desk.name,
            {name: value for name, value in typed.items() if value},
            currency=loading.preferences().currency,
            today=loading.today(),
            **signed(),
        )
        if report.problems:
            st.session_state[REFUSED] = tuple(report.problems.values())
            return
        searched = bool(desk.view and str(desk.view[0]).strip())
        hint = " If you don't see it below, clear the search." if searched else ""
        words = f"{report.label[:1].upper()}{report.label[1:]} is added.{hint}"
        desk.message, desk.problems = (words, report.edit_id), ()
        desk.reload()
        st.session_state[ADDED] = True


def _ask(field: EditField) -> None:
    key = f"add_{field.name}"
    label = ASKED.get(field.name, field.label)
    if field.name == "amount":
        label = f"{label} in {loading.preferences().currency}"
    if field.kind == "choice":
        st.selectbox(label, field.choices, key=key)
    elif field.kind == "day":
        st.date_input(
            label,
            value=loading.today() if field.name == "day" else None,
            min_value=FIRST_DAY,
            format="YYYY-MM-DD",
            key=key,
        )
    else:
        st.text_input(label, key=key, max_chars=field.longest)
