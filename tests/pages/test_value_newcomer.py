"""The tab "A new customer": filled, from a young customer, too few, and only when it is opened."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from crm_core.services import first_years
from crm_core.store.session import Store
from tests.pages.checks import check_sound
from tests.pages.test_value import metric, words
from tests.shops import SMALL_SHOPS, add_orders

OpenPage = Callable[..., AppTest]
LIKELY, AVERAGE = "Loyalty after a year, likely", "Loyalty after a year, the average"


def shop_of(people: int, first: date) -> list[tuple[str, str, int]]:
    """Customers who came a day after each other; every second came back after 30 days."""
    days = [(n, first + timedelta(days=n)) for n in range(people)]
    back = [(n, day + timedelta(days=30)) for n, day in days if n % 2]
    return [(f"c{n}", day.isoformat(), 1000 + n) for n, day in sorted(days + back, key=lambda order: order[1])]


def test_the_tab_forecasts_with_a_range_and_says_how_good_it_is(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", seen_store.url, value_part="A new customer")
    check_sound(page)
    before = int(metric(page, LIKELY).removesuffix(" of 100"))
    assert "On your own older customers, each left out in turn, it was off by" in words(page)
    assert "guessing the average would be off by" in words(page)
    assert "**The 5 older customers who began most like this**" in words(page)
    table = next(item.value for item in page.dataframe if "bought" in item.value)
    assert len(table) == 5
    page.number_input(key="newcomer_orders").set_value(5).run()
    check_sound(page)
    assert int(metric(page, LIKELY).removesuffix(" of 100")) > before


def test_a_young_customer_fills_the_figures(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", seen_store.url, value_part="A new customer")
    latest = page.selectbox(key="newcomer_who").options[0]
    chosen = page.selectbox(key="newcomer_who")
    chosen.select_index(0).run()
    check_sound(page)
    seen = page.number_input(key="newcomer_days").value
    assert f"{seen} of 90 days seen" in words(page)
    assert " · since " in latest
    assert f"learnt from the first {seen} day" in words(page)


def test_a_search_narrows_the_choice_and_may_find_nobody(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", seen_store.url, value_part="A new customer")
    first = page.selectbox(key="newcomer_who").options[0]
    page.selectbox(key="newcomer_who").select_index(3).run()
    page.text_input(key="newcomer_find").set_value(first.split(" · ")[0]).run()
    check_sound(page)
    assert first in page.selectbox(key="newcomer_who").options
    page.text_input(key="newcomer_find").set_value("nobody is called so").run()
    check_sound(page)
    assert page.selectbox(key="newcomer_who").options == []


def test_service_is_asked_for_only_where_somebody_needed_it(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("value.py", seen_store.url, value_part="A new customer")
    assert "No request so far." in words(page)
    page.toggle(key="newcomer_asked").set_value(True).run()
    check_sound(page)
    assert page.number_input(key="newcomer_answer").value == 60.0
    assert "No request so far." not in words(page)


def test_too_few_customers_are_counted(store: Store, open_page: OpenPage) -> None:
    add_orders(store, [*shop_of(12, date(2023, 1, 1)), ("late", "2024-06-01", 500)])
    page = open_page("value.py", store.url, value_part="A new customer")
    check_sound(page)
    assert "30 are needed, there are 12 so far." in words(page)
    assert not [item for item in page.metric if item.label in (LIKELY, AVERAGE)]


def test_orders_alone_are_enough(store: Store, open_page: OpenPage) -> None:
    add_orders(store, [*shop_of(40, date(2023, 1, 1)), ("late", "2024-06-01", 500)])
    page = open_page("value.py", store.url, value_part="A new customer")
    check_sound(page)
    assert metric(page, LIKELY).endswith(" of 100")
    assert "hold no conversations and no answers of service" in words(page)
    assert [item.key for item in page.number_input if item.key == "newcomer_minutes"] == []


def test_first_days_that_tell_nothing_show_the_average(store: Store, open_page: OpenPage) -> None:
    add_orders(store, [(f"c{n}", f"2024-01-{1 + n % 28:02d}", 1000 + n) for n in range(40)] + [("z", "2025-06-01", 1)])
    page = open_page("value.py", store.url, value_part="A new customer")
    check_sound(page)
    assert metric(page, AVERAGE) == "30 of 100"  # 0.6 of the middle place, and nobody came back
    assert "does not tell how they ended" in words(page)


@pytest.mark.parametrize("shop", [shop for shop, orders in SMALL_SHOPS.items() if orders and "future" not in shop])
def test_small_shops_get_a_sentence(store: Store, open_page: OpenPage, shop: str) -> None:
    add_orders(store, SMALL_SHOPS[shop])
    page = open_page("value.py", store.url, value_part="A new customer")
    check_sound(page)
    assert "30 are needed, there are 0 so far." in words(page)


def test_nothing_is_learnt_until_the_tab_is_open(
    demo_store: Store, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("learnt although nobody looks")

    monkeypatch.setattr(first_years, "RangeForest", fail)
    check_sound(open_page("value.py", demo_store.url))
    opened = open_page("value.py", demo_store.url, value_part="A new customer")
    assert opened.error  # this is how it would be seen
