"""The weights of loyalty are felt at once, live in the address, and lead to people."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driving import Server, by_key, expect_no_error, main_text, open_url, wait_idle


def bars(page: Page) -> list[str]:
    """The drawn shapes of the distribution."""
    drawn = by_key(page, "value_distribution").locator(".point path")
    expect(drawn.first).to_be_attached()
    return [path.get_attribute("d") or "" for path in drawn.all()]


def weight(page: Page) -> Locator:
    return by_key(page, "value_alpha").get_by_role("slider")


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlparse(page.url).query)


def test_a_slider_moves_the_chart_and_the_address_and_survives_a_reload(
    demo_server: Server, look: Callable[..., Page]
) -> None:
    page = look()
    open_url(page, f"{demo_server.url}/value")
    before = bars(page)
    assert "value_alpha" not in asked(page)
    weight(page).focus()
    page.keyboard.press("Home")
    expect(page.get_by_text("Only the ratio counts: now 0 : 100.")).to_be_visible()
    wait_idle(page)
    after = bars(page)
    assert after != before
    assert float(asked(page)["value_alpha"][0]) == 0
    page.reload()
    wait_idle(page)
    expect_no_error(page)
    assert bars(page) == after
    expect(page.get_by_text("Only the ratio counts: now 0 : 100.")).to_be_visible()


@pytest.mark.slow
def test_both_weights_at_nothing_get_a_sentence(demo_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    open_url(page, f"{demo_server.url}/value?value_alpha=0.0&value_beta=0.0")
    expect_no_error(page)
    assert "α" in main_text(page)
    assert by_key(page, "value_distribution").count() == 0


@pytest.mark.slow
def test_a_wrong_weight_in_the_address_is_passed_over(demo_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    open_url(page, f"{demo_server.url}/value?value_alpha=banana")
    expect_no_error(page)
    assert len(bars(page)) > 3
