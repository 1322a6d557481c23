"""Every view, light and dark, wide and narrow, filled and empty: one walk looks at all that a machine can see.

Nothing breaks a rule of accessibility gravely, charts can be read, a phone holds it all, and names and numbers are an
owner's. Pictures of all are kept in run-output/screenshots, to look at.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.axe import EXCUSED, grave_findings
from tests.browser.driving import PICTURES, Server, open_url
from tests.browser.looks import (
    LONG_DECIMAL,
    NO_VALUE,
    RAW_NAME,
    chart_words,
    faults,
    pale_words,
    photograph,
    what_does_not_fit,
)
from tests.browser.views import SAMPLE_WORDS, every_view

SIZES = {"wide": (1280, 900), "narrow": (390, 844)}
EACH_TIME = {(False, "wide"), (True, "narrow")}  # both lights and both sizes; the other two ways are of the sweep
WAYS = [
    pytest.param(
        state,
        dark,
        size,
        id=f"{state}-{'dark' if dark else 'light'}-{size}",
        marks=() if (dark, size) in EACH_TIME else pytest.mark.sweep,
    )
    for state in ("demo", "empty")
    for dark in (False, True)
    for size in SIZES
]


@pytest.mark.slow
@pytest.mark.parametrize(("state", "dark", "size"), WAYS)
def test_every_view_is_fit_to_be_seen_and_used(
    state: str, dark: bool, size: str, request: pytest.FixtureRequest, look: Callable[..., Page]
) -> None:
    server: Server = request.getfixturevalue("demo_server" if state == "demo" else "unused_server")
    width, height = SIZES[size]
    page = look(dark=dark, width=width, height=height)
    poor: dict[str, list[str]] = {}
    excused: set[str] = set()
    in_charts = 0
    for view in every_view(page, server, demo=state == "demo"):
        found, passed_over = grave_findings(page)
        words = chart_words(page, dark=dark)
        told = [*map(str, found), *pale_words(words), *faults(page, owners=SAMPLE_WORDS)]
        if size == "narrow":
            told += what_does_not_fit(page)
        if told:
            poor[view] = told
        photograph(page, f"{view.replace(' ', '_')}_{state}_{'dark' if dark else 'light'}_{size}")
        excused |= passed_over
        in_charts += len(words)
    print(f"pictures: {PICTURES}")
    assert poor == {}
    # an entry of the list of what is excused goes when it is needed no more
    assert excused == {entry.rule for entry in EXCUSED}
    assert in_charts > 50 or state == "empty"


def test_a_grave_finding_is_seen(demo_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    open_url(page, demo_server.url)
    _insert(page, '<p style="color: #bbb">pale</p><img src="data:,">')
    found, _ = grave_findings(page)
    assert {(finding.rule, finding.impact) for finding in found} == {
        ("color-contrast", "serious"),
        ("image-alt", "critical"),
    }


def test_what_does_not_fit_is_seen(demo_server: Server, look: Callable[..., Page]) -> None:
    page = look(width=390, height=844)
    open_url(page, demo_server.url)
    _insert(
        page,
        '<p style="font-size: 9px">tiny</p><button style="width: 9px; height: 9px"></button>'
        '<div style="width: 700px">wide</div>',
    )
    found = what_does_not_fit(page)
    assert "9.0 px: tiny" in found
    assert [fault for fault in found if "<button style" in fault] != []
    assert "is wider than the window" in faults(page)


def _insert(page: Page, markup: str) -> None:
    page.get_by_role("heading", level=1).evaluate(
        "(title, markup) => title.insertAdjacentHTML('afterend', markup)", markup
    )


def test_the_faults_are_seen() -> None:
    assert RAW_NAME.search("the customer_id of")
    assert LONG_DECIMAL.search("0.31827465")
    assert not LONG_DECIMAL.search("1,234.50")
    assert NO_VALUE.search("worth nan EUR")
    assert list(pale_words({"dark": 7.0, "faint": 2.0})) == ["pale in a chart: faint (2.0)"]
