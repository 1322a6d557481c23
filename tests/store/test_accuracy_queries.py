"""Refunds by day, and figures that were shown."""

from datetime import date

import pandas as pd
from sqlalchemy import insert

from crm_core.store.accuracy_queries import refund_days, shown_predictions
from crm_core.store.currencies import Currencies
from crm_core.store.session import Store
from crm_core.store.tables import Prediction, Refund
from tests.shops import add_orders, add_refund

RATED = Currencies("EUR", (("USD", "0.5"),))


def test_refunds_count_up_to_a_day_and_in_known_currencies(store: Store) -> None:
    add_orders(store, [("a", "2026-01-01", 900)])
    add_refund(store, 1, "2026-01-05", 300)
    add_refund(store, 1, "2026-02-05", 100)
    with store.begin() as session:
        foreign = {"source": "shop", "refunded_on": date(2026, 1, 7), "currency": "USD", "amount_minor": 80}
        session.execute(insert(Refund).values(id=98, **foreign, source_id="usd", customer_id=1))
        session.execute(insert(Refund).values(id=99, **foreign, source_id="guest", customer_id=None))
    with store.read() as session:
        own = refund_days(session, as_of=date(2026, 1, 31), currency="EUR")
        rated = refund_days(session, as_of=date(2026, 1, 31), currency=RATED)
    assert own["amount_minor"].tolist() == [300]
    assert rated["amount_minor"].tolist() == [300, 40]
    assert rated["refunded_on"].tolist() == [pd.Timestamp("2026-01-05"), pd.Timestamp("2026-01-07")]


def test_shown_figures_come_oldest_first_and_of_one_quantity(store: Store) -> None:
    add_orders(store, [("a", "2026-01-01", 900)])
    shown = {"customer_id": 1, "model": "own rhythm", "horizon_days": 90, "value": 5.0, "currency": "EUR"}
    with store.begin() as session:
        for day, quantity in ((9, "at_stake_minor"), (3, "at_stake_minor"), (4, "churn"), (20, "at_stake_minor")):
            session.execute(insert(Prediction).values(**shown, quantity=quantity, as_of=date(2026, 1, day)))
    with store.read() as session:
        found = shown_predictions(session, quantity="at_stake_minor", as_of=date(2026, 1, 10))
        nothing = shown_predictions(session, quantity="clv", as_of=date(2026, 1, 10))
    assert found["as_of"].tolist() == [pd.Timestamp("2026-01-03"), pd.Timestamp("2026-01-09")]
    assert found[["low", "high"]].isna().all(axis=None)
    assert nothing.empty
    assert list(nothing.columns) == list(found.columns)
    assert nothing["as_of"].dtype.kind == "M"
