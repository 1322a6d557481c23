"""The heat map of cohorts: where a tile lies, what it says, and which stay grey."""

import pandas as pd
import plotly.graph_objects as go
import pytest

from crm_core.charts.cohorts import BLANK, cohort_heat
from crm_core.charts.palette import DARK, LIGHT, Palette


def make_cells() -> pd.DataFrame:
    rows = [
        ("Jan 2026", 0, 40, 40, 80_000), ("Jan 2026", 1, 40, 10, 20_000), ("Jan 2026", 2, 40, 20, 60_000),
        ("Feb 2026", 0, 4, 4, 9_000), ("Feb 2026", 1, 4, 1, 1_000),
        ("Mar 2026", 0, 5, 5, 0),
    ]  # fmt: skip
    cells = pd.DataFrame(rows, columns=["cohort", "age", "size", "customers", "spend_minor"])
    first = cells.groupby("cohort")["spend_minor"].transform("first")
    return cells.assign(
        share=cells["customers"] / cells["size"],
        money_share=cells["spend_minor"] / first.where(first > 0),
        is_small=cells["size"] < 5,
    )


def layers(value: str = "share", palette: Palette = LIGHT) -> tuple[go.Heatmap, go.Heatmap]:
    grey, known = cohort_heat(make_cells(), "EUR", palette, value=value).data
    return grey, known


def test_each_cell_lies_at_its_cohort_and_age_and_says_its_share() -> None:
    _, known = layers()
    assert list(known.x) == [0, 1, 2]
    assert list(known.y) == ["Jan 2026", "Feb 2026", "Mar 2026"]
    assert [list(row) for row in known.z] == [[1, 0.25, 0.5], [None] * 3, [1, None, None]]
    assert [list(row) for row in known.text] == [["100", "25", "50"], [BLANK] * 3, ["100", BLANK, BLANK]]
    assert known.hovertext[0][1] == (
        "<b>40 customers who first bought in Jan 2026</b><br>1 month later 10 ordered (25%)"
        "<br>for €200 (25% of the first month's)"
    )


def test_small_cohorts_are_grey_and_say_no_share() -> None:
    grey, _ = layers()
    assert [list(row) for row in grey.z] == [[None] * 3, [0, 0, None], [None] * 3]
    assert {colour for _, colour in grey.colorscale} == {LIGHT.grid}
    assert {word for row in grey.text for word in row} == {BLANK}
    assert "%" not in grey.hovertext[1][1]
    assert "Too few customers for a share" in grey.hovertext[1][1]


def test_money_is_drawn_where_there_was_any() -> None:
    grey, known = layers("money_share")
    assert list(known.text[0]) == ["100", "25", "75"]
    assert grey.z[2][0] == 0
    assert known.zmax == 0.75


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_one_hue_from_pale_to_strong_up_to_the_highest_later_share(palette: Palette) -> None:
    _, known = layers(palette=palette)
    assert [colour for _, colour in known.colorscale] == [palette.pale, palette.medium]
    assert (known.zmin, known.zmax) == (0, 0.5)
    assert known.textfont.color == palette.text


def test_the_oldest_cohort_is_on_top_with_its_size_beside_it() -> None:
    figure = cohort_heat(make_cells(), "EUR", LIGHT)
    assert figure.layout.yaxis.autorange == "reversed"
    assert list(figure.layout.yaxis.ticktext) == ["Jan 2026 · 40", "Feb 2026 · 4", "Mar 2026 · 5"]
    assert figure.layout.xaxis.title.text == "Months since the first order"


def test_nobody_is_an_empty_picture() -> None:
    assert len(cohort_heat(make_cells().head(0), "EUR", LIGHT).data) == 0
