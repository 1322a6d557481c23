"""What a file would bring, before anything is stored: counts, what is in already, unreadable rows, the first rows."""

from typing import Any

import pandas as pd
import streamlit as st

from crm_core.importing.kinds import ImportKind
from crm_core.services.import_preview import totals_in_words
from crm_core.services.import_task import Staged
from crm_core.services.imports import ImportPreview
from crm_core.wording import day, plural
from pages.parts.display import download_table, table_height
from pages.parts.import_questions import KIND_WORDS
from pages.parts.words import as_is, prose

REASONS_SHOWN = 200


def show_counts(seen: ImportPreview) -> None:
    """What the file would bring: rows, people, orders, days and money."""
    staged = seen.staged
    assert staged is not None
    if seen.own or seen.kind is not ImportKind.ORDERS:
        table = f" of the table {seen.own.name.replace('_', ' ')}" if seen.own else f", each {KIND_WORDS[seen.kind]}"
        st.markdown(f"**{plural(staged.rows, 'row')}**{table}.")
        _show_notes(staged)
        return
    sold = int((~staged.orders["is_refund"]).sum())
    st.markdown(
        f"**{plural(staged.rows, 'row')}**: {plural(sold, 'order')} from "
        f"{day(seen.first_day)} to {day(seen.last_day)}, together {prose(totals_in_words(seen.totals, seen.parts))}."
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
    for name in {"amount", "price", "cost"} & set(lines):
        lines[name] = lines[name].astype(float)
    if currency_is_open:
        lines["currency"] = ""
    st.caption("How the first rows would be stored")
    st.dataframe(
        lines,
        hide_index=True,
        key="preview",
        placeholder="",
        height=table_height(len(lines), most=280),
        column_config={name: _column(str(name), lines[name]) for name in lines},
    )


def _column(name: str, cells: "pd.Series[Any]") -> Any:
    """How a column of the preview is shown: a name for people, days as days, numbers as numbers."""
    label = "E-mail" if name == "email" else name.replace("_", " ").capitalize()
    if name == "row":
        return st.column_config.NumberColumn(label, format="%d", width="small")
    if name in ("amount", "price", "cost"):
        return st.column_config.NumberColumn(label, format="%,.2f")
    if pd.api.types.is_datetime64_any_dtype(cells):
        return st.column_config.DateColumn(label, format="D MMM YYYY")
    if pd.api.types.is_numeric_dtype(cells):
        return st.column_config.NumberColumn(label, format="localized")
    return st.column_config.TextColumn(label)
