"""Figures of segments: what is drawn, what a click finds, and how many marks."""

import numpy as np
import pandas as pd

from crm_core.charts.palette import DARK, LIGHT
from crm_core.charts.segments import group_scatter, rfm_grid, silhouette_bars


def make_grid() -> pd.DataFrame:
    cells = pd.MultiIndex.from_product([range(1, 6), range(1, 6)], names=["r_score", "fm_score"]).to_frame(index=False)
    return cells.assign(group=[f"Kind {place}" for place in range(25)], customers=range(25), spend_minor=1_000)


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


def test_the_chosen_number_of_groups_stands_out() -> None:
    figure = silhouette_bars(pd.Series({2: 0.31, 3: 0.4}), 3, LIGHT)
    assert list(figure.data[0].marker.color) == [LIGHT.low, LIGHT.accent]
    assert list(figure.data[0].text) == ["0.31", "0.40"]


def test_one_group_is_drawn_over_the_others() -> None:
    points = pd.DataFrame(
        {
            "days_since_last_order": [1, 2, 3],
            "spend": [1.0, 2.0, 3.0],
            "label": ["a", "b", "c"],
            "in_group": [True, False, True],
        },
        index=[11, 12, 13],
    )
    others, chosen = group_scatter(points, "EUR", LIGHT).data
    assert [row[0] for row in others.customdata] == [12]
    assert [row[0] for row in chosen.customdata] == [11, 13]
    assert chosen.marker.color == LIGHT.accent
