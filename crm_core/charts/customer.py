"""One customer's sales over time."""

import pandas as pd
import plotly.graph_objects as go

from crm_core.charts.palette import Palette, style_figure
from crm_core.wording import currency_symbol, minor_units

__all__ = ["sales_over_time"]


def sales_over_time(quarters: pd.DataFrame, currency: str, palette: Palette) -> go.Figure:
    """Bars of sales by quarter.

    In: quarters[quarter: text, spend_minor, orders: count], in order of time.
    """
    sales = quarters["spend_minor"] / minor_units(currency)
    figure = go.Figure(
        go.Bar(
            x=quarters["quarter"],
            y=sales,
            customdata=quarters["orders"],
            marker_color=palette.accent,
            hovertemplate=f"%{{x}}: {currency_symbol(currency)}%{{y:,.2f}}, %{{customdata}} orders<extra></extra>",
        )
    )
    figure.update_yaxes(tickprefix=currency_symbol(currency), tickformat=",")
    figure.update_xaxes(type="category", nticks=8)
    return style_figure(figure, palette, height=180)
