"""What charts write can be read on the page and on the tiles of the grid, in light and in dark."""

import pytest

from crm_core.charts.palette import DARK, LIGHT, Palette
from tests.test_theme import CONFIG, TEXT, contrast


@pytest.mark.parametrize(("mode", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_text_stands_out_from_page_and_tiles(mode: str, palette: Palette) -> None:
    theme = CONFIG["theme"][mode]
    for place in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert contrast(palette.text, place) >= TEXT
        assert contrast(palette.muted, place) >= TEXT
    for tile in (palette.grid, palette.pale, palette.medium):  # the ends of the tiles' scales
        assert contrast(palette.text, tile) >= TEXT
