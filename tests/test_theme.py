"""The theme can be read: contrasts of WCAG 2.2, success criterion 1.4.3 and 1.4.11."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

CONFIG = tomllib.loads((Path(__file__).parents[1] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
TEXT = 4.5
GRAPHICS = 3.0
CAPTION_OPACITY = 0.6  # Streamlit draws captions in the text colour at 60 %


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def _luminance(channels: list[float]) -> float:
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour: str, background: str, opacity: float = 1.0) -> float:
    """The WCAG contrast ratio of a colour drawn over a background."""
    under = _channels(background)
    over = [opacity * c + (1 - opacity) * u for c, u in zip(_channels(colour), under, strict=True)]
    light, dark = sorted((_luminance(over), _luminance(list(under))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_has_the_published_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_text_colour_can_be_read_on_every_background(mode: str) -> None:
    theme: dict[str, Any] = CONFIG["theme"][mode]
    names = [name for name in theme if name.endswith("TextColor") or name in ("textColor", "linkColor", "primaryColor")]
    places = [theme["backgroundColor"], theme["secondaryBackgroundColor"], *theme["sidebar"].values()]
    poor = [(name, place) for name in names for place in places if contrast(theme[name], place) < TEXT]
    assert len(names) >= 9
    assert poor == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_captions_and_chart_colours_stand_out(mode: str) -> None:
    theme: dict[str, Any] = CONFIG["theme"][mode]
    for place in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert contrast(theme["textColor"], place, CAPTION_OPACITY) >= TEXT
    for colour in theme["chartCategoricalColors"]:
        assert contrast(colour, theme["backgroundColor"]) >= GRAPHICS


def test_the_server_is_closed_to_the_network_and_other_pages() -> None:
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["server"]["enableXsrfProtection"]
    assert CONFIG["server"]["enableCORS"]
    assert CONFIG["client"] == {"toolbarMode": "minimal", "showErrorDetails": "none"}
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert not any("http" in str(value) for value in CONFIG["theme"].values())
