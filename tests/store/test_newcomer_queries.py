"""What the forecast for a new customer asks of the database, on every database."""

from datetime import date

import pandas as pd
from sqlalchemy import insert

from crm_core.store import newcomer_queries
from crm_core.store.currencies import Currencies
from crm_core.store.newcomer_queries import first_talk_on, products_by_day, refund_days, request_days, talk_days
from crm_core.store.session import Store
from crm_core.store.tables import Interaction, Ticket
from tests.shops import add_orders, add_refund

JUNE = date(2026, 6, 30)
DAYS = [date(2026, 6, 1), date(2026, 6, 1), date(2026, 6, 9), date(2026, 7, 1)]


def fill(store: Store) -> None:
    """Two customers; the first talks and asks three times until June and once after."""
    add_orders(store, [("a", "2026-05-01", 1000), ("b", "2026-05-02", 2000), ("a", "2026-05-01", 500)])
    with store.begin() as session:
        for number, (day, response) in enumerate(zip(DAYS, (10.0, None, 30.0, 99.0), strict=True), start=1):
            session.execute(
                insert(Interaction).values(id=number, customer_id=1, happened_on=day, channel="mail", minutes=2.5)
            )
            session.execute(
                insert(Ticket).values(
                    id=number, customer_id=1, opened_on=day, subject="x", first_response_minutes=response
                )
            )


def rows(table: pd.DataFrame) -> list[list[object]]:
    return table.assign(**{table.columns[1]: table.iloc[:, 1].dt.strftime("%d.%m.")}).to_numpy().tolist()


def test_minutes_and_answers_are_summed_by_day_up_to_the_day(store: Store) -> None:
    fill(store)
    with store.read() as session:
        talks = talk_days(session, customer_ids=[1, 2], as_of=JUNE)
        asked = request_days(session, customer_ids=[1, 2], as_of=JUNE)
        assert first_talk_on(session, as_of=JUNE) == date(2026, 6, 1)
        assert first_talk_on(session, as_of=date(2026, 5, 31)) is None
    assert rows(talks) == [[1, "01.06.", 5.0], [1, "09.06.", 2.5]]
    assert rows(asked) == [[1, "01.06.", 2.0, 1.0, 10.0], [1, "09.06.", 1.0, 1.0, 30.0]]


def test_nobody_asked_for_gives_empty_tables_with_their_columns(store: Store) -> None:
    fill(store)
    with store.read() as session:
        for customers in ([], [2]):
            talks = talk_days(session, customer_ids=customers, as_of=JUNE)
            asked = request_days(session, customer_ids=customers, as_of=JUNE)
            assert (len(talks), len(asked)) == (0, 0)
            assert list(talks) == ["customer_id", "happened_on", "minutes"]
            assert talks["happened_on"].dt.days_in_month.empty  # dates, though there are none


def test_many_customers_are_asked_for_in_batches(store: Store, monkeypatch: object) -> None:
    fill(store)
    monkeypatch.setattr(newcomer_queries, "BATCH", 1)  # type: ignore[attr-defined]
    with store.read() as session:
        assert len(talk_days(session, customer_ids=[3, 2, 1], as_of=JUNE)) == 2


def test_refunds_count_at_the_owners_rates(store: Store) -> None:
    fill(store)
    add_refund(store, 1, "2026-05-20", 300)
    add_refund(store, 1, "2026-07-20", 900)
    with store.read() as session:
        own = refund_days(session, customer_ids=[1, 2], as_of=JUNE, currencies=Currencies("EUR"))
        dollars = refund_days(session, customer_ids=[1], as_of=JUNE, currencies=Currencies("USD", (("EUR", "2"),)))
        none = refund_days(session, customer_ids=[1], as_of=JUNE, currencies=Currencies("USD"))
    assert rows(own) == [[1, "20.05.", 300.0]]
    assert rows(dollars) == [[1, "20.05.", 600.0]]
    assert none.empty


def test_products_are_named_with_their_day_and_orders(store: Store) -> None:
    fill(store)
    with store.read() as session:
        bought = products_by_day(session, customer_ids=[1], as_of=JUNE)
    assert rows(bought) == [[1, "01.05.", "Lavender soap", 2]]
