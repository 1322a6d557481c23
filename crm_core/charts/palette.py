"""The colours of every chart: one accent in tints, one red for money at risk, for light and dark screens."""

from dataclasses import dataclass

import plotly.graph_objects as go

__all__ = ["DARK", "LIGHT", "Palette", "style_figure"]


@dataclass(frozen=True)
class Palette:
    """Accent with tints (high, medium, low, and nearly nothing), red for money at risk, the greys of text and grid."""

    accent: str
    medium: str
    low: str
    risk: str
    text: str
    muted: str
    grid: str
    pale: str

    @property
    def tiers(self) -> dict[str, str]:
        """The tint of each tier."""
        return {"high": self.accent, "medium": self.medium, "low": self.low}

    @property
    def scale(self) -> list[tuple[float, str]]:
        """A continuous scale from nearly nothing to the accent."""
        return [(0.0, self.grid), (0.5, self.medium), (1.0, self.accent)]


LIGHT = Palette("#1f6f5c", "#6aa896", "#c3ddd4", "#b3402a", "#22252a", "#6b6a63", "#e2ddd2", "#eef5f1")
DARK = Palette("#5fc3a6", "#2f6e5e", "#275246", "#ef8468", "#e9e6df", "#a5a39b", "#343a3d", "#1d2b29")


def style_figure(figure: go.Figure, palette: Palette, *, height: int = 300) -> go.Figure:
    """The figure with the product's margins, transparent ground and quiet axes; changed in place and returned."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 28, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": palette.text, "size": 13},
        bargap=0.04,
        showlegend=False,
        hoverlabel={"font": {"size": 13}},
        dragmode=False,
    )
    quiet = {"font": {"color": palette.muted}}  # said again for each kind of words: Streamlit's own grey is too pale
    axis = {"zeroline": False, "automargin": True, "fixedrange": True, "tickfont": quiet["font"], "title": quiet}
    figure.update_xaxes(showgrid=False, **axis)
    figure.update_yaxes(gridcolor=palette.grid, **axis)
    return figure
