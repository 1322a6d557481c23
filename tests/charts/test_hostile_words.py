"""Charts draw names as they are, whatever Plotly would read in them."""

import json
import re

import pandas as pd
import pytest

from crm_core.charts.bundles import product_network
from crm_core.charts.natural_groups import Axis, group_scatter
from crm_core.charts.palette import LIGHT
from crm_core.literal import on_one_line
from tests.hostile_words import HOSTILE

TAG = re.compile(r"<[a-z/]", re.IGNORECASE)


@pytest.mark.parametrize("word", HOSTILE)
def test_a_point_is_called_by_its_name(word: str) -> None:
    points = pd.DataFrame({"x": [3], "y": [9.5], "label": [word], "in_group": [True]}, index=[7])
    mark = json.loads(group_scatter(points, Axis(word), Axis("Spend"), LIGHT).to_json())["data"][1]
    assert not re.search(r"<(?!br>|extra>|/extra>)[a-z/]", mark["hovertemplate"], re.IGNORECASE)
    number, name = mark["customdata"][0]
    assert number == 7
    assert not TAG.search(name)
    assert name.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == on_one_line(word)


@pytest.mark.parametrize("word", HOSTILE)
def test_products_bought_together_are_called_by_their_names(word: str) -> None:
    nodes = pd.DataFrame({"product": [word, "Soap"], "place": [0, 1], "baskets": [9, 8]})
    link = {"first": word, "second": "Soap", "first_place": 0, "second_place": 1, "first_baskets": 9, "baskets": 7}
    links = pd.DataFrame([link | {"confidence": 0.7, "lift": 2.0}])
    figure = json.loads(product_network(nodes, links, LIGHT).to_json())
    arc, marks = figure["data"]
    for name in (arc["customdata"][0][0], marks["customdata"][0][0]):
        assert not TAG.search(name)
        assert name.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == on_one_line(word)
    assert not any(TAG.search(shown) for shown in figure["layout"]["yaxis"]["ticktext"])
