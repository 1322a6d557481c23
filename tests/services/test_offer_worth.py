"""What offering a product may be worth: margins from price and cost or from orders, people by chance, sentences."""

from datetime import date

import numpy as np
import pytest
from sqlalchemy import update

from crm_core.services.customers import CustomerBase
from crm_core.services.offer_worth import (
    ProductMargin,
    audience_words,
    learn_offer_chances,
    pick_audience,
    price_product,
    rank_audience,
)
from crm_core.services.recommendations import Tastes, learn_shop_tastes, list_products, load_items, load_product_names
from crm_core.store.session import Store
from crm_core.store.tables import OrderLine, Product
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.shops import add_orders

END = date(2026, 6, 30)


def learn(store: Store, day: date) -> tuple[CustomerBase, Tastes]:
    base = base_of(store, day)
    return base, learn_shop_tastes(load_items(store, as_of=day), as_of=day)


def test_a_margin_is_price_less_cost_where_both_are_known(store: Store) -> None:
    add_orders(store, [("a", "2026-05-01", 1000), ("b", "2026-05-02", 3000), ("c", "2026-08-01", 90_000)])
    base, _ = learn(store, END)
    paid = price_product(store, base, 1, margin_share=0.5)
    assert paid.per_order_minor == pytest.approx(1000)  # half of the mean of 10 and 30; August is not known yet
    assert paid.basis == "what an order pays for it on average, €20, of which 50% is margin by your settings"
    with store.begin() as session:
        session.execute(update(Product).values(price_minor=1200, cost_minor=500, currency="EUR"))
        session.execute(update(OrderLine).values(quantity=2))
    priced = price_product(store, base, 1, margin_share=0.5)
    assert priced.per_order_minor == pytest.approx(1400)
    assert priced.basis == "price less cost, €7, times 2.0 in a usual order"


def test_money_without_a_rate_is_not_known(store: Store) -> None:
    add_orders(store, [("a", "2026-05-01", 1000)])
    add_orders(store, [("b", "2026-05-01", 1000)], currency="USD")
    base, _ = learn(store, END)
    assert price_product(store, base, 1, margin_share=1.0).per_order_minor == pytest.approx(1000)
    assert price_product(store, base, 99, margin_share=1.0).per_order_minor is None


def test_people_come_by_their_chance_and_add_up(demo_store: Store) -> None:
    base, tastes = learn(demo_store, LAST_DAY)
    product = int(list_products(tastes, load_product_names(demo_store)).index[0])
    chances = learn_offer_chances(tastes, new_only=False)
    assert chances is not None
    margin = ProductMargin(500.0, "a test")
    people = pick_audience(rank_audience(base, tastes, product, margin, chances), k=30)
    assert people["rank"].tolist() == list(range(1, 31))
    assert people["chance"].is_monotonic_decreasing
    assert people["chance"].between(0, 1).all()
    assert people["worth_minor"].to_numpy() == pytest.approx(500 * people["chance"].to_numpy())
    assert (people["stage"] == "lost").mean() < 0.2  # who is gone does not stand on top
    words = audience_words(people, margin, "EUR")
    assert words.startswith(
        f"Of the 30 customers listed about {people['chance'].sum():.0f} would buy it within 30 days, worth"
    )
    unknown = audience_words(people, ProductMargin(None, "no price"), "EUR")
    assert unknown.endswith("what that is worth is not known: no price.")


def test_a_small_shop_says_that_chances_are_not_known(store: Store) -> None:
    add_orders(store, [(f"c{n}", f"2026-0{month}-0{n}", 1000) for n in range(1, 5) for month in (4, 6)])
    base, tastes = learn(store, END)
    chances = learn_offer_chances(tastes, new_only=False)
    assert chances is None
    people = rank_audience(base, tastes, 1, ProductMargin(100.0, "a test"), chances)
    assert np.isnan(people["chance"]).all()
    assert audience_words(people, ProductMargin(100.0, "a test"), "EUR").startswith(
        "How many would buy it can't be said"
    )
