"""Pictures of the named kinds of customers: the RFM grid, and its groups by sales."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.colors import sample_colorscale

from crm_core.charts.palette import Palette, style_figure
from crm_core.literal import in_plotly
from crm_core.wording import money, plural, share

__all__ = ["group_treemap", "rfm_grid"]

SCORES = [1, 2, 3, 4, 5]
AMOUNT_WORDS = ["least", "", "", "", "most"]
TILE_LETTERS, TILE_WORDS = 13, 3


def rfm_grid(grid: pd.DataFrame, currency: str, palette: Palette) -> go.Figure:
    """The 25 cells of the grid as tiles that can be clicked; customdata[0] of a tile is its group.

    In: grid[r_score, fm_score: 1..5, group: name, called: as it is shown, customers: count, spend_minor]. Tiles are
    bars: heat maps in Plotly answer no click.
    """
    people = [plural(int(number), "customer") for number in grid["customers"]]
    spend = [money(amount, currency) for amount in grid["spend_minor"]]
    figure = go.Figure(
        go.Bar(
            x=grid["fm_score"],
            y=np.ones(len(grid)),
            base=grid["r_score"] - 0.5,
            width=0.97,
            customdata=np.column_stack(
                [grid["group"], people, spend, grid["r_score"], grid["fm_score"], grid["called"].map(in_plotly)]
            ),
            text=[
                f"{in_tile(name)}<br><b>{n:,}</b>" for name, n in zip(grid["called"], grid["customers"], strict=True)
            ],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            constraintext="none",  # else it would shrink on a phone until nobody can read it
            textfont={"size": 11, "color": palette.text},
            marker={
                "color": np.sqrt(grid["customers"]),
                "cmin": 0,
                "colorscale": [(0.0, palette.grid), (1.0, palette.medium)],
                "line": {"width": 0},
            },
            unselected={"marker": {"opacity": 1}},
            selected={"marker": {"opacity": 1}},
            hovertemplate="<b>%{customdata[5]}</b><br>%{customdata[1]}, %{customdata[2]} in sales<br>"
            "recency %{customdata[3]} of 5, orders and spend %{customdata[4]} of 5<extra></extra>",
        )
    )
    style_figure(figure, palette, height=430)
    figure.update_layout(clickmode="event+select", bargap=0, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    figure.update_xaxes(
        range=[0.5, 5.5],
        tickvals=SCORES,
        ticktext=name_ticks(AMOUNT_WORDS),
        title_text="How often and how much they buy",
    )
    figure.update_yaxes(
        range=[0.48, 5.52], tickvals=SCORES, title_text="How recently: 1 longest ago, 5 just now", showgrid=False
    )
    return figure


def in_tile(name: str) -> str:
    """A name with a word on each line, long words and many of them cut, so that it stays inside its tile.

    >>> in_tile("Can't lose them"), in_tile("Stammkundschaftsgruppe"), in_tile("One who buys a lot")
    ("Can't<br>lose<br>them", 'Stammkundscha…', 'One<br>who<br>buys …')
    """
    words = [word if len(word) <= TILE_LETTERS else f"{word[:TILE_LETTERS]}…" for word in name.split()]
    lines = words if len(words) <= TILE_WORDS else [*words[: TILE_WORDS - 1], f"{words[TILE_WORDS - 1]} …"]
    return "<br>".join(map(in_plotly, lines))


def group_treemap(groups: pd.DataFrame, currency: str, palette: Palette) -> go.Figure:
    """The named groups as areas of their sales, the greener the more customers.

    In: groups[called: name, customers: count, spend_minor, spend_share: 0..1]; those without sales are left out.
    """
    shown = groups[groups["spend_minor"] > 0]
    figure = go.Figure(
        go.Treemap(
            ids=shown["group"],
            labels=shown["called"].map(in_plotly),
            parents=[""] * len(shown),
            values=shown["spend_minor"],
            customdata=np.column_stack(
                [
                    [plural(int(number), "customer") for number in shown["customers"]],
                    [money(amount, currency) for amount in shown["spend_minor"]],
                    [share(part) for part in shown["spend_share"]],
                ]
            ),
            texttemplate="<b>%{label}</b><br>%{customdata[1]}, %{customdata[2]}",
            hovertemplate="<b>%{label}</b><br>%{customdata[0]}<br>%{customdata[1]} in sales, %{customdata[2]}"
            "<extra></extra>",
            textfont={"size": 12, "color": palette.text},
            # colours of their own: with a scale Plotly would fill the frame around them with a dark grey
            marker={
                "colors": shade(shown["customers"], palette),
                "line": {"width": 0},
                "pad": dict.fromkeys("tlrb", 0),
            },
            tiling={"packing": "squarify", "pad": 2},
            pathbar={"visible": False},
            root={"color": "rgba(0, 0, 0, 0)"},
            sort=True,
        )
    )
    style_figure(figure, palette, height=430)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0}, uniformtext={"minsize": 11, "mode": "hide"})
    return figure


def shade(customers: pd.Series, palette: Palette) -> list[str]:
    """A colour for each group, the greener the more customers."""
    parts = np.sqrt(customers / max(int(customers.max()), 1)) if len(customers) else customers
    return list(sample_colorscale([[0.0, palette.grid], [1.0, palette.medium]], parts.tolist()))


def name_ticks(words: list[str]) -> list[str]:
    """Score numbers, the outer ones with a word.

    >>> name_ticks(["least", "", "most"])
    ['1<br>least', '2', '3<br>most']
    """
    return [f"{score}<br>{word}" if word else str(score) for score, word in enumerate(words, start=1)]
