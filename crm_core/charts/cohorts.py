"""The picture of cohorts: a heat map of what is left of each, the stronger the more."""

from typing import Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from crm_core.charts.palette import Palette, style_figure
from crm_core.wording import count, money, plural, share

__all__ = ["cohort_heat"]

ROW, AROUND = 24, 64  # pixels of a cohort, and of what stands around them


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
    known = cells[~cells["is_small"] & cells[value].notna()]
    grey = cells.drop(index=known.index)
    later = known.loc[known["age"] > 0, value]
    figure = go.Figure(
        [
            _layer(grey, palette, value, currency, period, grey=True),
            _layer(known, palette, value, currency, period, most=float(later.max()) if len(later) else 1.0),
        ]
    )
    style_figure(figure, palette, height=ROW * len(cohorts) + AROUND)
    oldest = int(cells["age"].max()) if len(cells) else 0
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
    return figure


def _layer(
    cells: pd.DataFrame,
    palette: Palette,
    value: str,
    currency: str,
    period: str,
    *,
    most: float = 1.0,
    grey: bool = False,
) -> go.Heatmap:
    """The tiles of the known cells, or of the grey ones."""
    whole = [f"{plural(int(size), 'customer')} who first bought in {name}" for size, name in
             zip(cells["size"], cells["cohort"], strict=True)]  # fmt: skip
    when = [f"{period} {age} after" if age else f"their first {period}" for age in cells["age"]]
    ordered = [f"{count(number)} ordered ({share(part)})" for number, part in
               zip(cells["customers"], cells["share"], strict=True)]  # fmt: skip
    paid = [f"{money(amount, currency)} ({share(part)} of the first {period}'s)" for amount, part in
            zip(cells["spend_minor"], cells["money_share"], strict=True)]  # fmt: skip
    scale = [(0.0, palette.grid), (1.0, palette.grid)] if grey else [(0.0, palette.pale), (1.0, palette.medium)]
    return go.Heatmap(
        x=cells["age"],
        y=cells["cohort"],
        z=np.zeros(len(cells)) if grey else cells[value],
        zmin=0,
        zmax=max(most, 0.01),
        colorscale=scale,
        showscale=False,
        xgap=1.5,
        ygap=1.5,
        text=[""] * len(cells) if grey else [f"{100 * part:.0f}" for part in cells[value]],
        texttemplate="%{text}",
        textfont={"color": palette.text},  # its size follows the tiles'
        customdata=np.column_stack([whole, when, ordered, paid]),
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}: %{customdata[2]}<br>%{customdata[3]}"
        + ("<br>too little to draw a share of" if grey else "")
        + "<extra></extra>",
    )
