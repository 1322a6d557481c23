"""The picture of cohorts: a heat map of what is left of each, the stronger the more."""

from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go

from crm_core.charts.palette import Palette, style_figure
from crm_core.wording import count, money, plural, share

__all__ = ["cohort_heat"]

ROW, AROUND = 24, 64  # pixels of a cohort, and of what stands around them
FIGURES = 11  # pixels: three of them fit into a tile on a phone
BLANK = " "


def cohort_heat(
    cells: pd.DataFrame,
    currency: str,
    palette: Palette,
    *,
    value: Literal["share", "money_share"] = "share",
    period: str = "month",
) -> go.Figure:
    """Cohorts from top to bottom, oldest first, by age from left to right; small cohorts are grey and without figures.

    In: cells[cohort: text, age: periods since, size: count, customers: count, share and money_share: 0..1, spend_minor,
    is_small: bool], by cohort and age. One hue from pale to strong, read by its lightness alone. Its strongest tint is
    the highest figure after the first period, which is 100 % by itself.
    """
    cohorts = list(dict.fromkeys(cells["cohort"]))
    oldest = int(cells["age"].max()) if len(cells) else 0
    known = ~cells["is_small"] & cells[value].notna()
    later = cells.loc[known & (cells["age"] > 0), value]
    most = float(later.max()) if len(later) else 1.0
    told = cells.assign(
        drawn=cells[value].where(known),
        written=[f"{100 * part:.0f}" if shown else BLANK for part, shown in zip(cells[value], known, strict=True)],
        hover=[_say_cell(cell, currency, period) for cell in cells.itertuples()],
    )
    grey, scale = [(0.0, palette.grid), (1.0, palette.grid)], [(0.0, palette.pale), (1.0, palette.medium)]
    layers = [(told.loc[~known].assign(drawn=0.0), grey), (told.loc[known], scale)]
    tiles = [_tiles(layer, colours, cohorts, oldest, palette, most=most) for layer, colours in layers if len(layer)]
    figure = go.Figure(tiles)
    style_figure(figure, palette, height=ROW * len(cohorts) + AROUND)
    _name_axes(figure, cells, cohorts, oldest, period)
    return figure


def _tiles(
    layer: pd.DataFrame,
    colours: list[tuple[float, str]],
    cohorts: list[str],
    oldest: int,
    palette: Palette,
    *,
    most: float,
) -> go.Heatmap:
    return go.Heatmap(
        x=list(range(oldest + 1)),
        y=cohorts,
        z=_spread(layer, "drawn", cohorts, oldest),
        text=_spread(layer, "written", cohorts, oldest),
        hovertext=_spread(layer, "hover", cohorts, oldest),
        zmin=0,
        zmax=max(most, 0.01),
        colorscale=colours,
        showscale=False,
        xgap=1.5,
        ygap=1.5,
        texttemplate="%{text}",
        textfont={"color": palette.text, "size": FIGURES},
        hovertemplate="%{hovertext}<extra></extra>",
        hoverongaps=False,
    )


def _name_axes(figure: go.Figure, cells: pd.DataFrame, cohorts: list[str], oldest: int, period: str) -> None:
    """Ages on top, each cohort's name with its size on the left."""
    sizes = cells.drop_duplicates("cohort").set_index("cohort")["size"]
    names = [f"{name} · {count(sizes[name])}" for name in cohorts]
    figure.update_layout(margin={"l": 8, "r": 8, "t": 8, "b": 8})
    figure.update_xaxes(
        title_text=f"{period.capitalize()}s since the first order",
        tickmode="array",
        tickvals=list(range(0, oldest + 1, 1 if oldest < 12 else 3)),
        range=[-0.5, oldest + 0.5],
        side="top",
    )
    figure.update_yaxes(
        autorange="reversed",
        showgrid=False,
        type="category",
        categoryorder="array",
        categoryarray=cohorts,
        tickmode="array",
        tickvals=cohorts,
        ticktext=names,
    )


def _spread(layer: pd.DataFrame, column: str, cohorts: list[str], oldest: int) -> list[list[Any]]:
    """A column as rows of cohorts by age: Plotly draws no list of tiles with holes. A word that is missing is a blank,
    else it would be written as null."""
    hole = None if column == "drawn" else BLANK
    found = dict(zip(zip(layer["cohort"], layer["age"], strict=True), layer[column], strict=True))
    return [[found.get((cohort, age), hole) for age in range(oldest + 1)] for cohort in cohorts]


def _say_cell(cell: Any, currency: str, period: str) -> str:
    """What a tile tells when it is pointed at."""
    when = f"{plural(cell.age, period)} later" if cell.age else f"In their first {period}"
    part = f" ({share(cell.share)})" if not cell.is_small else ""
    of_first = f" ({share(cell.money_share)} of the first {period}'s)" if not cell.is_small and cell.age else ""
    return (
        f"<b>{plural(cell.size, 'customer')} who first bought in {cell.cohort}</b><br>{when} {count(cell.customers)} "
        f"ordered{part}<br>for {money(cell.spend_minor, currency)}{of_first}"
        + ("<br>Too few customers for a share" if cell.is_small else "")
    )
