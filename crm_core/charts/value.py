"""How loyalty is spread, and how much of the value the best customers make up."""

from functools import lru_cache
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from crm_core.charts.palette import Palette, style_figure

__all__ = ["contribution_lines", "loyalty_distribution", "plan_bars"]

HEIGHT = 320


@lru_cache(maxsize=4)  # a slider draws the same frame again and again
def styled_layout(palette: Palette) -> dict[str, Any]:
    """The layout that every chart here starts from; never changed."""
    figure = style_figure(go.Figure(), palette, height=HEIGHT)
    figure.update_xaxes(tickformat=",", ticklabeloverflow="allow")
    figure.update_yaxes(tickformat=",")
    layout = dict(figure.layout.to_plotly_json())
    layout["margin"]["r"] = 20  # room for the last label of the axis
    layout.pop("template", None)  # every figure brings it anyway, and checking it again takes 20 ms
    return layout


def _cut_line(cut: float, palette: Palette) -> dict[str, Any]:
    line = {"dash": "dot", "width": 1.5, "color": palette.text}
    return {"type": "line", "x0": cut, "x1": cut, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _cut_label(cut: float, palette: Palette) -> dict[str, Any]:
    place = {"x": cut, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False}
    return {**place, "text": f"{cut:g}", "font": {"color": palette.text}}


def loyalty_distribution(
    bins: pd.DataFrame, palette: Palette, *, cuts: tuple[float, float] | None, label: str
) -> go.Figure:
    """Customers by score, tinted by tier, with a line at each cut-off.

    In: bins[left, right: score, high, medium, low: customers]; label: of the score's axis.
    """
    middle, width = (bins["left"] + bins["right"]) / 2, bins["right"] - bins["left"]
    tiers = ["low", "medium", "high"] if cuts else ["high"]
    bars = [
        {
            "type": "bar",
            "x": middle,
            "y": bins[tier],
            "width": width * 0.9,
            "marker": {"color": palette.tiers[tier], "line": {"width": 0}},
            "customdata": bins[["left", "right"]].to_numpy(),
            "hovertemplate": "score %{customdata[0]:,.0f} to %{customdata[1]:,.0f}: %{y:,} customers"
            f"<extra>{tier if cuts else ''}</extra>",
        }
        for tier in tiers
    ]
    quiet = styled_layout(palette)
    layout = {
        "barmode": "stack",
        "shapes": [_cut_line(cut, palette) for cut in cuts or ()],
        "annotations": [_cut_label(cut, palette) for cut in cuts or ()],
        "xaxis": {
            **quiet["xaxis"],
            "title": {**quiet["xaxis"]["title"], "text": label},
            **({"range": [0, 100], "dtick": 20} if cuts else {}),
        },
        "yaxis": {**quiet["yaxis"], "title": {**quiet["yaxis"]["title"], "text": "customers"}},
    }
    return go.Figure(bars, {**quiet, **layout})


def contribution_lines(curves: dict[str, pd.DataFrame], palette: Palette) -> go.Figure:
    """Share of the total made by the best customers, a line per kind of value; the first one in the accent.

    In: for each name a table [customer_share, value_share: 0..1, customers: count].
    """
    colours = [palette.accent, palette.muted]
    figure = go.Figure(
        [
            {
                "type": "scatter",
                "mode": "lines",
                "name": name,
                "x": curve["customer_share"],
                "y": curve["value_share"],
                "customdata": curve["customers"],
                "line": {"color": colour, "width": 2.5},
                "hovertemplate": "best %{x:.0%} (%{customdata:,} customers): %{y:.0%}" + f"<extra>{name}</extra>",
            }
            for (name, curve), colour in zip(curves.items(), colours, strict=False)
        ]
    )
    style_figure(figure, palette, height=HEIGHT)
    figure.update_layout(
        margin_r=24,
        showlegend=True,
        legend={"x": 0.98, "y": 0.05, "xanchor": "right", "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"},
        xaxis={"title": {"text": "best customers"}, "ticklabeloverflow": "allow", "tickformat": ".0%", "range": [0, 1]},
        yaxis={"title": {"text": "share of the total"}, "tickformat": ".0%", "rangemode": "tozero"},
    )
    return figure


def plan_bars(years: pd.DataFrame, palette: Palette, *, symbol: str) -> go.Figure:
    """What each planned year brings: as expected then, and as it is worth today.

    In: years[year: text, expected, today: money in major units]; symbol: of the currency.
    """
    named = {"expected": ("in that year", palette.low), "today": ("worth today", palette.accent)}
    bars = [
        {
            "type": "bar",
            "name": name,
            "x": years["year"],
            "y": years[column],
            "marker": {"color": colour},
            "hovertemplate": f"%{{x}}: {symbol}%{{y:,.2f}}<extra>{name}</extra>",
        }
        for column, (name, colour) in named.items()
    ]
    figure = style_figure(go.Figure(bars), palette, height=300)
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"}
    figure.update_layout(showlegend=True, legend=legend, barmode="group", bargap=0.35, xaxis={"type": "category"})
    figure.update_yaxes(tickprefix=symbol, tickformat=",")
    return figure
