"""The mode Merge of Customers: who may be the same, deciding it, and taking it back."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from crm_core.services.editing import delete_rows
from crm_core.store.session import Store
from crm_core.store.tables import Customer
from tests.pages.checks import check_sound
from tests.services.test_edit_undo import whole
from tests.shops import add_orders

OpenPage = Callable[..., AppTest]
WHO = {"now": datetime(2026, 3, 14, tzinfo=UTC), "by": "other"}
NAMES = {1: "*Ana* Berg", 2: "Ben", 3: "*Ana* Berg", 4: "Cem"}


@pytest.fixture
def shop(store: Store) -> Store:
    people = [("ana", "2026-01-01", 1000), ("ben", "2026-02-01", 500), ("anna", "2026-03-01", 700)]
    add_orders(store, [*people, ("anna", "2026-03-02", 700), ("cem", "2026-02-01", 1)])
    with store.begin() as session:
        for key, name in NAMES.items():
            session.execute(update(Customer).where(Customer.id == key).values(name=name, postcode=f"1000{key}"))
    return store


def names(store: Store) -> list[str]:
    return [str(row[3]) for row in whole(store)["customers"]]


def open_merging(open_page: OpenPage, store: Store, **query: str) -> AppTest:
    page = open_page("customers.py", store.url, mode="Merge", **query)
    check_sound(page)
    return page


def told(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.info, page.success)
    return "\n".join(str(shown.value) for kind in kinds for shown in kind)


def test_an_empty_shop_has_nobody_to_merge(store: Store, open_page: OpenPage) -> None:
    page = open_page("customers.py", store.url, mode="Merge")
    assert not page.exception
    assert [title.value for title in page.title] == ["Who are my customers?"]


def test_a_shop_of_different_people_says_so(shop: Store, open_page: OpenPage) -> None:
    delete_rows(shop, "customers", {3: {}}, **WHO)
    page = open_merging(open_page, shop)
    assert "Nobody looks like somebody else here." in told(page)


def test_two_people_are_merged_and_taken_apart_again(shop: Store, open_page: OpenPage) -> None:
    before = whole(shop)
    page = open_merging(open_page, shop)
    assert page.title[0].value == "Are these the same person?"
    assert "same name · possible" in told(page)
    facts = page.dataframe[0].value
    assert facts.loc["Orders"].tolist() == ["1", "2"]
    assert facts.columns.tolist() == ["number ana", "number anna"]
    assert facts.loc["Name"].tolist() == ["*Ana* Berg"] * 2
    keep = page.segmented_control(key="keep_1_3")
    assert keep.value == 3  # who ordered more
    assert keep.options == [rf"\*Ana\* Berg (number {who})" for who in ("ana", "anna")]
    page.segmented_control(key="field_postcode_3_1").set_value(1).run()
    page.button(key="merge_1_3").click().run()
    check_sound(page)
    assert page.success[0].value == r"\*Ana\* Berg is merged into \*Ana\* Berg."
    merged = whole(shop)["customers"]
    assert [(row[0], row[6]) for row in merged] == [(2, "10002"), (3, "10001"), (4, "10004")]
    page.button(key="undo_merge").click().run()
    check_sound(page)
    assert page.info[0].value == "Taken back."
    assert whole(shop) == before
    assert page.button(key="merge_1_3")


def test_who_is_not_the_same_is_suggested_no_more(shop: Store, open_page: OpenPage) -> None:
    page = open_merging(open_page, shop)
    page.button(key="apart_1_3").click().run()
    check_sound(page)
    assert "are not the same person" in page.success[0].value
    assert "Nobody looks like somebody else here." in told(page)
    page.button(key="undo_merge").click().run()
    assert page.button(key="merge_1_3")


def test_somebody_is_found_to_merge_with_a_person(shop: Store, open_page: OpenPage) -> None:
    person = open_page("customer.py", shop.url, id="2")
    check_sound(person)
    page = open_merging(open_page, shop, **{"with": "2"})
    page.text_input(key="merge_search_second").set_value("zz").run()
    assert "Nobody matches." in told(page)
    page.text_input(key="merge_search_second").set_value("cem").run()
    check_sound(page)
    assert "chosen by you" in told(page)
    page.button(key="merge_2_4").click().run()
    check_sound(page)
    assert names(shop) == ["*Ana* Berg", "Ben", "*Ana* Berg"]


def test_two_people_are_found_by_hand(shop: Store, open_page: OpenPage) -> None:
    page = open_merging(open_page, shop)
    page.text_input(key="merge_search_first").set_value("ben").run()
    page.text_input(key="merge_search_second").set_value("ben").run()
    assert "one and the same customer. Choose two." in told(page)
    page.text_input(key="merge_search_second").set_value("cem").run()
    page.button(key="merge_2_4").click().run()
    check_sound(page)
    assert len(names(shop)) == 3


def test_somebody_else_was_quicker(shop: Store, open_page: OpenPage) -> None:
    page = open_merging(open_page, shop)
    delete_rows(shop, "customers", {1: {}}, **WHO)
    page.button(key="merge_1_3").click().run()
    assert not page.exception
    assert "One of the two was deleted by other on 14 Mar 2026; nothing was changed." in page.error[0].value


def test_a_merge_is_listed_and_taken_back_on_data(shop: Store, open_page: OpenPage) -> None:
    before = whole(shop)
    page = open_merging(open_page, shop)
    page.button(key="merge_1_3").click().run()
    changes = open_page("data.py", shop.url, part="Changes")
    check_sound(changes)
    assert r"\*Ana\* Berg merged into \*Ana\* Berg" in told(changes)
    next(button for button in changes.button if str(button.key).startswith("undo_edit_")).click().run()
    assert whole(shop) == before
