"""Charts of value and loyalty show what they were given."""

import pandas as pd

from crm_core.charts.palette import DARK, LIGHT
from crm_core.charts.value import contribution_lines, loyalty_distribution, plan_bars

BINS = pd.DataFrame({"left": [0.0, 50.0], "right": [50.0, 100.0], "high": [0, 3], "medium": [2, 4], "low": [5, 0]})


def test_bars_are_stacked_by_tier_with_a_line_at_each_cut_off() -> None:
    figure = loyalty_distribution(BINS, LIGHT, cuts=(40, 70), label="loyalty score")
    assert [trace.marker.color for trace in figure.data] == [LIGHT.low, LIGHT.medium, LIGHT.accent]
    assert [list(trace.y) for trace in figure.data] == [[5, 0], [2, 4], [0, 3]]
    assert [line.x0 for line in figure.layout.shapes] == [40, 70]
    assert figure.layout.barmode == "stack"


def test_moving_a_cut_off_leaves_the_earlier_figure_alone() -> None:
    first = loyalty_distribution(BINS, LIGHT, cuts=(40, 70), label="loyalty score")
    second = loyalty_distribution(BINS, LIGHT, cuts=(10, 20), label="loyalty score")
    assert [line.x0 for line in first.layout.shapes] == [40, 70]
    assert [line.x0 for line in second.layout.shapes] == [10, 20]


def test_the_source_scale_has_one_colour_and_no_lines() -> None:
    figure = loyalty_distribution(BINS, DARK, cuts=None, label="source score")
    assert [trace.marker.color for trace in figure.data] == [DARK.accent]
    assert not figure.layout.shapes


def test_each_kind_of_value_is_a_line() -> None:
    curve = pd.DataFrame({"customer_share": [0, 0.5, 1], "value_share": [0, 0.9, 1], "customers": [0, 1, 2]})
    figure = contribution_lines({"worth ahead": curve, "sales so far": curve}, LIGHT)
    assert [trace.name for trace in figure.data] == ["worth ahead", "sales so far"]
    assert list(figure.data[0].y) == [0, 0.9, 1]


def test_a_plan_shows_each_year_then_and_today() -> None:
    years = pd.DataFrame({"year": ["Year 1", "Year 2"], "expected": [10.0, 11.0], "today": [9.0, 9.5]})
    figure = plan_bars(years, LIGHT, symbol="€")
    assert [list(trace.y) for trace in figure.data] == [[10.0, 11.0], [9.0, 9.5]]
