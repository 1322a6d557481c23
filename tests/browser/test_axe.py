"""No page breaks a rule of accessibility gravely: light and dark, wide and narrow, filled and empty."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.axe import EXCUSED, grave_findings
from tests.browser.driving import Server, open_url
from tests.browser.views import every_view
from tests.test_theme import CONFIG, TEXT, contrast

SIZES = {"wide": (1280, 900), "narrow": (390, 844)}
WAYS = [(state, dark, size) for state in ("demo", "empty") for dark in (False, True) for size in SIZES]
QUICK = {("demo", False, "wide")}  # each walk takes half a minute


@pytest.mark.parametrize(
    ("state", "dark", "size"),
    [pytest.param(*way, marks=[] if way in QUICK else pytest.mark.slow) for way in WAYS],
    ids=[f"{state}-{'dark' if dark else 'light'}-{size}" for state, dark, size in WAYS],
)
def test_no_view_has_a_grave_finding(
    state: str, dark: bool, size: str, request: pytest.FixtureRequest, look: Callable[..., Page]
) -> None:
    server: Server = request.getfixturevalue("demo_server" if state == "demo" else "unused_server")
    width, height = SIZES[size]
    page = look(dark=dark, width=width, height=height)
    grave, excused = [], set()
    for view in every_view(page, server, demo=state == "demo"):
        found, passed_over = grave_findings(page)
        grave += [(view, *finding) for finding in found]
        excused |= passed_over
    assert grave == []
    # an entry of the list of what is excused goes when it is needed no more
    assert excused == {entry.rule for entry in EXCUSED}


# the colour of a chart's words (on tiles they are tested beside the palette) and of the page behind them
CHART_WORDS = """() => [...document.querySelectorAll('.js-plotly-plot text')]
  .filter(text => text.textContent.trim() && !text.closest('.point') && text.getBoundingClientRect().width > 0)
  .map(text => [text.textContent, getComputedStyle(text).fill, getComputedStyle(text).fillOpacity])"""


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_what_charts_say_can_be_read(dark: bool, demo_server: Server, look: Callable[..., Page]) -> None:
    page, background = look(dark=dark), CONFIG["theme"]["dark" if dark else "light"]["backgroundColor"]
    seen = 0
    for view in every_view(page, demo_server, demo=True):
        for words, fill, opacity in page.evaluate(CHART_WORDS):
            colour = "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", fill)[:3])
            assert contrast(colour, background, float(opacity)) >= TEXT, (view, words, colour)
            seen += 1
    assert seen > 50


def test_a_grave_finding_is_seen(demo_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    open_url(page, demo_server.url)
    page.get_by_role("heading", level=1).evaluate(
        "title => title.insertAdjacentHTML('afterend', '<p style=\"color: #bbb\">pale</p><img src=\"data:,\">')"
    )
    found, _ = grave_findings(page)
    assert {(finding.rule, finding.impact) for finding in found} == {
        ("color-contrast", "serious"),
        ("image-alt", "critical"),
    }
