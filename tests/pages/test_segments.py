"""Segments: empty, filled, by URL, and with shops too small for groups."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from crm_core.services.customers import customer_base
from crm_core.services.preferences import load_preferences
from crm_core.services.segments import Segments, customers_of, segment_customers
from crm_core.store.session import Store
from tests.conftest import LAST_DAY
from tests.pages.checks import check_sound
from tests.services.test_customers import SMALL_SHOPS
from tests.shops import add_orders

OpenPage = Callable[..., AppTest]


def segments_of(store: Store) -> Segments:
    """What the page should show of the demonstration company."""
    return segment_customers(customer_base(store, as_of=LAST_DAY, preferences=load_preferences(store)))


def test_an_empty_product_says_what_to_do_first(store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", store.url)
    check_sound(page)
    assert page.title[0].value == "What kinds of customers do I have?"
    assert "No orders yet." in page.markdown[0].value


def test_the_title_is_the_answer_and_a_group_shows_its_people(demo_store: Store, open_page: OpenPage) -> None:
    found = segments_of(demo_store)
    champions = found.groups.set_index("group").loc["Champions"]
    page = open_page("segments.py", demo_store.url)
    check_sound(page)
    assert page.title[0].value == (
        f"Your customers fall into {len(found.groups)} kinds; "
        f"{champions['customers']} Champions bring {champions['spend_share']:.0%} of sales"
    )
    assert page.subheader[0].value == f"{len(found.customers)} customers"
    page.selectbox(key="group").select("Champions")
    page.run()
    check_sound(page)
    assert page.subheader[0].value == f"{champions['customers']} Champions"
    assert [metric.label for metric in page.metric] == ["Customers", "Sales"]
    assert page.metric[0].value == str(champions["customers"])


def test_a_group_can_be_opened_by_url(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", demo_store.url, group="At risk")
    check_sound(page)
    assert page.subheader[0].value == f"{len(customers_of(segments_of(demo_store), group='At risk'))} At risk"


def test_natural_groups_have_cards_and_take_facts_and_number(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("segments.py", demo_store.url, kinds="Natural groups")
    check_sound(page)
    assert "natural groups, the largest: “" in page.subheader[0].value
    page.selectbox(key="number").select("5")
    page.run()
    check_sound(page)
    assert page.subheader[0].value.startswith("5 natural groups")
    assert len(page.selectbox(key="natural_group").options) == 5
    page.pills(key="facts").set_value([])
    page.run()
    check_sound(page)
    assert page.info[0].value == "Choose at least one fact to group customers by."


@pytest.mark.parametrize("kinds", ["Named groups", "Natural groups"])
@pytest.mark.parametrize("shop", [name for name in SMALL_SHOPS if name not in ("nobody", "only in the future")])
def test_small_shops_get_a_true_page(store: Store, open_page: OpenPage, shop: str, kinds: str) -> None:
    add_orders(store, SMALL_SHOPS[shop])
    page = open_page("segments.py", store.url, kinds=kinds)
    assert not page.exception
    assert len(page.title) == 1
    if kinds == "Named groups":
        check_sound(page)
        assert ("too few to tell kinds apart" in page.title[0].value) == (shop != "everyone bought once")
    elif shop != "everyone bought once":
        assert "needs at least 10 customers with orders" in page.info[0].value
