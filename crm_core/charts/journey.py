"""The picture of the journey: how many customers stand at each stage, as bars that can be clicked."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from crm_core.charts.palette import Palette, style_figure
from crm_core.vocabulary import CURRENT_STAGES, LATE_STAGES
from crm_core.wording import count, money, plural, share

__all__ = ["stage_bars"]

ROW = 42  # pixels


def stage_bars(stages: pd.DataFrame, currency: str, palette: Palette) -> go.Figure:
    """People of each stage with their money; customdata[0] of a bar is its stage.

    In: stages in their order [stage, customers: count, customer_share: 0..1, spend_minor]. Who is in rhythm stands in
    the accent, who is late in the tint below, prospects and the lost in the palest.
    """
    people = [plural(int(number), "person", "people") for number in stages["customers"]]
    shares = [share(value) for value in stages["customer_share"]]
    spend = [money(amount, currency) for amount in stages["spend_minor"]]
    figure = go.Figure(
        go.Bar(
            x=stages["customers"],
            y=stages["stage"],
            orientation="h",
            customdata=np.column_stack([stages["stage"], people, shares, spend]),
            text=[
                f"<b>{count(number)}</b>" + (f" · {amount}" if paid else "")
                for number, amount, paid in zip(stages["customers"], spend, stages["spend_minor"] != 0, strict=True)
            ],
            textposition="outside",
            cliponaxis=False,
            constraintext="none",
            textfont={"color": palette.text, "size": 13},
            marker={"color": [_tint(stage, palette) for stage in stages["stage"]], "line": {"width": 0}},
            unselected={"marker": {"opacity": 1}},
            selected={"marker": {"opacity": 1}},
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}, %{customdata[2]} of all known<br>"
            "%{customdata[3]} in sales<extra></extra>",
        )
    )
    style_figure(figure, palette, height=ROW * max(len(stages), 1) + 16)
    most = max(int(stages["customers"].max()) if len(stages) else 0, 1)
    figure.update_layout(clickmode="event+select", bargap=0.25, margin={"l": 8, "r": 8, "t": 4, "b": 4})
    figure.update_xaxes(visible=False, range=[0, most * 2])  # room for the words beside the longest bar
    figure.update_yaxes(autorange="reversed", showgrid=False, tickfont={"color": palette.text})
    return figure


def _tint(stage: str, palette: Palette) -> str:
    if stage in set(CURRENT_STAGES):
        return palette.accent
    return palette.medium if stage in set(LATE_STAGES) else palette.low
