"""How often offers were bought, beside bestsellers."""

import pandas as pd
import plotly.graph_objects as go

from crm_core.charts.palette import Palette, style_figure
from crm_core.wording import day

__all__ = ["offers_bought"]

HEIGHT = 300


def offers_bought(rates: pd.DataFrame, palette: Palette) -> go.Figure:
    """The share of offers that were bought in time with its range, and of as many bestsellers.

    In: rates[from_day, to_day: datetime64, offers, bought: counts, share, low, high, popular_share: 0..1], in order of
    time.
    """
    spans = [f"{day(row.from_day.date())} to {day(row.to_day.date())}" for row in rates.itertuples()]
    counts = pd.DataFrame({"span": spans, "bought": rates["bought"], "offers": rates["offers"]}).to_numpy()
    above, below = rates["high"] - rates["share"], rates["share"] - rates["low"]
    bars = {"type": "data", "symmetric": False, "array": above, "arrayminus": below, "color": palette.accent}
    figure = go.Figure(
        [
            go.Scatter(
                x=rates["from_day"],
                y=rates["share"],
                name="offers, with range",
                mode="lines+markers",
                line={"color": palette.accent, "width": 2},
                marker={"color": palette.accent, "size": 8},
                error_y={**bars, "thickness": 1.5, "width": 4},
                customdata=counts,
                hovertemplate="offered %{customdata[0]}: %{y:.0%} bought, %{customdata[1]:,} of %{customdata[2]:,}"
                "<extra></extra>",
            ),
            go.Scatter(
                x=rates["from_day"],
                y=rates["popular_share"],
                name="bestsellers instead",
                mode="lines+markers",
                line={"color": palette.muted, "width": 2, "dash": "dot"},
                marker={"color": palette.muted, "size": 7, "symbol": "diamond-open"},
                customdata=counts,
                hovertemplate="%{customdata[0]}: of as many bestsellers %{y:.0%}<extra></extra>",
            ),
        ]
    )
    style_figure(figure, palette, height=HEIGHT)
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"}
    figure.update_layout(showlegend=True, legend=legend)
    figure.update_yaxes(tickformat=".0%", rangemode="tozero", title_text="share bought in time")
    return figure
