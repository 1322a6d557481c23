"""Today's list takes the owner's word, and keeps it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driving import Server, by_key, expect_no_error, open_url, wait_idle


def first_card(page: Page) -> tuple[Locator, str]:
    """The uppermost card, and the key of its Done button, which names customer, kind and episode."""
    card = by_key(page, "card_1")
    expect(card).to_be_visible()
    classes = card.locator("[class*=st-key-done_]").get_attribute("class") or ""
    return card, next(name for name in classes.split() if name.startswith("st-key-done_"))


def decide(card: Locator, page: Page, what: str) -> None:
    if what == "Snooze":
        card.get_by_role("button", name="Snooze").click()
        page.get_by_text("In a week", exact=True).click()
    else:
        card.get_by_role("button", name=what).click()


DECISIONS = {"Done": "done", "Snooze": "snoozed", "Not useful": "not useful"}


def test_decisions_are_kept_after_a_reload(own_demo_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    open_url(page, own_demo_server.url)
    dealt_with: dict[str, tuple[str, str]] = {}
    for number, (what, state) in enumerate(DECISIONS.items(), 1):
        card, key = first_card(page)
        dealt_with[key] = (card.get_by_role("button").first.inner_text(), state)
        decide(card, page, what)
        expect(page.get_by_text(f"Dealt with ({number})")).to_be_visible()
        wait_idle(page)
        expect_no_error(page)
    assert len(dealt_with) == len(DECISIONS)
    page.reload()
    wait_idle(page)
    page.get_by_text("Dealt with (3)").click()
    for key, (who, state) in dealt_with.items():
        expect(page.locator(f".{key}")).to_have_count(0)
        expect(page.get_by_text(f"{who} · ").filter(has_text=f"· {state}")).to_be_visible()


@pytest.mark.slow
def test_put_back_returns_a_card_to_the_list(own_demo_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    open_url(page, own_demo_server.url)
    card, _ = first_card(page)
    who = card.get_by_role("button").first.inner_text()
    decide(card, page, "Done")
    page.get_by_text("Dealt with (1)").click()
    page.get_by_role("button", name="Put back").click()
    expect(page.get_by_text("Dealt with (1)")).to_have_count(0)
    wait_idle(page)
    expect(by_key(page, "card_1").get_by_role("button").first).to_have_text(who)


@pytest.mark.slow
def test_a_name_leads_to_the_person(demo_server: Server, look: Callable[..., Page]) -> None:
    page = look()
    open_url(page, demo_server.url)
    who = by_key(page, "card_1").get_by_role("button").first.inner_text()
    by_key(page, "card_1").get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(who)
    wait_idle(page)
    assert "/customer?id=" in page.url
    expect_no_error(page)
