"""What segments ask of the database, by hand."""

from datetime import date, datetime

import pytest
from sqlalchemy import insert, update

from crm_core.store.segment_queries import (
    beside_orders,
    buyers_of,
    counted_customers,
    names_of_segments,
    products_bought,
    profiles,
)
from crm_core.store.session import Store
from crm_core.store.tables import Customer, Interaction, Order, OrderLine, Product, Snapshot, SurveyAnswer, Ticket
from tests.shops import add_orders

DAY, NOW = date(2026, 6, 30), datetime.fromisoformat("2026-06-30")
LINE = {"occurrence": 0, "quantity": 1, "amount_minor": 100}
SENT_BACK = LINE | {"amount_minor": -100}


@pytest.fixture
def shop(store: Store) -> Store:
    """Ana bought soap in May and tea in June, Ben sent his tea back; Cem's order does not count."""
    add_orders(store, [("ana", "2026-05-01", 100), ("ana", "2026-06-01", 100), ("ben", "2026-06-01", 100)])
    add_orders(store, [("cem", "2026-06-01", 100)], status="cancelled")
    with store.begin() as session:
        session.execute(insert(Product).values(id=2, source="other/shop", source_id="7/a", name="", category="Tea"))
        session.execute(insert(OrderLine).values(order_id=2, fingerprint=2, product_id=2, **LINE))
        session.execute(
            insert(OrderLine).values(order_id=3, fingerprint=2, product_id=2, **LINE | {"amount_minor": -1})
        )
    return store


def test_buyers_are_found_by_product_category_and_days(shop: Store) -> None:
    with shop.read() as session:
        assert buyers_of(session, products=("shop/soap",), as_of=DAY).tolist() == [1, 2]
        assert buyers_of(session, products=("shop/soap",), as_of=date(2026, 5, 31)).tolist() == [1]
        assert buyers_of(session, products=("shop/soap",), as_of=DAY, days=30).tolist() == [1, 2]
        assert buyers_of(session, products=("shop/soap",), as_of=DAY, days=29).tolist() == []
        assert buyers_of(session, products=("other/shop/7/a", "x"), as_of=DAY).tolist() == [1]
        assert buyers_of(session, categories=("Tea",), as_of=DAY).tolist() == [1]
        assert buyers_of(session, as_of=DAY).tolist() == []


def test_products_are_those_bought_by_a_day_most_often_first(shop: Store) -> None:
    with shop.read() as session:
        found = products_bought(session, as_of=DAY)
        assert found["name"].to_dict() == {"shop/soap": "Lavender soap", "other/shop/7/a": "7/a"}
        assert found["lines"].tolist() == [3, 1]
        assert found["category"].dropna().to_dict() == {"other/shop/7/a": "Tea"}
        assert products_bought(session, as_of=date(2026, 5, 31)).index.tolist() == ["shop/soap"]
        assert products_bought(session, as_of=date(2026, 1, 1)).empty


def test_profiles_leave_out_who_is_put_away_or_came_later(shop: Store) -> None:
    with shop.begin() as session:
        session.execute(update(Customer).where(Customer.id == 3).values(archived_at=NOW))
        session.execute(update(Customer).where(Customer.id == 2).values(name="", country="DE"))
    with shop.read() as session:
        assert profiles(session)["label"].to_dict() == {1: "Person ana", 2: "Customer ben"}
        assert profiles(session, until=date(2026, 5, 31)).index.tolist() == [1]


def test_what_no_order_tells_is_counted_up_to_the_day(shop: Store) -> None:
    with shop.begin() as session:
        for day in (DAY, date(2026, 7, 1)):
            session.add(Ticket(customer_id=1, opened_on=day, subject="?"))
            session.add(Interaction(customer_id=2, happened_on=day, channel="phone"))
            session.add(SurveyAnswer(customer_id=3, answered_on=day, question="?", score=0.25))
    with shop.read() as session:
        found = beside_orders(session, as_of=DAY)
    assert found.fillna(-1).to_dict("index") == {
        1: {"requests": 1, "interactions": -1, "satisfaction": -1},
        2: {"requests": -1, "interactions": 1, "satisfaction": -1},
        3: {"requests": -1, "interactions": -1, "satisfaction": 0.25},
    }


def test_only_currencies_that_count_are_counted(shop: Store) -> None:
    with shop.begin() as session:
        session.execute(update(Order).where(Order.customer_id == 2).values(currency="USD"))
    with shop.read() as session:
        assert counted_customers(session, as_of=DAY, currency="EUR").tolist() == [1]


def test_a_snapshot_remembers_the_names_of_segments_that_are_gone(store: Store) -> None:
    with store.begin() as session:
        kept = {"7": {"name": "Gone quiet", "rules": {}}, "8": None}
        times = {"month": DAY.replace(day=1), "as_of": DAY, "made_at": NOW}
        session.execute(insert(Snapshot).values(id=1, **times, segments=kept, choices={}))
    with store.read() as session:
        assert names_of_segments(session) == {"7": "Gone quiet"}
