"""The picture of what is bought together: an arc a pair, a name a row, few marks, any number of them."""

import pandas as pd
import pytest

from crm_core.charts.bundles import LONGEST, product_network
from crm_core.charts.palette import LIGHT


def picture_of(links: list[tuple[int, int, int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Nodes and links of (place, place, orders together)."""
    number = max((max(one, two) for one, two, _ in links), default=-1) + 1
    nodes = pd.DataFrame({"product": [f"Product {n}" for n in range(number)], "place": range(number), "baskets": 9})
    table = pd.DataFrame(links, columns=["first_place", "second_place", "baskets"]).assign(
        first="a", second="b", first_baskets=9, confidence=0.5, lift=2.0
    )
    return nodes, table


def test_an_arc_joins_its_two_products_and_is_thicker_the_more_often() -> None:
    figure = product_network(*picture_of([(0, 1, 10), (0, 3, 5)]), LIGHT)
    strong, weak, names = figure.data
    assert (strong.y[0], strong.y[-1]) == pytest.approx((0, 1))
    assert (weak.y[0], weak.y[-1]) == pytest.approx((0, 3))
    assert strong.line.width > weak.line.width
    assert max(strong.x) < max(weak.x) < figure.layout.xaxis.range[1]
    assert list(names.y) == [0, 1, 2, 3]


def test_thirty_pairs_are_few_marks_and_every_name_has_its_row() -> None:
    figure = product_network(*picture_of([(2 * n, 2 * n + 1, n + 1) for n in range(30)]), LIGHT)
    assert sum(len(trace.x) for trace in figure.data) < 1_000
    assert figure.layout.height >= 60 * 20
    assert len(figure.layout.yaxis.ticktext) == 60


def test_long_names_are_cut_and_no_pair_is_no_error() -> None:
    nodes, links = picture_of([(0, 1, 4)])
    figure = product_network(nodes.assign(product=["x" * 300, "b"]), links, LIGHT)
    assert len(figure.layout.yaxis.ticktext[0]) <= LONGEST
    assert len(product_network(*picture_of([]), LIGHT).data) == 1
