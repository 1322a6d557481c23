"""Offers of a stored shop: lists with names and reasons, neighbours, products, and small shops."""

from datetime import date

import pytest
from sqlalchemy import update

from crm_core.errors import NotFoundError
from crm_core.services.customers import CustomerBase
from crm_core.services.recommendations import (
    Tastes,
    learn_shop_tastes,
    list_products,
    load_items,
    load_product_names,
    match_customers,
    offer_product,
    offers_for,
)
from crm_core.store.session import Store
from crm_core.store.tables import OrderLine
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.shops import add_orders

END = date(2026, 6, 30)


def learn(store: Store, as_of: date) -> tuple[CustomerBase, Tastes]:
    base = base_of(store, as_of)
    return base, learn_shop_tastes(load_items(store, as_of=as_of), as_of=as_of)


def test_what_was_bought_just_now_is_not_offered_again(store: Store) -> None:
    """Every 30 days, last 1 day ago: not due. Every 30 days, last 29 days ago: due."""
    add_orders(store, [("ana", day, 500) for day in ("2026-04-30", "2026-05-30", "2026-06-29")])
    base, tastes = learn(store, END)
    assert offers_for(base, tastes, load_product_names(store), 1).buy_again.empty
    later = date(2026, 7, 28)
    base, tastes = learn(store, later)
    assert offers_for(base, tastes, load_product_names(store), 1).buy_again["product"].tolist() == ["Lavender soap"]


def test_both_lists_have_names_and_reasons_and_share_no_product(demo_store: Store) -> None:
    base, tastes = learn(demo_store, LAST_DAY)
    items, names = load_items(demo_store, as_of=LAST_DAY), load_product_names(demo_store)
    best = int(base.table["spend_minor"].idxmax())
    offers = offers_for(base, tastes, names, best)
    bought = set(items.loc[items["customer_id"] == best, "product_id"])
    assert len(offers.buy_again) == len(offers.new_for_them) == 5
    assert set(offers.buy_again["product_id"]) <= bought
    assert not set(offers.new_for_them["product_id"]) & bought
    assert offers.buy_again["reason"].str.startswith("Bought ").all()
    assert offers.buy_again["product"].tolist() == names.loc[offers.buy_again["product_id"]].tolist()
    assert offers.label == base.table.loc[best, "label"]
    assert len(offers.neighbours) == 5
    assert offers.notes == ()
    again = offers_for(base, items, names, best)
    assert again.buy_again.equals(offers.buy_again)


def test_a_product_goes_to_people_with_a_reason_of_their_own(demo_store: Store) -> None:
    base, tastes = learn(demo_store, LAST_DAY)
    products = list_products(tastes, load_product_names(demo_store))
    assert products["recent_customers"].is_monotonic_decreasing
    first = int(products.index[0])
    people = offer_product(base, tastes, first, k=12)
    assert people["rank"].tolist() == list(range(1, 13))
    assert people["reason"].str.contains("Bought|most like this one").all()
    assert people["label"].tolist() == base.table.loc[people.index, "label"].tolist()
    strangers = offer_product(base, tastes, first, new_only=True)
    assert strangers["reason"].str.contains("most like this one").all()
    with pytest.raises(NotFoundError, match="Nobody has bought this product so far"):
        offer_product(base, tastes, 999_999)


def test_customers_are_found_by_name_mail_or_number(demo_store: Store) -> None:
    base, _ = learn(demo_store, LAST_DAY)
    row = base.table.dropna(subset="email").iloc[7]
    for text in (row["label"].upper(), row["email"][2:], row["source_id"]):
        assert row.name in match_customers(base, f" {text} ").index
    assert match_customers(base, "").index[0] == base.table["spend_minor"].idxmax()
    assert match_customers(base, "(no such").empty
    assert len(match_customers(base, "", most=3)) == 3


@pytest.mark.parametrize("number", [1, 2, 3])
def test_tiny_shops_offer_what_there_is(store: Store, number: int) -> None:
    add_orders(store, [(f"c{n}", "2026-05-01", 1000) for n in range(number)])
    base, tastes = learn(store, END)
    offers = offers_for(base, tastes, load_product_names(store), 1)
    assert offers.buy_again["reason"].tolist() == ["Bought once, 60 days ago"]
    assert offers.new_for_them.empty
    assert len(offers.neighbours) == number - 1


def test_a_customer_whose_orders_name_no_product_gets_what_is_popular(store: Store) -> None:
    add_orders(store, [("a", "2026-05-01", 1000), ("b", "2026-06-01", 1000)])
    with store.begin() as session:
        session.execute(update(OrderLine).where(OrderLine.order_id == 1).values(product_id=None))
    base, tastes = learn(store, END)
    offers = offers_for(base, tastes, load_product_names(store), 1)
    assert offers.buy_again.empty
    assert offers.new_for_them["reason"].tolist() == ["Popular: 1 customer bought it in the last 90 days"]
    assert offers.notes[0].startswith("None of this customer's orders names a product")
    with store.begin() as session:
        session.execute(update(OrderLine).values(product_id=None))
    base, tastes = learn(store, END)
    offers = offers_for(base, tastes, load_product_names(store), 1)
    assert offers.new_for_them.empty
    assert offers.notes[0].startswith("Your orders name no products")
