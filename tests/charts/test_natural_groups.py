"""Figures of natural groups: what is drawn, what stands out, and how many marks."""

import numpy as np
import pandas as pd

from crm_core.charts.natural_groups import Axis, group_scatter, merge_tree_chart, number_lines, silhouette_bars
from crm_core.charts.palette import LIGHT


def test_the_chosen_number_of_groups_stands_out() -> None:
    figure = silhouette_bars(pd.Series({2: 0.31, 3: 0.4}), 3, LIGHT)
    assert list(figure.data[0].marker.color) == [LIGHT.low, LIGHT.accent]
    assert list(figure.data[0].text) == ["0.31", "0.40"]


def test_a_line_shows_what_chance_may_do() -> None:
    figure = number_lines(pd.Series({1: 0.5, 2: 0.9}), 2, LIGHT, title="Gap", spread=pd.Series({1: 0.1, 2: 0.2}))
    assert list(figure.data[0].error_y.array) == [0.1, 0.2]
    assert list(figure.data[0].marker.color) == [LIGHT.medium, LIGHT.accent]
    assert figure.layout.yaxis.title.text == "Gap"


def test_one_group_is_drawn_over_the_others() -> None:
    points = pd.DataFrame(
        {"x": [1, 2, 3], "y": [1.0, 2.0, 3.0], "label": ["a", "b", "c"], "in_group": [True, False, True]},
        index=[11, 12, 13],
    )
    others, chosen = group_scatter(points, Axis("Days"), Axis("Spend", "€", is_log=True), LIGHT).data
    assert [row[0] for row in others.customdata] == [12]
    assert [row[0] for row in chosen.customdata] == [11, 13]
    assert chosen.marker.color == LIGHT.accent


def test_axes_say_what_they_show_and_money_grows_by_ratio() -> None:
    points = pd.DataFrame({"x": [1.0], "y": [2.0], "label": ["a"], "in_group": [True]})
    layout = group_scatter(points, Axis("Income <b>"), Axis("Spend", "€", is_log=True), LIGHT).layout
    assert (layout.xaxis.title.text, layout.xaxis.type) == ("Income &lt;b&gt;", None)
    assert (layout.yaxis.type, layout.yaxis.tickprefix) == ("log", "€")


def test_the_tree_is_cut_below_the_merges_above_the_groups() -> None:
    merges = pd.DataFrame(
        [[5, 5, 15, 15, 0, 1, 1, 0], [10, 10, 25, 25, 1, 4, 4, 0]],
        columns=["x1", "x2", "x3", "x4", "y1", "y2", "y3", "y4"],
    ).assign(is_cut=[False, True])
    ends = pd.DataFrame({"x": [5, 15, 25], "customers": [3, 1, 9], "group": [1, 1, 0]})
    above, below, dots = merge_tree_chart(merges, ends, 2.5, {0: "Many", 1: "Few <i>"}, LIGHT).data
    assert np.nanmax(below.y) == 1
    assert np.nanmax(above.y) == 4
    assert [list(words) for words in dots.customdata] == [
        ["3 members", "Few &lt;i&gt;"],
        ["1 member", "Few &lt;i&gt;"],
        ["9 members", "Many"],
    ]
