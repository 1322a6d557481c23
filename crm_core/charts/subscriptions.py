"""How long subscribers stay: what was seen, and the model's curve through it."""

import pandas as pd
import plotly.graph_objects as go

from crm_core.charts.palette import Palette, style_figure

__all__ = ["retention_lines"]

HEIGHT = 320


def retention_lines(curve: pd.DataFrame, palette: Palette, *, many: str) -> go.Figure:
    """The share that stays, by renewals made.

    In: curve, index period, [could_renew: customers, observed, fitted: 0..1]; many: what periods are called.
    """
    seen = curve[curve["observed"].notna()]
    figure = go.Figure(
        [
            {
                "type": "scatter",
                "mode": "lines",
                "name": "expected",
                "x": curve.index,
                "y": curve["fitted"],
                "line": {"color": palette.accent, "width": 2.5},
                "hovertemplate": "%{y:.0%} stay %{x} " + many + "<extra>expected</extra>",
            },
            {
                "type": "scatter",
                "mode": "markers",
                "name": "seen",
                "x": seen.index,
                "y": seen["observed"],
                "cliponaxis": False,
                "customdata": seen["could_renew"],
                "marker": {"color": palette.text, "size": 7, "symbol": "circle-open", "line": {"width": 1.5}},
                "hovertemplate": "%{y:.0%} stayed %{x} " + many + ", %{customdata:,} could<extra>seen</extra>",
            },
        ]
    )
    style_figure(figure, palette, height=HEIGHT)
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"}
    figure.update_layout(
        margin_r=20,
        showlegend=True,
        legend=legend,
        xaxis={"title": {"text": f"{many} after the first payment"}, "tickformat": ",", "rangemode": "tozero"},
        yaxis={"title": {"text": "share that still pays"}, "tickformat": ".0%", "range": [0, 1.03]},
    )
    return figure
