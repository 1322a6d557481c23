"""One customer's months: what they spent, and how a forecast goes on."""

import pandas as pd
import plotly.graph_objects as go

from crm_core.charts.palette import Palette, style_figure
from crm_core.wording import currency_symbol, day, minor_units

__all__ = ["spend_and_forecast"]

HEIGHT = 320


def spend_and_forecast(months: pd.DataFrame, currency: str, palette: Palette) -> go.Figure:
    """Bars of monthly spend, and those forecast in a quieter tint.

    In: months[month_ends_on: datetime64, spend_minor, forecast_minor: NaN where there is none], in order of time.
    """
    symbol, units = currency_symbol(currency), minor_units(currency)
    named = {"spend_minor": ("spent", palette.accent), "forecast_minor": ("forecast", palette.medium)}
    ends = months["month_ends_on"].dt.date.map(day)
    bars = [
        go.Bar(
            x=months["month_ends_on"],
            y=months[column] / units,
            name=name,
            customdata=ends,
            marker_color=colour,
            hovertemplate=f"month up to %{{customdata}}: {symbol}%{{y:,.2f}} {name}<extra></extra>",
        )
        for column, (name, colour) in named.items()
    ]
    figure = style_figure(go.Figure(bars), palette, height=HEIGHT)
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"}
    figure.update_layout(showlegend=True, legend=legend, barmode="overlay")
    figure.update_yaxes(tickprefix=symbol, tickformat=",")
    return figure
