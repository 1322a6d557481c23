"""How far natural groups can be trusted: a picture, how many, whether they appear again, rules, and Ward's tree."""

import pandas as pd
import streamlit as st

from crm_core.charts.natural_groups import merge_tree_chart
from crm_core.services.natural_groups import NaturalGroups, say_agreement
from crm_core.wording import count, plural, share
from pages.parts.display import download_table, palette, show_chart, table_height
from pages.parts.natural_numbers import show_numbers
from pages.parts.natural_picture import show_picture
from pages.parts.words import as_is, as_option

PICTURE, NUMBER, AGAIN, RULES, TREE = "Picture", "How many", "Again?", "Rules", "Tree"
OVERLAP_HELP = """
Of all who are in the group or in the group found anew that is most like it, the share who are in both (Jaccard, Hennig
2007). Below 0.5 the group has dissolved, from 0.75 it can be relied on.
"""


def show_evidence(found: NaturalGroups, labels: pd.Series, currency: str, *, group: int, key: str = "") -> None:
    """The tabs. ``labels``: what a point of the picture is called, by customer or row; ``key`` goes before names."""
    shown = {PICTURE: lambda: show_picture(found, labels, currency, group, key)}
    if found.gap is not None:
        shown[NUMBER] = lambda: show_numbers(found, key)
    if found.clusters.k:
        shown[AGAIN] = lambda: show_stability(found, key)
        shown[RULES] = lambda: show_rules(found, key)
    if found.merges is not None:
        shown[TREE] = lambda: show_tree(found, key)
    for place, show in zip(st.tabs(list(shown)), shown.values(), strict=True):
        with place:
            show()


def show_stability(found: NaturalGroups, key: str) -> None:
    """Would the same groups appear again?"""
    tried = found.stability
    st.markdown(
        f"**Would the same groups appear again?** Agreement {tried.agreement:.2f} of 1: "
        f"{say_agreement(tried.agreement)}.",
        help=f"{tried.resamples} times, {tried.drawn} were drawn and grouped anew. Agreement is the adjusted Rand "
        "index (Hubert & Arabie 1985): 1 the same groups, 0 as by chance.",
    )
    table = pd.DataFrame(
        {
            "group": [as_option(found.names[int(group)]) for group in tried.by_group.index],
            "overlap": tried.by_group.to_numpy(),
            "again": [say_agreement(value) for value in tried.by_group],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        key=f"{key}stability_table",
        height=table_height(len(table)),
        column_config={
            "group": st.column_config.TextColumn("Group", width="medium"),
            "overlap": st.column_config.ProgressColumn(
                "Overlap", min_value=0, max_value=1, format="%.2f", help=OVERLAP_HELP
            ),
            "again": st.column_config.TextColumn("Came again"),
        },
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(table, f"{key}groups_again")
        st.caption(f"Tried {tried.resamples} times on {count(tried.looked_at)} {found.facts.who}s.")


def show_rules(found: NaturalGroups, key: str) -> None:
    """A few questions that tell the groups apart."""
    st.markdown(
        f"**Three questions at most** place {share(found.right_share)} of all {found.facts.who}s in their group.",
        help="A small decision tree that asks for the facts in their own units; who meets a rule is taken for its "
        "group.",
    )
    for row in found.rules.itertuples():
        st.markdown(
            f"**{as_is(row.group)}**: {as_is(row.rule)}  \n"
            f":gray[{count(row.right)} of the {plural(row.customers, found.facts.who)} who fit are in it]"
        )
    download_table(found.rules, f"{key}rules_of_groups")


def show_tree(found: NaturalGroups, key: str) -> None:
    """How Ward's groups merged."""
    merges = found.merges
    st.markdown(
        "**How they merged**",
        help="Each end is a few who are alike; the higher two lines meet, the less alike they were. The dashed line is "
        "where the groups shown are cut. Point at an end to see how many it holds and which group they are in.",
    )
    show_chart(merge_tree_chart(merges.merges, merges.ends, merges.cut, found.names, palette()),
               key=f"{key}merge_tree", alt="Tree of merges, cut into the groups")  # fmt: skip
    ends = merges.ends.assign(group=merges.ends["group"].map(found.names)).drop(columns="x")
    heights = merges.merges[["y2", "is_cut"]].rename(columns={"y2": "distance", "is_cut": "above_cut"})
    with st.expander("The same as a table", icon=":material/table:"):
        st.dataframe(
            ends.assign(group=ends["group"].map(as_option)),
            hide_index=True,
            key=f"{key}ends_table",
            height=table_height(len(ends)),
            column_config={
                "customers": st.column_config.NumberColumn("Members of an end", format="%,d"),
                "group": st.column_config.TextColumn("Group"),
            },
        )
        download_table(ends, f"{key}ends_of_merges")
        download_table(
            heights.sort_values("distance", ascending=False), f"{key}merges_of_groups", label="Merges as CSV"
        )
