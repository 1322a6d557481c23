"""The facts of each customer, counted in the database."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import insert

from crm_core.store.money_queries import other_currencies, sales_between
from crm_core.store.queries import (
    count_known,
    customer_facts,
    data_span,
    order_days,
    purchase_days,
    purchase_items,
)
from crm_core.store.session import Store
from crm_core.store.tables import Interaction, Order, SurveyAnswer, Ticket
from tests.shops import add_orders, add_refund

END = date(2026, 6, 30)


@pytest.fixture
def shop(store: Store) -> Store:
    add_orders(
        store,
        [
            ("ana", "2026-01-01", 1000),
            ("ana", "2026-01-01", 500),
            ("ana", "2026-02-01", 2000),
            ("ben", "2026-03-01", 700),
            ("ben", "2026-08-01", 900),  # after the day looked at
        ],
    )
    return store


def facts_of(store: Store, as_of: date = END) -> pd.DataFrame:
    with store.read() as session:
        return customer_facts(session, as_of=as_of, currency="EUR")


def test_facts_count_orders_days_and_money_up_to_the_day(shop: Store) -> None:
    facts = facts_of(shop)
    ana, ben = facts.loc[1], facts.loc[2]
    assert (ana["orders"], ana["purchase_days"], ana["spend_minor"], ana["first_day_spend_minor"]) == (3, 2, 3500, 1500)
    assert (ana["first_order_on"], ana["last_order_on"]) == (pd.Timestamp("2026-01-01"), pd.Timestamp("2026-02-01"))
    assert (ben["orders"], ben["spend_minor"]) == (1, 700)


def test_the_day_itself_is_included(shop: Store) -> None:
    assert facts_of(shop, date(2026, 3, 1)).loc[2, "orders"] == 1
    assert 2 not in facts_of(shop, date(2026, 2, 28)).index


def test_refunds_reduce_money_and_never_make_an_order(shop: Store) -> None:
    add_refund(shop, 1, "2026-03-05", 300)
    add_refund(shop, 1, "2026-12-05", 999)  # not yet
    facts = facts_of(shop)
    assert (facts.loc[1, "orders"], facts.loc[1, "spend_minor"], facts.loc[1, "first_day_spend_minor"]) == (
        3,
        3200,
        1500,
    )


def test_only_paid_orders_of_known_customers_count(shop: Store) -> None:
    add_orders(shop, [("ana", "2026-04-01", 5000)], status="cancelled")
    with shop.begin() as session:
        session.execute(
            insert(Order).values(
                id=99,
                source="s",
                source_id="guest",
                ordered_on=date(2026, 4, 2),
                status="paid",
                currency="EUR",
                amount_minor=4000,
            )
        )
    facts = facts_of(shop)
    assert facts["orders"].sum() == 4
    assert facts["spend_minor"].sum() == 4200
    with shop.read() as session:
        assert sales_between(session, first=date(2026, 4, 1), last=date(2026, 4, 30), currency="EUR") == 4000
        assert count_known(session)["guest orders"] == 1


def test_other_currencies_count_as_orders_but_not_as_money(shop: Store) -> None:
    add_orders(shop, [("ana", "2026-05-01", 8000)], currency="USD")
    facts = facts_of(shop)
    assert (facts.loc[1, "orders"], facts.loc[1, "spend_minor"]) == (4, 3500)
    with shop.read() as session:
        currencies = other_currencies(session, as_of=END).set_index("currency")
    assert currencies["amount_minor"].to_dict() == {"EUR": 4200, "USD": 8000}


def test_time_and_satisfaction_are_averaged_apart_from_orders(shop: Store) -> None:
    """Two conversations, two tickets and two answers beside three orders must not multiply each other."""
    day = date(2026, 2, 2)
    with shop.begin() as session:
        for minutes, response, score in ((10, 60, 0.5), (20, 120, 1.0)):
            session.execute(insert(Interaction).values(customer_id=1, happened_on=day, channel="mail", minutes=minutes))
            session.execute(
                insert(Ticket).values(customer_id=1, opened_on=day, subject="x", first_response_minutes=response)
            )
            session.execute(insert(SurveyAnswer).values(customer_id=1, answered_on=day, question="q", score=score))
    ana, ben = facts_of(shop).loc[1], facts_of(shop).loc[2]
    assert (ana["interactions"], ana["interaction_minutes"], ana["first_response_minutes"]) == (2, 30, 90)
    assert (ana["satisfaction"], ana["spend_minor"]) == (0.75, 3500)
    assert (ben["interactions"], ben["interaction_minutes"]) == (0, 0)
    assert pd.isna(ben["first_response_minutes"])
    assert pd.isna(ben["satisfaction"])


def test_an_empty_store_gives_empty_frames_with_their_columns(store: Store) -> None:
    facts = facts_of(store)
    assert facts.empty
    assert "spend_minor" in facts
    with store.read() as session:
        assert purchase_days(session, as_of=END, currency="EUR").empty
        assert purchase_items(session, as_of=END).empty
        assert data_span(session) == (None, None, 0)
        assert order_days(session, until=END) == []


def test_purchase_days_are_one_row_per_customer_and_day(shop: Store) -> None:
    with shop.read() as session:
        days = purchase_days(session, as_of=END, currency="EUR")
        items = purchase_items(session, as_of=END)
    assert days[["customer_id", "orders", "spend_minor"]].to_numpy().tolist() == [
        [1, 2, 1500],
        [1, 1, 2000],
        [2, 1, 700],
    ]
    assert items["product_id"].tolist() == [1, 1, 1, 1]
