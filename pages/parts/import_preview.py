"""What a file would bring, before anything is stored: counts, what is in already, unreadable rows, the first rows."""

from typing import Any

import pandas as pd
import streamlit as st

from crm_core.importing.kinds import ImportKind
from crm_core.services.database import Store
from crm_core.services.import_preview import totals_in_words
from crm_core.services.import_task import Staged
from crm_core.services.imports import ImportPreview, import_file
from crm_core.wording import day, plural
from pages.parts import loading
from pages.parts.display import download_table
from pages.parts.words import as_is, prose

REASONS_SHOWN = 200
TRIED_ROWS = 20_000  # up to here the store is asked beforehand what it has already


def count_new(store: Store, file_id: str, data: bytes, staged: Staged, asked_for: dict[str, Any]) -> int:
    """How many rows the store does not have yet: tried out for files of a usual size, and left as it was."""
    if staged.rows > TRIED_ROWS:
        return staged.rows - len(staged.rejected)
    key = repr([sorted(asked_for.items(), key=str), loading.preferences().time_zone])
    tried = loading.kept("tried", file_id, key, compute=lambda: import_file(store, data, **asked_for, dry_run=True))
    if tried.duplicates:
        st.info(f"{plural(tried.duplicates, 'row')} of this file are in already and stay as they are.")
    contradicting = len(tried.rejected) - len(staged.rejected)
    if contradicting > 0:
        st.warning(
            f"{plural(contradicting, 'row')} can't be stored: {as_is(tried.rejected[-1].reason)}",
            icon=":material/warning:",
        )
    return int(tried.accepted)


def show_counts(seen: ImportPreview) -> None:
    """What the file would bring: rows, people, orders, days and money."""
    staged = seen.staged
    assert staged is not None
    if seen.kind is not ImportKind.ORDERS:
        st.markdown(f"**{plural(staged.rows, 'row')}** of {seen.kind}.")
        _show_notes(staged)
        return
    sold = int((~staged.orders["is_refund"]).sum())
    st.markdown(
        f"**{plural(staged.rows, 'row')}**: {plural(len(staged.customers), 'customer')}, {plural(sold, 'order')} from "
        f"{day(seen.first_day)} to {day(seen.last_day)}, together {prose(totals_in_words(seen.totals))}."
    )
    _show_notes(staged)


def _show_notes(staged: Staged) -> None:
    for note in staged.notes:
        st.caption(as_is(note))


def show_unreadable(seen: ImportPreview) -> None:
    """The rows that can't be read, each with its reason."""
    if seen.staged is None or not seen.staged.rejected:
        return
    what = "left out or unreadable" if seen.source else "can't be read"
    with st.expander(f"{plural(len(seen.staged.rejected), 'row')} {what}", icon=":material/warning:"):
        st.markdown(as_is(seen.staged.rejected[0].reason))
        reasons = pd.DataFrame([{"Row": row.row_number, "Why": row.reason} for row in seen.staged.rejected])
        st.dataframe(reasons.head(REASONS_SHOWN), hide_index=True, key="unreadable")
        download_table(reasons, "unreadable_rows")


def show_first_rows(seen: ImportPreview, *, currency_is_open: bool) -> None:
    """The first rows as they would be stored; without a currency while the owner is still asked for it."""
    lines = seen.lines.dropna(axis=1, how="all")
    if "amount" in lines:
        lines["amount"] = lines["amount"].astype(float)
    if currency_is_open:
        lines["currency"] = ""
    st.caption("How the first rows would be stored")
    st.dataframe(
        lines,
        hide_index=True,
        key="preview",
        height=280,
        column_config={
            "row": st.column_config.NumberColumn("Row", format="%d", width="small"),
            "customer": st.column_config.TextColumn("Customer"),
            "order": st.column_config.TextColumn("Order"),
            "day": st.column_config.DateColumn("Day", format="D MMM YYYY"),
            "product": st.column_config.TextColumn("Product"),
            "quantity": st.column_config.NumberColumn("Quantity", format="localized"),
            "amount": st.column_config.NumberColumn("Amount", format="%,.2f"),
            "currency": st.column_config.TextColumn("Currency", width="small"),
        },
    )
