"""Products that are bought together: names in a column, an arc from each to what goes with it."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from crm_core.charts.palette import Palette, style_figure
from crm_core.literal import in_plotly, on_one_line

__all__ = ["product_network"]

ROW = 25  # pixels of a name
LONGEST = 26  # letters of a name beside the picture; the whole name is in the hover
STEPS = np.linspace(0, np.pi, 17)
THINNEST, THICKEST = 1.5, 8.0


def product_network(nodes: pd.DataFrame, links: pd.DataFrame, palette: Palette) -> go.Figure:
    """A line of products with arcs between those bought together, thicker the more often.

    In: nodes[product: name, place: 0.. from the top, baskets: orders]; links[first, second: names, first_place,
    second_place, first_baskets, baskets: orders, confidence: 0..1, lift]. Arcs instead of a cloud of points: so no name
    lies on another, on a phone neither.
    """
    most = links["baskets"].max() if len(links) else 1
    widest = _reach((links["first_place"] - links["second_place"]).abs().max()) if len(links) else 0
    figure = go.Figure([_arc(link, most, palette) for link in links.itertuples()])
    figure.add_trace(
        go.Scatter(
            x=np.zeros(len(nodes)),
            y=nodes["place"],
            mode="markers",
            marker={"color": palette.accent, "size": 9, "line": {"width": 0}},
            cliponaxis=False,
            customdata=np.column_stack([nodes["product"].map(in_plotly).astype(object), nodes["baskets"]]),
            hovertemplate="<b>%{customdata[0]}</b><br>in %{customdata[1]:,} orders<extra></extra>",
        )
    )
    style_figure(figure, palette, height=40 + ROW * max(len(nodes), 3))
    figure.update_layout(margin={"l": 8, "r": 8, "t": 8, "b": 8}, hovermode="closest")
    figure.update_xaxes(visible=False, range=[-0.03, max(0.6, widest * 1.08)])
    figure.update_yaxes(
        range=[len(nodes) - 0.4, -0.6],
        tickvals=nodes["place"],
        ticktext=nodes["product"].map(shorten),
        tickfont={"color": palette.text, "size": 12},
        showgrid=False,
    )
    return figure


def _arc(link: object, most: int, palette: Palette) -> go.Scatter:
    first, second = float(link.first_place), float(link.second_place)  # type: ignore[attr-defined]
    words = [in_plotly(link.first), in_plotly(link.second)]  # type: ignore[attr-defined]
    figures = [link.first_baskets, link.baskets, link.confidence, link.lift]  # type: ignore[attr-defined]
    return go.Scatter(
        x=np.sin(STEPS) * _reach(abs(first - second)),
        y=(first + second) / 2 + np.cos(STEPS) * (first - second) / 2,
        mode="lines",
        line={"color": palette.accent, "width": THINNEST + (THICKEST - THINNEST) * figures[1] / most},
        opacity=0.55,
        customdata=[words + figures] * len(STEPS),
        hovertemplate="<b>%{customdata[0]}</b><br>and <b>%{customdata[1]}</b><br>"
        "together in %{customdata[3]:,} orders, %{customdata[5]:.1f} times as often as by chance<br>"
        "%{customdata[4]:.0%} of the %{customdata[2]:,} orders with the first had the second too<extra></extra>",
    )


def _reach(far: float) -> float:
    """How far to the right an arc goes: the longer the further, and never beyond 1."""
    return far / (far + 3)


def shorten(name: str) -> str:
    """A name that fits beside the picture.

    >>> shorten("RED HANGING HEART T-LIGHT HOLDER")
    'RED HANGING HEART T-LIGHT…'
    """
    line = on_one_line(name)
    return in_plotly(line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…")
