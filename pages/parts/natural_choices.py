"""What natural groups are found by: the facts, the method, and its numbers unless the data decide."""

import streamlit as st

from crm_core.services.natural_groups import (
    FEWEST_NEIGHBOURS,
    MOST_NEIGHBOURS,
    GroupChoice,
    GroupFacts,
    GroupMethod,
    NaturalGroups,
    name_fact,
)
from pages.parts.words import as_is, as_option

QUICK = 1_000  # customers or rows up to which a page waits
BY_DATA = "as the data suggest"
METHODS = tuple(GroupMethod)
METHOD_HELP = """
How groups are found.
- **K-means** puts everybody with the nearest of a few centres.
- **Ward** begins with everybody alone and merges the two groups that are most alike, again and again.
- **Bisecting** begins with everybody together and splits the widest group in two, again and again.
- **DBSCAN** looks for crowds where many stand close together; who stands apart is in no group.
- **HDBSCAN** does the same for crowds of different density.
"""


def ask_choices(facts: GroupFacts, *, key: str, most: int = 8) -> tuple[list[str], GroupChoice]:
    """The facts to group by, the method and its numbers. ``key`` goes before the names of the widgets."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        columns = st.pills(
            "Alike in",
            list(facts.offered),
            selection_mode="multi",
            default=list(facts.default),
            format_func=lambda fact: as_is(name_fact(fact)),
            key=f"{key}facts",
            wrap=True,
            bind="query-params" if not key else None,
            help="Only these decide who stands together, and each counts the same. "
            + ("Money and counts are compared by ratio, not by difference." if facts.flatten else
               "Each is taken as it stands, in its own spread."),
        )  # fmt: skip
        if facts.lacking:
            st.caption(f"Not to choose: {as_is(', '.join(facts.lacking))}.")
    with right:
        return columns, ask_method(key, most)


def ask_group(found: NaturalGroups, key: str) -> int:
    """The group that the picture and the list below it show."""
    names = {group: as_option(name) for group, name in found.names.items()}
    chosen = st.selectbox(
        "Group to look at",
        list(names),
        format_func=lambda group: names.get(group, ""),
        key=f"{key}natural_group",
        width=420,
    )
    return int(chosen) if chosen in names else next(iter(names))


def ask_method(key: str, most: int) -> GroupChoice:
    """The method, and what it can be told."""
    bound = "query-params" if not key else None
    named = st.selectbox("Method", list(map(str, METHODS)), key=f"{key}method", bind=bound, help=METHOD_HELP)
    method = GroupMethod(named)
    if not GroupChoice(method).is_dense:
        number = st.selectbox(
            "Number of groups",
            [BY_DATA, *map(str, range(2, most + 1))],
            key=f"{key}number",
            bind=bound,
            help="Left to the data, the number whose groups stand most clearly apart (highest silhouette) is taken.",
        )
        return GroupChoice(method, k=None if number == BY_DATA else int(number), most=most)
    return ask_crowds(method, key, most)


def ask_crowds(method: GroupMethod, key: str, most: int) -> GroupChoice:
    """What makes a crowd."""
    neighbours = st.number_input(
        "Neighbours of a crowd",
        FEWEST_NEIGHBOURS,
        MOST_NEIGHBOURS,
        value=None,
        placeholder=BY_DATA,
        key=f"{key}neighbours",
        help="So many must stand close together. Left to the data: twice the number of facts, at least 5.",
    )
    if method is GroupMethod.HDBSCAN:
        return GroupChoice(method, most=most, neighbours=neighbours)
    reach = st.number_input(
        "Close together is within",
        0.01,
        20.0,
        value=None,
        step=0.05,
        placeholder=BY_DATA,
        key=f"{key}reach",
        help="The distance (eps) in spreads of the facts: 1 is a usual difference in one of them. Left to the data: "
        "where the distances to the last of so many neighbours begin to rise steeply.",
    )
    return GroupChoice(method, most=most, reach=reach, neighbours=neighbours)
