"""A picture of lists of offers beside bestsellers and chance, past day by past day."""

import pandas as pd
import plotly.graph_objects as go

from crm_core.charts.palette import Palette, style_figure
from crm_core.wording import day

__all__ = ["hits_by_day"]

HEIGHT = 300
LEGEND = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"}


def hits_by_day(past_days: pd.DataFrame, palette: Palette) -> go.Figure:
    """Share of customers who bought something from the list, from bestsellers, and by chance, after each past day.

    In: past_days[cut_off: datetime64, customers, list, bestsellers, chance: 0..1], in order of time.
    """
    days = past_days["cut_off"].dt.date.map(day)
    looks = (
        ("list", "their list", {"color": palette.accent, "size": 11}),
        ("bestsellers", "bestsellers", {"color": palette.text, "size": 10, "symbol": "diamond-open"}),
        ("chance", "by chance", {"color": palette.muted, "size": 9, "symbol": "line-ew-open", "line": {"width": 3}}),
    )
    figure = go.Figure(
        [
            go.Scatter(
                x=days,
                y=past_days[column],
                name=name,
                mode="markers",
                marker=marker,
                customdata=past_days["customers"],
                hovertemplate=f"%{{x}}: %{{y:.0%}} of %{{customdata:,}} customers, {name}<extra></extra>",
            )
            for column, name, marker in looks
        ]
    )
    style_figure(figure, palette, height=HEIGHT)
    figure.update_layout(showlegend=True, legend=LEGEND)
    figure.update_xaxes(type="category")
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    return figure
