"""Customers and the page of one person: empty, filled, searched, and asked for nonsense."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from crm_core.services.preferences import change_preferences
from crm_core.store.session import Store
from tests.pages.checks import check_sound
from tests.shops import add_orders, add_refund

OpenPage = Callable[..., AppTest]


def test_no_customers_yet(store: Store, open_page: OpenPage) -> None:
    page = open_page("customers.py", store.url)
    check_sound(page)
    assert page.title[0].value == "Who are my customers?"


def test_the_list_is_paged_searched_and_filtered(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("customers.py", seen_store.url)
    check_sound(page)
    assert page.title[0].value == "800 customers"
    assert len(page.dataframe[0].value) == 50
    page.text_input(key="q").set_value("café").run()
    assert "match “café”" in page.title[0].value
    page.text_input(key="q").set_value("zzzz").run()
    check_sound(page)
    assert "Nobody matches." in page.info[0].value
    page.text_input(key="q").set_value("").run()
    page.selectbox(key="stage").set_value("at risk").run()
    check_sound(page)
    assert set(page.dataframe[0].value["stage"]) == {"at risk"}


def test_the_list_is_ordered_by_worth_ahead(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("customers.py", demo_store.url)
    assert page.selectbox(key="sort").options == ["name", "latest order", "most orders", "sales", "worth ahead"]
    page.selectbox(key="sort").set_value("worth ahead").run()
    check_sound(page)
    everybody = page.dataframe[0].value["clv"]
    assert everybody.is_monotonic_decreasing
    assert page.title[0].value == "800 customers"  # who has none stands last
    page.selectbox(key="stage").set_value("lost").run()
    lost = page.dataframe[0].value
    assert lost["clv"].is_monotonic_decreasing
    assert lost["clv"].iloc[0] < everybody.iloc[0]


def test_money_in_a_currency_without_a_rate_is_no_zero(store: Store, open_page: OpenPage) -> None:
    add_orders(store, [("ana", "2026-01-01", 1000), ("ana", "2026-02-01", 3000), ("ben", "2026-02-01", 0)])
    add_orders(store, [("ana", "2026-03-01", 3000), ("cem", "2026-02-01", 3000)], currency="USD")
    page = open_page("customers.py", store.url)
    check_sound(page)
    sales = page.dataframe[0].value["spend"].set_axis(page.dataframe[0].value["label"])
    assert sales[["Person ana", "Person ben"]].tolist() == [40.0, 0.0]
    assert sales[["Person cem"]].isna().all()
    change_preferences(store, {"rates": (("USD", "0.5"),)})
    counted = open_page("customers.py", store.url).dataframe[0].value
    assert counted.loc[counted["label"] == "Person cem", "spend"].tolist() == [15.0]


def test_a_person_is_opened_by_choosing_the_name(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("customers.py", seen_store.url)
    second = page.dataframe[0].value.iloc[1]
    page.selectbox(key="people_chosen").set_value(int(second.name)).run()
    check_sound(page)
    assert page.title[0].value == second["label"]


def test_the_search_comes_from_the_url(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("customers.py", seen_store.url, q="café")
    assert "match “café”" in page.title[0].value


def test_a_person_is_told_in_their_own_numbers(store: Store, open_page: OpenPage) -> None:
    add_orders(store, [("ana", "2026-01-01", 1000), ("ana", "2026-02-01", 3000), ("ben", "2026-02-01", 3000)])
    add_refund(store, 1, "2026-02-01", 500)
    page = open_page("customer.py", store.url, id="1")
    check_sound(page)
    assert page.title[0].value == "Person ana"
    assert [metric.value for metric in page.metric][:1] == ["€35"]
    assert any("Usually buys every 31 days" in text.value for text in page.markdown)
    once = open_page("customer.py", store.url, id="2")
    check_sound(once)
    assert any("Ordered on one day" in text.value for text in once.markdown)


def test_a_wrong_number_is_a_sentence(store: Store, open_page: OpenPage) -> None:
    add_orders(store, [("ana", "2026-01-01", 1000)])
    unknown = open_page("customer.py", store.url, id="77")
    assert not unknown.exception
    assert "There is no customer with number 77" in unknown.error[0].value
    nobody = open_page("customer.py", store.url, id="abc")
    check_sound(nobody)
    assert nobody.title[0].value == "Which customer?"


def test_a_person_has_a_next_offer_that_minds_how_they_stand(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("customer.py", seen_store.url, id="1")
    check_sound(page)
    stage = next(item.value for item in page.markdown if "-badge[" in item.value)
    offer = next(item.value for item in page.markdown if item.value.startswith("**Offer next**: "))
    assert ("as a way back" in offer) == ("lost" in stage or "lapsed" in stage)
    assert ("as something new" in offer) == ("loyal" in stage)
