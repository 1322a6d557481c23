"""Offers on the page: shown and noted, decided and taken back, never offered, and how they did."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from streamlit.testing.v1 import AppTest

from crm_core.services.offer_wishes import never_offer
from crm_core.services.preferences import change_preferences, load_preferences
from crm_core.store.session import Store
from crm_core.store.tables import NeverOffered, Offer, Product
from tests.pages.checks import check_sound
from tests.services.test_offer_feedback import show
from tests.shops import add_orders

OpenPage = Callable[..., AppTest]
TODAY = datetime.now(UTC).date()


def words(page: AppTest) -> str:
    """All running text of the page."""
    return "\n".join(item.value for item in [*page.markdown, *page.caption, *page.info])


def menus(page: AppTest, place: str) -> list[Any]:
    """The offers of one list that can be decided."""
    return [menu for menu in page.get("menu_button") if str(menu.key).startswith(f"offer_{place}_")]


def choose(page: AppTest, menu: Any, what: str) -> None:
    """Press a product and choose from its menu."""
    menu.click(what)
    page.run()
    check_sound(page)


def button(page: AppTest, label: str) -> Any:
    return next(found for found in page.button if found.label.startswith(label))


def stored(store: Store, *columns: Any) -> list[tuple[Any, ...]]:
    """Columns of today's offers."""
    with store.read() as session:
        query = select(*columns).where(Offer.shown_on == TODAY).order_by(Offer.id)
        return [tuple(row) for row in session.execute(query)]


@pytest.fixture
def shop(demo_store: Store) -> Store:
    """The demonstration company before anything was offered."""
    with demo_store.begin() as session:
        session.execute(delete(Offer))
    return demo_store


@pytest.mark.parametrize(("file", "query"), [("recommend.py", {"customer": "3"}), ("customer.py", {"id": "3"})])
def test_what_is_shown_is_noted_once(shop: Store, open_page: OpenPage, file: str, query: dict[str, str]) -> None:
    change_preferences(shop, {"offer_days": 45})
    page = open_page(file, shop.url, **query)
    check_sound(page)
    noted = stored(shop, Offer.customer_id, Offer.list_name, Offer.rank, Offer.within_days)
    assert {row[0] for row in noted} == {3}
    assert {row[3] for row in noted} == {45}
    new = [rank for _, name, rank, _ in noted if name == "new for them"]
    assert new == list(range(1, len(menus(page, "new")) + 1)) == [1, 2, 3, 4, 5]
    page.run()
    assert stored(shop, Offer.customer_id, Offer.list_name, Offer.rank, Offer.within_days) == noted


def test_a_past_day_notes_nothing_and_decides_nothing(shop: Store, open_page: OpenPage) -> None:
    for file, query in (("recommend.py", {}), ("customer.py", {"id": "3"})):
        page = open_page(file, shop.url, day="2025-09-01", **query)
        check_sound(page)
        assert not page.get("menu_button")
        assert "Press a product" not in words(page)
    with shop.read() as session:
        assert session.scalar(select(func.count(Offer.id))) == 0


def test_a_declined_offer_stays_in_its_place_with_the_way_back_and_another_follows(
    shop: Store, open_page: OpenPage
) -> None:
    page = open_page("recommend.py", shop.url)
    before = [menu.label for menu in menus(page, "new")]
    choose(page, menus(page, "new")[1], "Declined")
    assert ("declined",) in stored(shop, Offer.state)
    assert button(page, "Undo").label == f"Undo “{before[1]}”"
    assert "It rests until " in words(page)
    after = [menu.label for menu in menus(page, "new")]
    assert after[:4] == [before[0], *before[2:]]
    assert len(after) == 5
    button(page, "Undo").click().run()
    check_sound(page)
    assert [menu.label for menu in menus(page, "new")] == before
    assert {row[0] for row in stored(shop, Offer.state)} == {"shown"}


def test_the_best_offer_of_the_title_is_one_that_is_open(shop: Store, open_page: OpenPage) -> None:
    page = open_page("recommend.py", shop.url)
    offered = [*menus(page, "again"), *menus(page, "new")]
    best = next(menu for menu in offered if f"“{menu.label}”" in page.title[0].value)
    choose(page, best, "Accepted")
    assert f"“{best.label}”" not in page.title[0].value
    assert any(f"“{menu.label}”" in page.title[0].value for menu in offered)


def test_a_next_offer_on_no_list_is_decided_on_its_card(shop: Store, open_page: OpenPage) -> None:
    """A way back for somebody long lost: what they bought most, and other things lately."""
    page = open_page("customer.py", shop.url, id="78")
    check_sound(page)
    (card,) = menus(page, "next")
    product = card.label.removeprefix("What came of ")
    assert f"**Offer next**: {product.strip('“”')}, as a way back" in words(page)
    choose(page, card, "Declined")
    assert button(page, "Undo").label == f"Undo {product}"
    assert f"**Offer next**: {product.strip('“”')}," not in words(page)
    button(page, "Undo").click().run()
    check_sound(page)
    assert [menu.label for menu in menus(page, "next")] == [card.label]


def test_what_rests_since_earlier_days_can_be_offered_again(store: Store, open_page: OpenPage) -> None:
    add_orders(store, [("ana", "2026-01-01", 1000), ("ben", "2026-01-02", 500)])
    show(store, 1, day=TODAY.replace(year=TODAY.year - 1))
    with store.begin() as session:
        said = {"state": "not useful", "decided_at": datetime(2025, 1, 1)}  # noqa: DTZ001 - as it is stored
        session.query(Offer).update(said)
    for file, query in (("recommend.py", {"customer": "1"}), ("customer.py", {"id": "1"})):
        page = open_page(file, store.url, **query)
        check_sound(page)
        assert "apart from what rests or is never offered." in words(page)
        assert [box.label for box in page.expander if "Offers so far" in box.label] == ["Offers so far (1)"]
        assert "Lavender soap: not useful on 1 Jan 2025, is not offered to them until you take it back" in words(page)
    button(page, "Offer “Lavender soap” again").click().run()
    check_sound(page)
    assert [menu.label for menu in menus(page, "again")] == ["Lavender soap"]


def test_a_product_that_is_never_offered_is_on_no_list_until_it_is_taken_back(shop: Store, open_page: OpenPage) -> None:
    page = open_page("recommend.py", shop.url)
    before = [menu.label for menu in menus(page, "new")]
    choose(page, menus(page, "new")[0], "Never offer it to anyone")
    assert [menu.label for menu in menus(page, "new")][:4] == before[1:]
    assert before[0] not in page.selectbox(key="product").options
    assert [box.label for box in page.expander if box.label.startswith("Never")] == ["Never offered (1)"]
    button(page, f"Offer “{before[0]}” again").click().run()
    check_sound(page)
    assert [menu.label for menu in menus(page, "new")] == before
    product = page.selectbox(key="product").options[0]
    page.multiselect(key="never_added").select(product)
    button(page, "Never offer these").click().run()
    check_sound(page)
    assert product not in page.selectbox(key="product").options
    with shop.read() as session:
        assert session.scalar(select(func.count(NeverOffered.id))) == 1


def test_todays_list_follows_what_is_never_offered(shop: Store, open_page: OpenPage) -> None:
    page = open_page("today.py", shop.url)
    offered = re.search(r"Offer “(.+?)” again", words(page))
    assert offered
    with shop.read() as session:
        product = session.scalar(select(Product.id).where(Product.name == offered[1]))
    never_offer(shop, [product or 0], now=datetime.now(UTC))
    page.run()
    check_sound(page)
    assert f"Offer “{offered[1]}” again" not in words(page)


def test_results_of_nothing_say_what_to_do(shop: Store, open_page: OpenPage) -> None:
    page = open_page("recommend.py", shop.url, recommend_view="Results")
    check_sound(page)
    assert page.title[0].value == "Too early to say how offers do"
    assert "Open the lists of a customer under Offers." in page.info[0].value


def test_results_have_a_sentence_a_chart_its_table_and_what_was_learnt(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("recommend.py", demo_store.url, recommend_view="Results")
    check_sound(page)
    assert page.title[0].value.startswith("Offers are bought 1.")
    assert "offers whose days are over" in words(page)
    assert len(page.get("plotly_chart")) == 1
    rates, reasons, products, every = (table.value for table in page.dataframe)
    assert rates["bought"].sum() > 50
    assert set(reasons["what"]) == {
        "own purchases, buy again",
        "customers alike, new for them",
        "popular, new for them",
    }
    assert products["factor"].is_monotonic_decreasing
    assert {"accepted, bought", "declined", "not bought"} <= set(every["outcome"])
    assert "Offers of what is popular are taken only " in words(page)


def test_the_days_of_an_offer_are_set_with_their_effect(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("settings.py", demo_store.url)
    check_sound(page)
    label = "Days in which an offer counts as bought"
    next(box for box in page.number_input if box.label == label).set_value(14).run()
    check_sound(page)
    assert "came to an order within 14 days" in words(page)
    button(page, "Save 1 change").click().run()
    assert load_preferences(demo_store).offer_days == 14
    next(box for box in page.number_input if box.label == label).set_value(0).run()
    assert "Offers count as bought within 0 days; choose 1 to 365 days." in page.warning[0].value
