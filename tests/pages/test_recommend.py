"""Recommend: empty, filled, by URL, searched, and with shops that name no products."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from crm_core.services.bundles import find_bundles
from crm_core.services.offer_feedback import OfferDay
from crm_core.services.offer_wishes import learn_from_offers, never_offer, wishes_for
from crm_core.services.preferences import load_preferences
from crm_core.services.recommendations import Offers, load_items, load_product_names, offers_for
from crm_core.store.session import Store
from crm_core.store.tables import OrderLine
from pages.parts.words import as_is
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.pages.checks import check_sound
from tests.services.test_bundles import SHOP, add_baskets
from tests.services.test_customers import SMALL_SHOPS
from tests.shops import add_orders

OpenPage = Callable[..., AppTest]


def offers_of(store: Store, *, place: int) -> Offers:
    """What the page should offer the customer at a place by spend."""
    base = base_of(store, LAST_DAY)
    customer_id = int(base.table.sort_values("spend_minor", ascending=False, kind="stable").index[place])
    at = OfferDay(datetime.now(UTC).date())
    learnt = learn_from_offers(store, base, at=at)
    wishes = wishes_for(store, base, customer_id, at=at, learnt=learnt, before_today=True)
    return offers_for(base, load_items(store, as_of=LAST_DAY), load_product_names(store), customer_id, wishes=wishes)


def test_an_empty_product_says_what_to_do_first(store: Store, open_page: OpenPage) -> None:
    page = open_page("recommend.py", store.url)
    check_sound(page)
    assert page.title[0].value == "What should I offer to whom?"
    assert "No orders yet." in page.markdown[0].value


def test_the_title_is_the_best_offer_and_lists_have_reasons(seen_store: Store, open_page: OpenPage) -> None:
    offers = offers_of(seen_store, place=0)
    page = open_page("recommend.py", seen_store.url)
    check_sound(page)
    assert page.title[0].value == f"Offer “{offers.new_for_them['product'].iloc[0]}” to {offers.label} as something new"
    assert any(item.value.startswith("**Offer next**: ") for item in page.markdown)
    words = " ".join(item.value for item in [*page.markdown, *page.caption])
    assert "**Buy again**" in words
    assert offers.buy_again["reason"].iloc[0].startswith("Bought ")
    for table in (offers.buy_again, offers.new_for_them):
        assert all(reason in words for reason in table["reason"])
    assert "of the 10 customers most like this one bought it" in words


def test_a_customer_can_be_opened_by_url(seen_store: Store, open_page: OpenPage) -> None:
    offers = offers_of(seen_store, place=70)
    page = open_page("recommend.py", seen_store.url, customer=str(offers.customer_id))
    check_sound(page)
    assert f"” to {offers.label} " in page.title[0].value


def test_a_search_offers_its_matches_and_says_when_there_are_none(seen_store: Store, open_page: OpenPage) -> None:
    offers = offers_of(seen_store, place=9)
    page = open_page("recommend.py", seen_store.url)
    page.text_input(key="find").set_value(offers.label.upper())
    page.run()
    check_sound(page)
    assert f"” to {offers.label} " in page.title[0].value
    page.text_input(key="find").set_value("nobody at all")
    page.run()
    check_sound(page)
    assert page.title[0].value == "What should I offer to whom?"
    assert page.info[0].value.startswith("Nobody matches.")


def test_a_product_can_be_offered_to_those_who_never_bought_it(demo_store: Store, open_page: OpenPage) -> None:
    page = open_page("recommend.py", demo_store.url, audience="who never bought it")
    check_sound(page)
    reasons = next(table.value["reason"] for table in page.dataframe if "reason" in table.value)
    assert reasons.str.contains("most like this one").all()


@pytest.mark.parametrize("shop", [name for name in SMALL_SHOPS if name not in ("nobody", "only in the future")])
def test_small_shops_get_a_true_page(store: Store, open_page: OpenPage, shop: str) -> None:
    add_orders(store, SMALL_SHOPS[shop])
    page = open_page("recommend.py", store.url)
    check_sound(page)
    assert page.title[0].value.startswith(("Offer “Lavender soap” to Person ", "Nothing to offer Person "))


def test_orders_without_products_are_said_to_be_so(store: Store, open_page: OpenPage) -> None:
    add_orders(store, [("a", "2026-05-01", 1000)])
    with store.begin() as session:
        session.execute(update(OrderLine).values(product_id=None))
    page = open_page("recommend.py", store.url)
    check_sound(page)
    assert page.info[0].value.startswith("Your orders name no products")


def test_the_title_of_bundles_is_the_strongest_pair_and_a_table_is_behind_the_picture(
    seen_store: Store, open_page: OpenPage
) -> None:
    found = find_bundles(seen_store, as_of=LAST_DAY, currencies=load_preferences(seen_store).currencies)
    best = found.rules.iloc[0]
    page = open_page("recommend.py", seen_store.url, recommend_view="Bundles")
    check_sound(page)
    assert page.title[0].value == (
        f"{best['first']} and {best['second']} go together: bought together {best['baskets']} times, "
        f"{best['lift']:.1f} times as often as by chance"
    )
    ideas, rules = (table.value for table in page.dataframe)
    assert any(words.value.startswith(f"**{as_is(ideas['bundle'].iloc[0])}**: ") for words in page.markdown)
    assert rules["first"].tolist() == found.rules["first"].head(500).tolist()
    assert len(page.get("plotly_chart")) == 1


def test_another_share_makes_other_money(seen_store: Store, open_page: OpenPage) -> None:
    page = open_page("recommend.py", seen_store.url, recommend_view="Bundles", bundle_taken="20")
    check_sound(page)
    more = page.dataframe[0].value["extra_minor"]
    page.slider(key="bundle_taken").set_value(10).run()
    check_sound(page)
    assert more.to_numpy() == pytest.approx(2 * page.dataframe[0].value["extra_minor"].to_numpy())


def test_bundles_are_without_what_is_never_offered(store: Store, open_page: OpenPage) -> None:
    add_baskets(store, SHOP)
    never_offer(store, [3], now=datetime(2026, 5, 2, 9, tzinfo=UTC))
    page = open_page("recommend.py", store.url, recommend_view="Bundles")
    check_sound(page)
    assert page.title[0].value.startswith("Oil and Soap go together")
    assert "Without 1 product that you never offer" in page.caption[0].value
    assert not any("Brush" in table.value.to_string() for table in page.dataframe)
    never_offer(store, [1], now=datetime(2026, 5, 2, 9, tzinfo=UTC))
    page = open_page("recommend.py", store.url, recommend_view="Bundles")
    check_sound(page)
    assert page.info[0].value.startswith("All that was bought together is no longer sold or never offered")


def test_bundles_of_one_product_and_of_a_category(store: Store, open_page: OpenPage) -> None:
    add_baskets(store, SHOP)
    page = open_page("recommend.py", store.url, recommend_view="Bundles")
    check_sound(page)
    assert page.title[0].value.startswith("Soap and Brush go together: bought together 35 times")
    page.selectbox(key="bundle_category").set_value("Care").run()
    check_sound(page)
    assert page.dataframe[1].value[["first", "second"]].apply(" ".join, axis=1).str.contains("Oil").all()
    page.selectbox(key="bundle_category").set_value(None)
    page.selectbox(key="bundle_product").set_value(5).run()
    check_sound(page)
    assert page.title[0].value == "Which products belong together?"
    assert page.info[0].value.startswith("Nothing stands out here.")


@pytest.mark.parametrize(
    ("baskets", "sentence"),
    [
        ([(9, "soap")], "All orders are of one product"),
        ([(9, "soap"), (9, "oil")], "No order holds two different products"),
        ([(9, "soap oil")], "What was bought together may all be chance"),
    ],
)
def test_bundles_of_small_shops_say_why_there_are_none(
    store: Store, open_page: OpenPage, baskets: list[tuple[int, str]], sentence: str
) -> None:
    add_baskets(store, baskets)
    page = open_page("recommend.py", store.url, recommend_view="Bundles")
    check_sound(page)
    assert page.title[0].value == "Which products belong together?"
    assert page.info[0].value.startswith(sentence)


def test_bundles_of_orders_without_products_say_what_to_import(store: Store, open_page: OpenPage) -> None:
    add_orders(store, [("a", "2026-05-01", 1000)])
    with store.begin() as session:
        session.execute(update(OrderLine).values(product_id=None))
    page = open_page("recommend.py", store.url, recommend_view="Bundles")
    check_sound(page)
    assert page.info[0].value.endswith("Import a file with a product on each line.")


def test_bundles_of_an_empty_product_say_what_to_do_first(store: Store, open_page: OpenPage) -> None:
    page = open_page("recommend.py", store.url, recommend_view="Bundles")
    check_sound(page)
    assert "No orders yet." in page.markdown[0].value
