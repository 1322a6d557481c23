"""How many natural groups there are: how far apart, how tight, and whether more than chance."""

import pandas as pd
import streamlit as st

from crm_core.charts.natural_groups import number_lines, silhouette_bars
from crm_core.services.natural_groups import NaturalGroups, say_apart
from pages.parts.display import download_table, palette, show_chart, table_height


def show_numbers(found: NaturalGroups, key: str) -> None:
    """Silhouette, inertia and gap for each number of groups."""
    table, k, gap = found.clusters.by_number, found.clusters.k, found.gap
    left, middle, right = st.columns(3, gap="medium")
    with left:
        st.markdown(
            f"**Apart**: silhouette {found.clusters.silhouette:.2f}, {say_apart(found.clusters.silhouette)}",
            help="How much nearer everybody is to the own group than to the next: 1 fully apart, 0 no groups at all. "
            "From 0.25 there is some structure, from 0.5 a clear one (Kaufman & Rousseeuw 1990).",
        )
        show_chart(silhouette_bars(table["silhouette"], k, palette()), key=f"{key}silhouettes",
                   alt="Silhouette for each number of groups")  # fmt: skip
    with middle:
        st.markdown(
            "**Tight**: squares within",
            help="The squared distances to the own group's centre, summed (inertia). More groups are always tighter; "
            "where the line bends, further groups add little.",
        )
        show_chart(number_lines(table["inertia"], k, palette(), title="Squares within"), key=f"{key}inertia",
                   alt="Squares within the groups for each number of groups")  # fmt: skip
    with right:
        st.markdown(
            f"**More than chance**: {'yes' if found.beats_chance else 'no'}",
            help="The gap: how much tighter K-means groups of these are than those of people spread evenly over the "
            "same range; the thin lines are what chance may do. Yes: it is higher for the groups shown than for one "
            f"group, by more than chance. The smallest number that the next one does not clearly beat is "
            f"{found.gap_number} (Tibshirani, Walther & Hastie 2001).",
        )
        show_chart(number_lines(gap["gap"], k, palette(), title="Gap", spread=gap["spread"]), key=f"{key}gap",
                   alt="Gap for each number of groups")  # fmt: skip
    _show_numbers_behind(gap.join(table)[["silhouette", "inertia", "gap", "spread"]].reset_index(), key)


def _show_numbers_behind(behind: pd.DataFrame, key: str) -> None:
    with st.expander("The same as a table", icon=":material/table:"):
        number = st.column_config.NumberColumn
        st.dataframe(
            behind,
            hide_index=True,
            key=f"{key}numbers_table",
            height=table_height(len(behind)),
            column_config={
                "k": number("Groups", format="%d"),
                "silhouette": number("Silhouette", format="%.3f"),
                "inertia": number("Squares within", format="%.1f"),
                "gap": number("Gap", format="%.3f"),
                "spread": number("Chance", format="%.3f", help="How far chance moves the gap (s of k)."),
            },
        )
        download_table(behind, f"{key}numbers_of_groups")
