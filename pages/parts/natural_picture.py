"""A picture of natural groups: one among all, on two facts that the owner chooses."""

import pandas as pd
import streamlit as st

from crm_core.charts.natural_groups import Axis, group_scatter
from crm_core.services.natural_groups import NaturalGroups, name_fact, sample_points
from crm_core.wording import count, currency_symbol
from pages.parts.display import palette, show_chart, to_major
from pages.parts.words import as_is

UNITS = {"_days": "days", "days_since_last_order": "days", "_minutes": "minutes", "_years": "years"}


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
