"""How far natural groups can be trusted: a picture, how many, whether they appear again, rules, and Ward's tree."""

import pandas as pd
import streamlit as st

from crm_core.charts.natural_groups import Axis, group_scatter, merge_tree_chart, number_lines, silhouette_bars
from crm_core.services.natural_groups import NaturalGroups, name_fact, sample_points, say_agreement, say_apart
from crm_core.wording import count, currency_symbol, plural, share
from pages.parts.display import download_table, palette, show_chart, table_height, to_major
from pages.parts.words import as_is, as_option

PICTURE, NUMBER, AGAIN, RULES, TREE = "Picture", "How many", "Again?", "Rules", "Tree"
UNITS = {"_days": "days", "days_since_last_order": "days", "_minutes": "minutes", "_years": "years"}
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


def show_picture(found: NaturalGroups, labels: pd.Series, currency: str, group: int, key: str) -> None:
    """One group among all, on two facts that the owner chooses."""
    numbers = [fact for fact in found.facts.offered if is_number(found, fact)]
    if len(numbers) < 2:
        st.info("A picture needs two facts that are numbers.", icon=":material/scatter_plot:")
        return
    usual = [fact for fact in ("days_since_last_order", "spend_minor") if fact in numbers]
    first, second = usual if len(usual) == 2 else numbers[:2]
    left, right, _ = st.columns([1, 1, 1])
    x = left.selectbox("Across", numbers, numbers.index(first), format_func=name_fact, key=f"{key}picture_x")
    y = right.selectbox("Upwards", numbers, numbers.index(second), format_func=name_fact, key=f"{key}picture_y")
    points = sample_points(found, group=group, x=x, y=y)
    points = points.assign(label=labels.reindex(points.index).astype(str))
    for axis, fact in (("x", x), ("y", y)):
        if fact.endswith("_minor"):
            points[axis] = to_major(points[axis], currency)
            points = points[points[axis] > 0]
    figure = group_scatter(points, axis_of(x, currency), axis_of(y, currency), palette())
    show_chart(figure, key=f"{key}group_scatter", alt="One group among all")
    st.caption(
        f"{count(len(points))} {found.facts.who}s drawn; “{as_is(found.names[group])}” stands out in "
        "the stronger colour."
    )


def is_number(found: NaturalGroups, fact: str) -> bool:
    """Whether a fact can be an axis."""
    return fact in found.facts.table.columns and pd.api.types.is_numeric_dtype(found.facts.table[fact])


def axis_of(fact: str, currency: str) -> Axis:
    """An axis with its unit; money by ratio."""
    if fact.endswith("_minor"):
        return Axis(name_fact(fact), currency_symbol(currency), is_log=True)
    unit = next((word for end, word in UNITS.items() if fact.endswith(end)), "")
    return Axis(f"{name_fact(fact)} ({unit})" if unit else name_fact(fact))


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
