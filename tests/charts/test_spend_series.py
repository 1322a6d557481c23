"""The chart of one customer's months."""

import pandas as pd

from crm_core.charts.palette import LIGHT
from crm_core.charts.spend_series import spend_and_forecast


def test_months_past_and_ahead_are_bars_in_major_units() -> None:
    months = pd.DataFrame(
        {
            "month_ends_on": pd.to_datetime(["2026-02-11", "2026-03-14", "2026-04-13"]),
            "spend_minor": [1250.0, -300.0, float("nan")],
            "forecast_minor": [float("nan"), float("nan"), 900.0],
        }
    )
    figure = spend_and_forecast(months, "EUR", LIGHT)
    spent, forecast = figure.data
    assert list(spent.y[:2]) == [12.5, -3.0]
    assert forecast.y[2] == 9.0
    assert spent.customdata[0] == "11 Feb 2026"
    assert spent.marker.color != forecast.marker.color
