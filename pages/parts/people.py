"""Lists of customers that several pages show: a click opens the person, the whole list is a file."""

from typing import Any

import pandas as pd
import streamlit as st

from crm_core.wording import count
from pages.parts.display import download_table, open_customer, to_major

SHOWN = 100  # biggest spenders on the screen; the file has all


def show_people(table: pd.DataFrame, key: str, *, columns: dict[str, Any], height: int | str = "auto") -> None:
    """A table of customers (index customer_id); a click on a row opens the person."""
    event = st.dataframe(
        table[list(columns)],
        key=key,
        hide_index=True,
        column_config=columns,
        on_select="rerun",
        selection_mode="single-cell",
        height=height,
        placeholder="",
        alt="Customers; select a cell to open the person",
    )
    cells = event["selection"]["cells"]
    if cells:
        open_customer(int(table.index[cells[0][0]]))


def show_spenders(people: pd.DataFrame, key: str, *, currency: str, columns: dict[str, Any]) -> None:
    """The biggest spenders of a group, and the whole group as a file.

    In: people (index customer_id) with spend_minor, biggest first; columns may name ``spend``, in whole currency.
    """
    top = people.head(SHOWN)
    show_people(
        top.assign(spend=to_major(top["spend_minor"], currency)),
        key,
        height=min(38 + 35 * len(people), 420),
        columns=columns,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(people, key)
        if len(people) > SHOWN:
            st.caption(f"The {SHOWN} biggest spenders of {count(len(people))}; the file has all. Click one to open it.")
