"""Charts of accuracy show what they were given."""

import pandas as pd

from crm_core.charts.accuracy import promised_and_actual, reliability_points, totals_by_day
from crm_core.charts.palette import DARK, LIGHT


def test_each_past_day_has_its_range_and_what_came() -> None:
    days = pd.DataFrame(
        {
            "cut_off": pd.to_datetime(["2025-12-01", "2026-03-01"]),
            "expected": [1000.0, 2000.0],
            "low": [800.0, 1500.0],
            "high": [1300.0, 2600.0],
            "actual": [900.0, 3000.0],
        }
    )
    said, came = totals_by_day(days, "EUR", LIGHT).data
    assert list(said.x) == list(came.x) == ["1 Dec 2025", "1 Mar 2026"]
    assert list(said.y) == [10.0, 20.0]
    assert list(said.error_y.array) == [3.0, 6.0]
    assert list(said.error_y.arrayminus) == [2.0, 5.0]
    assert list(came.y) == [9.0, 30.0]
    assert said.marker.color == LIGHT.accent


def test_chances_stand_against_the_line_of_exact_ones() -> None:
    bins = pd.DataFrame(
        {"chance": [0.1, 0.8], "share": [0.2, 0.7], "low": [0.1, 0.6], "high": [0.3, 0.9], "predictions": [9, 8]}
    )
    line, points = reliability_points(bins, DARK).data
    assert (list(line.x), list(line.y)) == ([0, 1], [0, 1])
    assert list(points.y) == [0.2, 0.7]
    assert list(points.customdata) == [9, 8]


def test_a_promise_is_a_point_whose_name_is_no_markup() -> None:
    graded = pd.DataFrame(
        {
            "label": ["<b>Ana"],
            "promised_minor": [500.0],
            "low_minor": [100.0],
            "high_minor": [900.0],
            "actual_minor": [0.0],
        }
    )
    line, points = promised_and_actual(graded, "JPY", LIGHT).data
    assert (list(points.x), list(points.y)) == ([500.0], [0.0])
    assert points.customdata[0] == "&lt;b&gt;Ana"
    assert list(line.x) == [0, 500.0]
    assert len(promised_and_actual(graded.iloc[:0], "EUR", LIGHT).data[1].x) == 0
