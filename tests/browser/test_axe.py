"""No page breaks a rule of accessibility gravely: light and dark, wide and narrow, filled and empty."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.axe import EXCUSED, grave_findings
from tests.browser.driving import Server, open_url
from tests.browser.views import every_view

SIZES = {"wide": (1280, 900), "narrow": (390, 844)}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("state", ["demo", "empty"])
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
