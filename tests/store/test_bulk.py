"""Many rows at once: every kind of cell arrives as it was, on every database."""

from datetime import UTC, date, datetime

import numpy as np
from sqlalchemy import select, text

from crm_core.store.bulk import insert_columns, next_id, note_sizes
from crm_core.store.session import Store
from crm_core.store.tables import Base, Customer, ImportRun, Order, RejectedRow

TABLES = Base.metadata.tables
NOW = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def test_cells_of_every_kind_arrive_as_they_were(store: Store) -> None:
    orders = TABLES[Order.__tablename__]
    names = ['plain, with "quotes"', "tab\there", "back\\slash\\N", "🙂 Zoë", "%s %(x)s"]
    with store.begin() as session:
        assert next_id(session, orders) == 1
        columns = {
            "source_id": np.array(names, object),
            "id": np.arange(1, 6),
            "source": "shop",
            "ordered_on": np.array(["2024-02-29"] * 5, "datetime64[D]"),
            "status": "paid",
            "status_raw": np.array([None, "", "a", "b", "c"], object),
            "currency": "EUR",
            "amount_minor": np.array([1, -2, 2**53 + 1, 0, 5]),
        }
        assert insert_columns(session, orders, columns) == 5
        assert next_id(session, orders) == 6
    with store.read() as session:
        rows = session.execute(
            select(Order.source_id, Order.ordered_on, Order.status_raw, Order.amount_minor).order_by(Order.id)
        ).all()
    raw = [None, "", "a", "b", "c"]
    amounts = [1, -2, 2**53 + 1, 0, 5]
    expected = [(name, date(2024, 2, 29), word, sum_) for name, word, sum_ in zip(names, raw, amounts, strict=True)]
    assert [tuple(row) for row in rows] == expected


def test_structured_cells_are_json(store: Store) -> None:
    run = {"id": 1, "file_name": "f", "file_sha256": "", "source": "s", "kind": "orders", "report": {}}
    counts = dict.fromkeys(("row_count", "accepted_count", "duplicate_count", "rejected_count"), 0)
    with store.begin() as session:
        session.execute(TABLES[ImportRun.__tablename__].insert().values(**run, **counts, finished_at=NOW))
        cells = np.array([{"ä": 'a "b"', "n": None}, None], object)
        columns = {"import_id": 1, "row_number": np.array([2, 3]), "reason": "x", "cells": cells}
        insert_columns(session, TABLES[RejectedRow.__tablename__], columns)
    with store.read() as session:
        found = session.scalars(select(RejectedRow.cells).order_by(RejectedRow.row_number)).all()
    assert found == [{"ä": 'a "b"', "n": None}, None]


def test_nothing_to_insert_is_no_statement(store: Store) -> None:
    with store.begin() as session:
        assert insert_columns(session, TABLES[Customer.__tablename__], {"id": np.zeros(0, int), "source": "s"}) == 0


def test_the_database_knows_how_large_its_tables_are(store: Store) -> None:
    """PostgreSQL plans for an empty table otherwise: today's list of 8,700 customers took 14 s instead of .2."""
    customers = TABLES[Customer.__tablename__]
    with store.begin() as session:
        numbers = np.arange(1, 2001)
        insert_columns(
            session, customers, {"id": numbers, "source": "s", "source_id": numbers.astype(str).astype(object)}
        )
        note_sizes(session, customers)
    if store.engine.dialect.name == "postgresql":
        with store.read() as session:
            assert session.scalar(text("SELECT reltuples FROM pg_class WHERE relname = 'customers'")) == 2000
