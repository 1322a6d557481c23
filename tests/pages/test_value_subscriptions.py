"""The tab "Subscriptions": only where orders recur or the owner wants it, filled, and with few data."""

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from crm_core.services.preferences import change_preferences, load_preferences
from crm_core.store.session import Store
from tests.pages.checks import check_sound
from tests.pages.test_value import words
from tests.shops import SMALL_SHOPS, add_orders
from tests.simulated_contracts import as_orders, simulate_payments

OpenPage = Callable[..., AppTest]
TAB = "Subscriptions"


def tabs(page: AppTest) -> list[str]:
    return [tab.label for tab in page.tabs]


@pytest.fixture
def shop(store: Store) -> Store:
    days = simulate_payments(120, seed=5, one_off=80, as_of=date.today())  # noqa: DTZ011 - the page's own clock
    add_orders(store, as_orders(days))
    return store


def test_a_shop_of_subscriptions_has_the_tab_with_its_answer(shop: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", shop.url, value_part=TAB)
    check_sound(page)
    assert tabs(page)[-1] == TAB
    text = words(page)
    assert "subscribers still pay, about " in text
    assert "of them without a break over the next 12 months.** Their payments until then are worth **€" in text
    assert " pay monthly." in text
    assert "**Of 100 new subscribers about " in text
    assert "customers with other orders are left out." in text
    people = next(item.value for item in page.dataframe if "value_lifetime" in item.value)
    assert people["value_lifetime"].is_monotonic_decreasing
    assert people["p_renews"].between(50, 100).all()
    curve = next(item.value for item in page.dataframe if "fitted" in item.value)
    assert curve["fitted"].iloc[0] == 100
    assert "Fitted: alpha = " in text
    assert {"Download as CSV"} <= {button.label for button in page.get("download_button")}


def test_the_tab_is_worked_out_only_when_it_is_opened(shop: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", shop.url)
    check_sound(page)
    assert TAB in tabs(page)
    assert "still pay, about" not in words(page)


def test_a_shop_without_subscriptions_has_no_tab_until_the_owner_wants_it(
    demo_store: Store, open_page: OpenPage
) -> None:
    page = open_page("value.py", demo_store.url, value_part=TAB)
    check_sound(page)
    assert TAB not in tabs(page)
    settings = open_page("settings.py", demo_store.url)
    control = next(item for item in settings.segmented_control if item.label == TAB)
    control.set_value("on").run()
    check_sound(settings)
    said = "\n".join(item.value for item in settings.markdown)
    assert "The tab Subscriptions is shown." in said
    assert "Your orders don't come at fixed intervals" in said
    assert "subscriptions when orders recur → on" in said
    next(button for button in settings.button if button.label == "Save 1 change").click().run()
    assert load_preferences(demo_store).subscriptions == "on"
    page = open_page("value.py", demo_store.url, value_part=TAB)
    check_sound(page)
    assert "the figures take the median gap of" in words(page)
    assert "read them as a rough guide." in words(page)


def test_off_takes_the_tab_away(shop: Store, open_page: OpenPage) -> None:
    change_preferences(shop, {"subscriptions": "off"})
    page = open_page("value.py", shop.url, value_part=TAB)
    check_sound(page)
    assert TAB not in tabs(page)


@pytest.mark.parametrize("name", SMALL_SHOPS)
def test_small_shops_get_a_sentence_where_the_owner_wants_the_tab(name: str, store: Store, open_page: OpenPage) -> None:
    add_orders(store, SMALL_SHOPS[name])
    change_preferences(store, {"subscriptions": "on"})
    page = open_page("value.py", store.url, value_part=TAB)
    check_sound(page)
    text = words(page)
    assert "nan" not in text.lower().split()
    assert "No orders yet." in text or "No paid order" in text or "subscriber" in text or "on a second day" in text


def test_an_empty_product_asks_for_orders(store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", store.url, value_part=TAB)
    check_sound(page)
    assert "No orders yet." in words(page)
