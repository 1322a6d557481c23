"""What is done with a file's rows: with what is in already, with orders that are not plainly paid, with columns that
mean nothing to us."""

import streamlit as st

from crm_core.importing.choices import Existing, ImportChoices
from crm_core.importing.kinds import KINDS, ImportKind
from crm_core.importing.status_choices import StatusChoices, Treatment, treatments_of
from crm_core.services.imports import ImportPreview
from crm_core.wording import count, plural
from pages.parts import loading
from pages.parts.words import as_is

EXISTING_WORDS = {
    Existing.FILL: "Fill in what is blank",
    Existing.OVERWRITE: "Replace by what the file says",
    Existing.SKIP: "Leave as they are",
}
GROUP_WORDS = {
    "cancelled": ("cancelled or voided order", "cancelled or voided orders"),
    "pending": ("order that is not paid yet", "orders that are not paid yet"),
    "test": ("test order", "test orders"),
    "unknown": ("order whose status is not known here", "orders whose status is not known here"),
    "refunded": ("order that was refunded in full", "orders that were refunded in full"),
}
TREATMENT_WORDS = {
    Treatment.STORE: "Keep, but don't count",
    Treatment.LEAVE_OUT: "Leave out",
    Treatment.COUNT: "Count as paid",
    Treatment.TAKE_OFF: "Keep, and take the refund off",
}
MOST_PILLS = 60


def ask_choices(seen: ImportPreview, file_id: str) -> ImportChoices:
    """What is done with what is in already, with orders that are not plainly paid, and with columns that mean nothing
    to us."""
    groups = seen.status_groups
    unused = seen.mapping.unused if KINDS[seen.kind].keeps_columns else ()
    names = [plural(number, *GROUP_WORDS[group]) for group, number in groups.items()]
    names += [plural(len(unused), "further column")] if unused else []
    with st.expander(" · ".join(["Choices", *names]), expanded=bool(groups)):
        statuses = StatusChoices(**{group: _ask_group(group, number, file_id) for group, number in groups.items()})
        existing = _ask_existing(seen.kind, file_id)
        keep_all, keep_columns = _ask_columns_to_keep(unused, file_id)
    return ImportChoices(existing=existing, keep_columns=keep_columns, keep_all=keep_all, statuses=statuses)


def _ask_group(group: str, number: int, file_id: str) -> Treatment:
    allowed = treatments_of(group)
    chosen: Treatment = st.segmented_control(
        plural(number, *GROUP_WORDS[group]),
        allowed,
        format_func=lambda treatment: TREATMENT_WORDS[treatment],
        default=allowed[0],
        required=True,
        key=f"group_{group}_{file_id}",
    )
    return chosen


def _ask_existing(kind: ImportKind, file_id: str) -> Existing:
    what = "products" if kind is ImportKind.PRODUCTS else "customers"
    if not loading.known()[what]:
        return Existing.FILL
    chosen: Existing = st.segmented_control(
        f"{what.capitalize()} who are in already" if what == "customers" else "Products that are in already",
        list(EXISTING_WORDS),
        format_func=lambda policy: EXISTING_WORDS[policy],
        default=Existing.FILL,
        required=True,
        key=f"existing_{file_id}",
        help="Their names, addresses and other particulars. What you edited by hand always stays.",
    )
    return chosen


def _ask_columns_to_keep(unused: tuple[str, ...], file_id: str) -> tuple[bool, tuple[str, ...]]:
    """Whether all further columns are kept, else which of them."""
    if not unused:
        return False, ()
    keep_all = st.toggle(
        f"Keep the further column \u201c{as_is(unused[0])}\u201d"
        if len(unused) == 1
        else f"Keep all {count(len(unused))} further columns",
        key=f"keep_all_{file_id}",
        help="They enter no figure; you find them with the customer, the order or the product, and in exports.",
    )
    if keep_all or len(unused) == 1 or len(unused) > MOST_PILLS:
        return keep_all, ()
    chosen = st.pills(
        "Or keep some",
        list(unused),
        selection_mode="multi",
        format_func=as_is,
        key=f"keep_{file_id}",
    )
    return False, tuple(chosen)
