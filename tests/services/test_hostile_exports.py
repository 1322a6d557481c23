"""Exports hold hostile words as they were brought, and none that a spreadsheet would run."""

import csv
import json
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import pytest
from python_calamine import load_workbook
from sqlalchemy import select

from crm_core.services.exports import EXPORTS, export_table, table_as_csv
from crm_core.services.personal_data import personal_data, personal_file
from crm_core.services.workbook_files import table_as_xlsx
from crm_core.store.session import Store
from crm_core.store.tables import Customer, Product
from tests.hostile_shop import make_hostile
from tests.hostile_words import HOSTILE

AS_OF = date(2026, 3, 14)
QUICK = ("customers", "orders", "products")
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


def check_words(store: Store, name: str) -> int:
    """Compare an export's cells with what is stored; how many rows it has."""
    with store.read() as session:
        people = {row.source_id: row for row in session.scalars(select(Customer))}
        products = {row.source_id: row.name for row in session.scalars(select(Product))}
    text = table_as_csv(export_table(store, name, as_of=AS_OF)).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text, newline="")))
    assert not [cell for row in rows for cell in row.values() if cell.startswith(RUNS) and not is_number(cell)]
    for row in rows:
        found = {column: as_brought(cell) for column, cell in row.items()}
        if found.get("customer_id"):
            person = people[found["customer_id"]]
            for column in {"name", "email"} & found.keys():
                assert found[column] == getattr(person, column), (name, column)
        if name == "products":
            assert found["name"] == products[found["product_id"]]
    return len(rows)


def test_customers_orders_and_products_say_the_words_as_they_were_brought(hostile_store: Store) -> None:
    assert all(check_words(hostile_store, name) for name in QUICK)


@pytest.mark.slow
def test_every_export_says_the_words_as_they_were_brought(hostile_store: Store) -> None:
    rows = {name: check_words(hostile_store, name) for name in EXPORTS if name not in QUICK}
    assert all(rows[name] for name in ("refunds", "features", "scores", "segments"))


def test_a_workbook_holds_the_words_as_text(hostile_store: Store) -> None:
    table = export_table(hostile_store, "customers", as_of=AS_OF)
    book = load_workbook(BytesIO(table_as_xlsx(table, sheet="customers")))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    at = list(table.columns).index("name")
    assert [row[at] for row in rows] == ["name", *table["name"]]


def test_the_file_about_a_person_holds_their_words(hostile_store: Store) -> None:
    for number in (1, 12, 60):
        found = personal_data(hostile_store, number, made_at=datetime(2026, 3, 14, tzinfo=UTC))
        assert json.loads(personal_file(found))["person"]["name"] == HOSTILE[number - 1]


def test_the_hostile_shop_holds_every_word(hostile_store: Store) -> None:
    with hostile_store.read() as session:
        assert set(session.scalars(select(Customer.name))) == set(HOSTILE)
