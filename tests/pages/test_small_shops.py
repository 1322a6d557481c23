"""Every page opens and says something true, however little there is."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from crm_core.store.session import Store
from pages.parts.display import PAGES
from tests.pages.checks import check_sound
from tests.shops import SMALL_SHOPS, add_orders, add_refund

OpenPage = Callable[..., AppTest]
FILES = [file for file, _, _ in PAGES.values() if file != "customer.py"]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("shop", SMALL_SHOPS)
def test_every_page_opens_for_a_small_shop(store: Store, open_page: OpenPage, shop: str, file: str) -> None:
    add_orders(store, SMALL_SHOPS[shop])
    check_sound(open_page(file, store.url))


@pytest.mark.parametrize("file", FILES)
def test_every_page_opens_when_all_was_given_back(store: Store, open_page: OpenPage, file: str) -> None:
    add_orders(store, [("a", "2026-05-01", 1000), ("b", "2026-05-02", 500), ("b", "2026-05-09", 700)])
    add_refund(store, 1, "2026-05-03", 1000)
    add_refund(store, 2, "2026-05-09", 2000)
    check_sound(open_page(file, store.url))


@pytest.mark.parametrize("shop", [shop for shop, orders in SMALL_SHOPS.items() if orders])
def test_each_person_of_a_small_shop_has_a_page(store: Store, open_page: OpenPage, shop: str) -> None:
    add_orders(store, SMALL_SHOPS[shop])
    page = open_page("customer.py", store.url, id="1")
    check_sound(page)
    assert page.title[0].value.startswith("Person ")


def test_money_and_names_reach_the_screen_as_they_are(store: Store, open_page: OpenPage) -> None:
    """Two dollar signs would be set as a formula, and a star in a name as emphasis."""
    days = [f"2026-0{month}-01" for month in (1, 2, 3)]
    add_orders(store, [(f"*c_{n}*", day, 12_345) for n in range(30) for day in days], currency="USD")
    for file in FILES:
        page = open_page(file, store.url)
        check_sound(page)
        metrics = [text for metric in page.metric for text in (metric.value, metric.delta)]
        for text in [*[t.value for t in (*page.title, *page.markdown, *page.caption)], *metrics]:
            assert "$" not in text.replace(r"\$", ""), (file, text)
    person = open_page("customer.py", store.url, id="1")
    assert person.title[0].value == r"Person \*c_0\*"
