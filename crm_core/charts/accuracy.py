"""Pictures of what was said against what happened: totals by past day, chances, and promises."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from crm_core.charts.palette import Palette, style_figure
from crm_core.literal import in_plotly
from crm_core.wording import currency_symbol, day, minor_units

__all__ = ["promised_and_actual", "reliability_points", "totals_by_day"]

HEIGHT = 320
LEGEND = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"}


def _spread(low: pd.Series, middle: pd.Series, high: pd.Series, colour: str) -> dict[str, Any]:
    """Error bars from low to high around the points."""
    bars = {"type": "data", "symmetric": False, "array": high - middle, "arrayminus": middle - low}
    return {**bars, "color": colour, "thickness": 2, "width": 4}


def totals_by_day(past_days: pd.DataFrame, currency: str, palette: Palette) -> go.Figure:
    """What all customers together were expected to spend after each past day, with the range, and what they spent.

    In: past_days[cut_off: datetime64, expected, low, high, actual: money in minor units], in order of time.
    """
    symbol, units = currency_symbol(currency), minor_units(currency)
    days = past_days["cut_off"].dt.date.map(day)
    low, said, high, actual = (past_days[name] / units for name in ("low", "expected", "high", "actual"))
    figure = go.Figure(
        [
            go.Scatter(
                x=days,
                y=said,
                name="expected, with range",
                mode="markers",
                marker={"color": palette.accent, "size": 10},
                error_y=_spread(low, said, high, palette.accent),
                customdata=pd.concat([low, high], axis=1).to_numpy(),
                hovertemplate=f"%{{x}}: expected {symbol}%{{y:,.0f}}, likely {symbol}%{{customdata[0]:,.0f}} to "
                f"{symbol}%{{customdata[1]:,.0f}}<extra></extra>",
            ),
            go.Scatter(
                x=days,
                y=actual,
                name="what was spent",
                mode="markers",
                marker={"color": palette.text, "size": 11, "symbol": "diamond-open", "line": {"width": 2}},
                hovertemplate=f"%{{x}}: {symbol}%{{y:,.0f}} was spent<extra></extra>",
            ),
        ]
    )
    style_figure(figure, palette, height=HEIGHT)
    figure.update_layout(showlegend=True, legend=LEGEND)
    figure.update_xaxes(type="category")
    figure.update_yaxes(tickprefix=symbol, tickformat=",", rangemode="tozero")
    return figure


def reliability_points(bins: pd.DataFrame, palette: Palette) -> go.Figure:
    """How many bought where about so high a chance was given; on the dotted line chances are kept exactly.

    In: bins[chance, share, low, high: 0..1, predictions: count].
    """
    figure = go.Figure(
        [
            go.Scatter(
                x=[0, 1],
                y=[0, 1],
                mode="lines",
                line={"color": palette.muted, "dash": "dot", "width": 1.5},
                hoverinfo="skip",
            ),
            go.Scatter(
                x=bins["chance"],
                y=bins["share"],
                mode="markers",
                marker={"color": palette.accent, "size": 10},
                error_y=_spread(bins["low"], bins["share"], bins["high"], palette.accent),
                customdata=bins["predictions"],
                hovertemplate="given a chance of %{x:.0%}: %{y:.0%} bought, of %{customdata:,} predictions"
                "<extra></extra>",
            ),
        ]
    )
    style_figure(figure, palette, height=HEIGHT)
    share = {"tickformat": ".0%", "range": [-0.03, 1.03], "dtick": 0.2}
    figure.update_xaxes(title_text="chance given", **share)
    figure.update_yaxes(title_text="share who bought", **share)
    return figure


def promised_and_actual(graded: pd.DataFrame, currency: str, palette: Palette) -> go.Figure:
    """Each promise with its range beside what was spent; on the dotted line it was kept exactly.

    In: graded[label, promised_minor, low_minor, high_minor, actual_minor].
    """
    symbol, units = currency_symbol(currency), minor_units(currency)
    low, said, high, actual = (graded[f"{name}_minor"] / units for name in ("low", "promised", "high", "actual"))
    most = float(max(said.max(), actual.max())) if len(graded) else 1.0
    figure = go.Figure(
        [
            go.Scatter(
                x=[0, most],
                y=[0, most],
                mode="lines",
                line={"color": palette.muted, "dash": "dot", "width": 1.5},
                hoverinfo="skip",
            ),
            go.Scatter(
                x=said,
                y=actual,
                mode="markers",
                marker={"color": palette.accent, "size": 9},
                error_x=_spread(low, said, high, palette.medium),
                customdata=graded["label"].map(in_plotly),
                hovertemplate=f"%{{customdata}}: {symbol}%{{x:,.2f}} promised, {symbol}%{{y:,.2f}} spent"
                "<extra></extra>",
            ),
        ]
    )
    style_figure(figure, palette, height=HEIGHT)
    figure.update_xaxes(title_text="promised, with range", tickprefix=symbol, tickformat=",")
    figure.update_yaxes(title_text="spent", tickprefix=symbol, tickformat=",")
    return figure
