"""Five people on the sliders at once: every key is answered, and everyone sees their own weights."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.driving import Server, expect_no_error, wait_idle
from tests.browser.windows import open_windows, press_together

WINDOWS, ROUNDS = 5, 4


def ratio(alpha: float, beta: float = 0.5) -> str:
    """What the page says about the weights."""
    share = round(100 * alpha / (alpha + beta))
    return f"{share} : {100 - share}"


@pytest.mark.slow
def test_five_windows_move_at_once_and_none_loses_its_place(demo_server: Server, look: Callable[..., Page]) -> None:
    pages = open_windows(look, demo_server.url, WINDOWS)
    for step in range(1, ROUNDS + 1):
        answers = press_together(pages, "ArrowRight")
        assert [answer.seconds for answer in answers if answer.seconds is None] == []
        told = [answer.ratio for answer in answers]
        assert told == [ratio(0.1 * (place + 1) + 0.05 * step) for place in range(WINDOWS)]
    assert len(set(told)) == WINDOWS
    for page in pages:
        wait_idle(page)
        expect_no_error(page)
