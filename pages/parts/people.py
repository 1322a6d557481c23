"""Lists of customers that several pages show: a name opens the person, the whole list is a file."""

from typing import Any

import pandas as pd
import streamlit as st

from crm_core.wording import count
from pages.parts.display import download_table, open_customer, table_height, to_major
from pages.parts.words import as_button, as_option

SHOWN = 100  # biggest spenders on the screen; the file has all


def show_people(table: pd.DataFrame, key: str, *, columns: dict[str, Any], height: int | str = "auto") -> None:
    """A table of customers (index customer_id, label), once each or more; a click on a name opens the person.

    Below it the same by a list to choose from, for who works without a mouse. Cells of the table are not selectable:
    the first one would be selected, and so opened, as soon as the Tab key comes by.
    """
    clicked = f"{key}_clicked"
    name = st.column_config.ButtonColumn("Customer", pinned=True, type="tertiary", alignment="left", key=clicked)
    st.dataframe(
        table[list(columns)].assign(label=table["label"].map(as_button)),
        key=key,
        hide_index=True,
        column_config=columns | {"label": name},
        height=height,
        placeholder="",
        alt="Customers; click a name, or choose one below, to open the person",
    )
    if click := st.session_state.get(clicked):
        open_customer(int(table.index[click["row"]]))
    names = table["label"][~table.index.duplicated()].map(as_option)
    chosen = st.selectbox(
        "Open a person",
        list(names.index),
        index=None,
        format_func=lambda customer_id: names.get(customer_id, ""),
        placeholder="Choose or type a name of this list",
        key=f"{key}_chosen",
        width=320,
    )
    if chosen is not None:
        open_customer(int(chosen))


def show_spenders(people: pd.DataFrame, key: str, *, currency: str, columns: dict[str, Any]) -> None:
    """The biggest spenders of a group, and the whole group as a file.

    In: people (index customer_id) with spend_minor, biggest first; columns may name ``spend``, in whole currency.
    """
    top = people.head(SHOWN)
    show_people(
        top.assign(spend=to_major(top["spend_minor"], currency)),
        key,
        height=table_height(len(people)),
        columns=columns,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(people, key)
        if len(people) > SHOWN:
            st.caption(f"The {SHOWN} biggest spenders of {count(len(people))}; the file has all.")
