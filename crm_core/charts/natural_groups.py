"""Pictures of natural groups: one among all, how many there are, and how they merged."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from crm_core.charts.palette import Palette, style_figure
from crm_core.literal import in_plotly
from crm_core.wording import plural

__all__ = ["Axis", "group_scatter", "merge_tree_chart", "number_lines", "silhouette_bars"]


@dataclass(frozen=True)
class Axis:
    """What an axis shows: its words (perhaps the owner's), the sign before its figures, whether it grows by ratio."""

    title: str
    prefix: str = ""
    is_log: bool = False

    @property
    def name(self) -> str:
        """The words for Plotly."""
        return in_plotly(self.title)


def silhouette_bars(silhouettes: pd.Series, chosen: int, palette: Palette) -> go.Figure:
    """How clearly apart the groups are for each number of groups, the chosen number in the accent.

    In: silhouettes, index k, values -1..1.
    """
    figure = go.Figure(
        go.Bar(
            x=silhouettes.index,
            y=silhouettes,
            text=[f"{value:.2f}" for value in silhouettes],
            textposition="outside",
            cliponaxis=False,
            marker_color=[palette.accent if k == chosen else palette.low for k in silhouettes.index],
            hovertemplate="%{x} groups: silhouette %{y:.3f}<extra></extra>",
        )
    )
    style_figure(figure, palette, height=220)
    figure.update_xaxes(title_text="Number of groups", dtick=1)
    figure.update_yaxes(visible=False)
    return figure


def number_lines(
    values: pd.Series, chosen: int, palette: Palette, *, title: str, spread: pd.Series | None = None
) -> go.Figure:
    """One figure over the number of groups, the chosen number in the accent, with what chance may move it.

    In: values and spread, index k.
    """
    figure = go.Figure(
        go.Scatter(
            x=values.index,
            y=values,
            mode="lines+markers",
            line={"color": palette.medium, "width": 2},
            marker={
                "size": [11 if k == chosen else 6 for k in values.index],
                "color": [palette.accent if k == chosen else palette.medium for k in values.index],
            },
            error_y=None if spread is None else {"array": spread, "color": palette.muted, "thickness": 1},
            hovertemplate=f"%{{x}} groups: {title.lower()} %{{y:,.3~g}}<extra></extra>",
        )
    )
    style_figure(figure, palette, height=220)
    figure.update_xaxes(title_text="Number of groups", dtick=1)
    figure.update_yaxes(title_text=title, rangemode="tozero" if spread is None else "normal", nticks=5)
    return figure


def group_scatter(points: pd.DataFrame, x: Axis, y: Axis, palette: Palette) -> go.Figure:
    """One group among all; customdata[0] of a mark is its customer_id or row.

    In: points, at most 5,000 rows, index customer_id or row, [x, y: as the axes show them, label, in_group: bool].
    """
    figure = go.Figure()
    for inside, colour, size in ((False, palette.low, 5), (True, palette.accent, 7)):
        part = points[points["in_group"] == inside]
        figure.add_trace(
            go.Scattergl(
                x=part["x"],
                y=part["y"],
                mode="markers",
                marker={"color": colour, "size": size, "opacity": 0.75},
                customdata=np.column_stack([part.index, part["label"].map(in_plotly).astype(object)]),
                hovertemplate=f"%{{customdata[1]}}<br>{x.name}: {x.prefix}%{{x:,.4~g}}<br>"
                f"{y.name}: {y.prefix}%{{y:,.4~g}}<extra></extra>",
            )
        )
    style_figure(figure, palette, height=340)
    for axis, update in ((x, figure.update_xaxes), (y, figure.update_yaxes)):
        update(title_text=axis.name, tickprefix=axis.prefix)
        update(type="log", tickformat=",~r", dtick=1) if axis.is_log else update(rangemode="tozero")
    return figure


def merge_tree_chart(
    merges: pd.DataFrame, ends: pd.DataFrame, cut: float, names: Mapping[int, str], palette: Palette
) -> go.Figure:
    """How the customers merged, from the ends at the bottom to one group at the top, and where the groups are cut.

    In: merges[x1..x4, y1..y4: corners, is_cut: above the groups]; ends[x, customers, group]; cut: height; names: by
    group.
    """
    figure = go.Figure()
    for above, colour in ((True, palette.muted), (False, palette.accent)):
        part = merges[merges["is_cut"] == above]
        gap = np.full((len(part), 1), np.nan)
        figure.add_trace(
            go.Scatter(
                x=np.hstack([part[[f"x{n}" for n in range(1, 5)]], gap]).ravel(),
                y=np.hstack([part[[f"y{n}" for n in range(1, 5)]], gap]).ravel(),
                mode="lines",
                line={"color": colour, "width": 1.5},
                hoverinfo="skip",
            )
        )
    figure.add_trace(
        go.Scatter(
            x=ends["x"],
            y=np.zeros(len(ends)),
            mode="markers",
            marker={"color": palette.accent, "size": 8},
            cliponaxis=False,
            customdata=[
                [plural(int(row.customers), "member"), in_plotly(names.get(int(row.group), ""))]
                for row in ends.itertuples()
            ],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        )
    )
    figure.add_hline(y=cut, line={"color": palette.risk, "width": 1, "dash": "dash"})
    style_figure(figure, palette, height=320)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(title_text="Distance at which they merge", rangemode="tozero", nticks=5)
    return figure
