"""The bars of the stages: what is drawn and what a click finds."""

import pandas as pd

from crm_core.charts.journey import stage_bars
from crm_core.charts.palette import DARK, LIGHT
from crm_core.vocabulary import Stage


def make_stages() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "stage": [stage.value for stage in Stage],
            "customers": [5, 1, 2, 3, 4, 0, 6],
            "customer_share": [5 / 21, 1 / 21, 2 / 21, 3 / 21, 4 / 21, 0, 6 / 21],
            "spend_minor": [0, 1_000, 2_000, 300_000, 4_000, 0, 6_000],
        }
    )


def test_every_bar_carries_its_stage_people_and_money() -> None:
    bars = stage_bars(make_stages(), "EUR", LIGHT).data[0]
    assert [row[0] for row in bars.customdata] == [stage.value for stage in Stage]
    assert list(bars.x) == [5, 1, 2, 3, 4, 0, 6]
    assert bars.customdata[1].tolist() == ["new", "1 person", "5%", "€10"]
    assert bars.text[0] == "<b>5</b>"
    assert bars.text[3] == "<b>3</b> · €3,000"


def test_bars_answer_clicks_and_tell_current_from_late_from_gone() -> None:
    for palette in (LIGHT, DARK):
        figure = stage_bars(make_stages(), "EUR", palette)
        assert figure.layout.clickmode == "event+select"
        low, accent, medium = palette.low, palette.accent, palette.medium
        assert list(figure.data[0].marker.color) == [low, accent, accent, accent, medium, medium, low]
