"""All segments of the owner's own as a table, counted now."""

import pandas as pd
import streamlit as st

from pages.parts.display import download_table, money_column, table_height, to_major
from pages.parts.words import as_option


def show_all(counted: pd.DataFrame, currency: str) -> None:
    shown = counted.assign(
        name=counted["name"].map(as_option),
        meaning=counted["meaning"].where(counted["problem"] == "", counted["problem"]).fillna("").map(as_option),
        spend=to_major(counted["spend_minor"], currency),
    )
    st.dataframe(
        shown[["name", "customers", "spend", "meaning"]],
        key="own_segments",
        hide_index=True,
        height=table_height(len(shown), most=300),
        placeholder="",
        column_config={
            "name": st.column_config.TextColumn("Segment", pinned=True, width=170),
            "customers": st.column_config.NumberColumn("Customers", format="%,d", width=80),
            "spend": money_column("Sales so far", currency, whole=True),
            "meaning": st.column_config.TextColumn("Who they are", width="large"),
        },
        alt="Segments of your own with their customers, sales and rules",
    )
    download_table(counted, "own_segments")
