"""What files said of somebody under names of their own."""

import pandas as pd
import streamlit as st

from pages.parts.display import table_height


def show_custom_fields(kept: pd.DataFrame) -> None:
    """Names and values, letter by letter. In: [name, value]."""
    st.dataframe(
        kept,
        hide_index=True,
        key="custom_fields",
        height=table_height(len(kept)),
        column_config={"name": st.column_config.TextColumn("Field"), "value": st.column_config.TextColumn("Value")},
    )
