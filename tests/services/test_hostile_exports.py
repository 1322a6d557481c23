"""Exports hold hostile words as they were brought, and none that a spreadsheet would run."""

import csv
from datetime import date
from io import StringIO

import pytest
from sqlalchemy import select

from crm_core.services.exports import EXPORTS, export_table, table_as_csv
from crm_core.store.session import Store
from crm_core.store.tables import Customer, Product
from tests.hostile_shop import make_hostile
from tests.hostile_words import HOSTILE

AS_OF = date(2026, 3, 14)
RUNS = ("=", "+", "-", "@", "\t", "\r")


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def as_brought(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(RUNS) else cell


@pytest.fixture
def hostile_store(demo_store: Store) -> Store:
    make_hostile(demo_store)
    return demo_store


def test_every_export_says_the_words_as_they_were_brought(hostile_store: Store) -> None:
    with hostile_store.read() as session:
        people = {row.source_id: row for row in session.scalars(select(Customer))}
        products = {row.source_id: row.name for row in session.scalars(select(Product))}
        for name in EXPORTS:
            text = table_as_csv(export_table(hostile_store, name, as_of=AS_OF)).decode("utf-8-sig")
            rows = list(csv.DictReader(StringIO(text, newline="")))
            assert len(rows) >= len(products), name
            assert not [cell for row in rows for cell in row.values() if cell.startswith(RUNS) and not is_number(cell)]
            for row in rows:
                found = {column: as_brought(cell) for column, cell in row.items()}
                if found.get("customer_id"):
                    person = people[found["customer_id"]]
                    for column in {"name", "email", "country", "channel"} & found.keys():
                        assert found[column] == (getattr(person, column) or ""), (name, column)
                if name == "products":
                    assert found["name"] == products[found["product_id"]]


def test_the_hostile_shop_holds_every_word(hostile_store: Store) -> None:
    with hostile_store.read() as session:
        assert set(session.scalars(select(Customer.name))) == set(HOSTILE)
