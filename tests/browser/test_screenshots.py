"""Every page, light and dark, wide and narrow, filled and empty: pictures to look at, and what a machine can see.

The pictures are kept in run-output/screenshots.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from pages.parts.display import PAGES
from tests.browser.driving import PICTURES, Server, main_text, wait_idle

SIZES = {"wide": (1280, 900), "narrow": (390, 844)}
RAW_NAME = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")  # customer_id, spend_minor
LONG_DECIMAL = re.compile(r"\d\.\d{5,}")  # a model's parameters have four digits on purpose
NO_VALUE = re.compile(r"\b(?:nan|NaN|NaT|None|null|<NA>)\b")


WAYS = [(state, dark, size) for state in ("demo", "empty") for dark in (False, True) for size in SIZES]
QUICK = {("demo", True, "narrow"), ("empty", False, "wide")}  # each way of looking once; the rest takes a minute


@pytest.mark.parametrize(
    ("state", "dark", "size"),
    [pytest.param(*way, marks=[] if way in QUICK else pytest.mark.slow) for way in WAYS],
    ids=[f"{state}-{'dark' if dark else 'light'}-{size}" for state, dark, size in WAYS],
)
def test_every_page_is_fit_to_be_seen(
    state: str, dark: bool, size: str, look: Callable[..., Page], request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue("demo_server" if state == "demo" else "unused_server")
    width, height = SIZES[size]
    page = look(dark=dark, width=width, height=height)
    poor = [
        f"{path}: {fault}"
        for path in PAGES
        for fault in _photograph(page, server, path, f"{path}_{state}_{'dark' if dark else 'light'}_{size}")
    ]
    print(f"pictures: {PICTURES}")
    assert poor == []


def _photograph(page: Page, server: Server, path: str, name: str) -> Iterator[str]:
    """Take the first screen, and the whole page where it is longer; yields what is wrong with it."""
    address = {"today": "", "customer": "customer?id=1" if "_demo_" in name else "customer"}.get(path, path)
    page.goto(f"{server.url}/{address}")
    page.get_by_test_id("stApp").wait_for()
    wait_idle(page)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")
    size = page.viewport_size or {"width": 1280, "height": 900}
    long = int(page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollHeight"))
    if long > size["height"] + 40:
        page.set_viewport_size({"width": size["width"], "height": min(long + 20, 6000)})
        page.wait_for_timeout(400)
        page.screenshot(path=PICTURES / f"{name}_whole.png")
        page.set_viewport_size(size)
    yield from _faults(page)


def _faults(page: Page) -> Iterator[str]:
    words = main_text(page)
    if page.get_by_test_id("stException").count() or "Something went wrong" in words:
        yield "shows an error"
    if not page.get_by_role("heading", level=1).count():
        yield "has no title"
    for what, pattern in (("raw name", RAW_NAME), ("unrounded number", LONG_DECIMAL), ("missing value", NO_VALUE)):
        if found := sorted(set(pattern.findall(words))):
            yield f"shows a {what}: {found[:5]}"
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        yield "is wider than the window"


def test_the_faults_are_seen() -> None:
    assert RAW_NAME.search("the customer_id of")
    assert LONG_DECIMAL.search("0.31827465")
    assert not LONG_DECIMAL.search("1,234.50")
    assert NO_VALUE.search("worth nan EUR")
