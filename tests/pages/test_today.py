"""Today: empty, filled, and with shops too small for a list."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from crm_core.services.imports import import_file
from crm_core.store.session import Store
from tests.pages.checks import check_sound
from tests.shops import add_orders

OpenPage = Callable[..., AppTest]


def test_an_empty_product_says_what_to_do_first(store: Store, open_page: OpenPage) -> None:
    page = open_page("today.py", store.url)
    check_sound(page)
    assert page.title[0].value == "Whom do I look after today?"
    assert "No orders yet." in page.markdown[0].value


def test_a_filled_list_can_be_dealt_with_and_put_back(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("today.py", demo_store.url)
    check_sound(page)
    assert page.title[0].value == "Seven people to look after today"
    assert "at stake in the next 90 days" in page.markdown[0].value
    first = next(button for button in page.button if (button.key or "").startswith("done_"))
    first.click()
    page.run()
    check_sound(page)
    assert page.expander[0].label == "Dealt with (1)"
    assert first.key not in [button.key for button in page.button]
    back = next(button for button in page.button if (button.key or "").startswith("back_"))
    back.click()
    page.run()
    assert first.key in [button.key for button in page.button]


@pytest.mark.parametrize(
    ("orders", "words"),
    [
        ([("a", "2026-05-01", 1000)], "Nobody has ordered on two different days yet"),
        ([("a", "2999-01-01", 1000)], "No paid order of a known customer up to"),
        ([("a", "2026-05-01", 1000), ("a", "2026-05-20", 1000)], "Nobody is later than usual"),
    ],
)
def test_small_shops_get_a_true_sentence(store: Store, open_page: OpenPage, orders: list, words: str) -> None:
    add_orders(store, orders)
    page = open_page("today.py", store.url)
    check_sound(page)
    assert page.title[0].value == "Nobody to look after today"
    assert words in page.info[0].value


def test_the_made_up_company_is_one_click_away(store: Store, open_page: OpenPage) -> None:
    page = open_page("today.py", store.url)
    page.button(key="fill_demo").click()
    page.run()
    check_sound(page)
    assert page.title[0].value == "Seven people to look after today"
    assert "made-up company" in page.sidebar.caption[0].value


def test_where_no_money_is_known_none_is_named(store: Store, open_page: OpenPage) -> None:
    order = b"order_id,customer_id,date,amount,currency\n1,a,2026-05-01,0.00,EUR\n"
    import_file(store, order, file_name="orders.csv")
    ticket = b"ticket_id,customer_id,opened,subject,status\n1,a,2026-05-02 10:00,Where is it,open\n"
    import_file(store, ticket, file_name="tickets.csv")
    page = open_page("today.py", store.url)
    check_sound(page)
    assert page.title[0].value == "One person to look after today"
    told = [block.value for block in page.markdown]
    assert "No money is known to be at stake with them." in told
    assert [words for words in told if "at stake :small" in words] == []
