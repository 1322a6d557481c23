"""Figures of segments: what is drawn, what a click finds, and how many marks."""

import numpy as np
import pandas as pd

from crm_core.charts.palette import DARK, LIGHT
from crm_core.charts.segments import group_treemap, rfm_grid


def make_grid() -> pd.DataFrame:
    cells = pd.MultiIndex.from_product([range(1, 6), range(1, 6)], names=["r_score", "fm_score"]).to_frame(index=False)
    kinds = [f"Kind {place}" for place in range(25)]
    return cells.assign(group=kinds, called=kinds, customers=range(25), spend_minor=1_000)


def test_every_tile_lies_in_its_cell_and_carries_its_group() -> None:
    grid = make_grid()
    tiles = rfm_grid(grid, "EUR", LIGHT).data[0]
    assert tiles.x.tolist() == grid["fm_score"].tolist()
    assert (np.array(tiles.base) + np.array(tiles.y) / 2).tolist() == grid["r_score"].tolist()
    assert [row[0] for row in tiles.customdata] == grid["group"].tolist()
    assert tiles.customdata[1][1:3].tolist() == ["1 customer", "€10"]
    assert tiles.text[24] == "Kind<br>24<br><b>24</b>"


def test_the_grid_answers_clicks_and_follows_the_theme() -> None:
    light, dark = rfm_grid(make_grid(), "EUR", LIGHT), rfm_grid(make_grid(), "EUR", DARK)
    assert light.layout.clickmode == "event+select"
    assert light.data[0].marker.colorscale != dark.data[0].marker.colorscale


def test_a_tile_shows_what_the_owner_calls_its_group_and_a_click_finds_the_group() -> None:
    tiles = rfm_grid(make_grid().assign(called="<b>%{x}</b> Stars"), "EUR", LIGHT).data[0]
    assert tiles.customdata[3][0] == "Kind 3"
    assert "<b>" not in tiles.customdata[3][5]
    assert tiles.text[3].count("<b>") == 1  # of the number of customers


def test_areas_are_sales_and_groups_without_sales_have_none() -> None:
    groups = pd.DataFrame(
        {
            "group": ["Champions", "Lost", "Loyal"],
            "called": ["Stars", "Lost", "Loyal"],
            "customers": [4, 9, 1],
            "spend_minor": [7_500, -100, 2_500],
            "spend_share": [0.75, -0.01, 0.25],
        }
    )
    areas = group_treemap(groups, "EUR", LIGHT).data[0]
    assert list(areas.values) == [7_500, 2_500]
    assert list(areas.labels) == ["Stars", "Loyal"]
    assert areas.customdata[0].tolist() == ["4 customers", "€75", "75%"]
