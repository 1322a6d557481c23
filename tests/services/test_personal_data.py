"""Everything stored about one person: no table forgotten, nobody else's data, readable and exact."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Table, insert

from crm_core.errors import CrmError, NotFoundError
from crm_core.importing.choices import ImportChoices
from crm_core.services.editing import CellEdit, save_edits
from crm_core.services.imports import import_file
from crm_core.services.personal_data import find_customer, personal_data, personal_file
from crm_core.store.person_queries import tables_of_people
from crm_core.store.session import Store
from crm_core.store.tables import Base, Customer

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
ORDERS = (
    b"customer_id,name,email,order_id,date,amount,currency,product_id,product,quantity\n"
    b"007,Ana,ana@x.org,A1,2024-01-05,10.00,GBP,P1,Soap,2\n"
    b"008,Ben,ben@x.org,A2,2024-01-06,500,JPY,P2,Tea,1\n"
    b"009,Cem,ana@x.org,A3,2024-13-77,5.00,GBP,P2,Tea,1\n"
)
REFUND = b"customer_id,order_id,date,amount,currency\n007,A1,2024-01-09,-4.00,GBP\n"


@pytest.fixture
def filled(store: Store) -> Store:
    import_file(store, ORDERS, file_name="orders.csv")
    import_file(store, REFUND, file_name="refunds.csv")
    return store


def told(store: Store, customer: str) -> dict[str, Any]:
    data = personal_data(store, find_customer(store, customer), made_at=NOW)
    found: dict[str, Any] = json.loads(personal_file(data))
    return found


def test_orders_have_their_lines_and_exact_money(filled: Store) -> None:
    data = told(filled, "007")
    order = data["orders"][0]
    assert (order["number"], order["day"], order["amount"], order["currency"]) == ("A1", "2024-01-05", "10.00", "GBP")
    line = order["lines"][0]
    assert (line["product"], line["product_name"], line["quantity"], line["amount"]) == ("P1", "Soap", 2.0, "10.00")
    refund = data["refunds"][0]
    assert (refund["order"], refund["day"], refund["amount"]) == ("A1", "2024-01-09", "4.00")
    assert [run["file_name"] for run in data["imports"]] == ["orders.csv", "refunds.csv"]


def test_rejected_rows_that_name_the_person_are_told(filled: Store) -> None:
    assert [row["cells"]["order_id"] for row in told(filled, "007")["rejected_rows"]] == ["A3"]


def test_further_fields_of_their_orders_are_told(filled: Store) -> None:
    kept = b"customer_id,order_id,date,amount,currency,Gift wrap\n007,A9,2024-02-05,1.00,GBP,silver\n"
    import_file(filled, kept, file_name="more.csv", choices=ImportChoices(keep_all=True))
    order = next(order for order in told(filled, "007")["orders"] if order["number"] == "A9")
    assert [(row["name"], row["value"]) for row in order["custom_fields"]] == [("Gift wrap", "silver")]


def test_nobody_else_is_in_it(filled: Store) -> None:
    text = json.dumps(told(filled, "008"))
    assert "Ben" in text
    assert "ana@x.org" not in text
    assert "A1" not in text


def test_changes_by_hand_are_told(filled: Store) -> None:
    with filled.read() as session:
        number = session.query(Customer.id).filter_by(source_id="007").scalar()
    edits = [CellEdit(number, "name", "Ana", "Anna")]
    save_edits(filled, "customers", edits, today=NOW.date(), now=NOW, by="me")
    change = told(filled, "007")["changes_by_hand"][0]
    assert (change["field"], change["before"], change["after"], change["made_by"]) == ("name", "Ana", "Anna", "me")


@pytest.mark.parametrize("name", tables_of_people())
def test_no_table_that_points_to_people_is_forgotten(name: str, filled: Store) -> None:
    table = Base.metadata.tables[name]
    mark = f"mark of {name}"[:16]
    with filled.begin() as session:
        number = session.query(Customer.id).filter_by(source_id="007").scalar()
        session.execute(insert(table).values(**sentinel(table, mark, number)))
    assert mark in json.dumps(told(filled, "007"))
    assert mark not in json.dumps(told(filled, "008"))


def test_a_number_that_is_two_people_is_asked_about(filled: Store) -> None:
    import_file(filled, ORDERS.replace(b"ana@x.org", b"other@x.org"), file_name="other.csv", source="other")
    with pytest.raises(CrmError, match=r"'007' is 2 customers. Write one of them as #1 \(shop/007\) or #\d+ \(other"):
        find_customer(filled, "007")
    assert find_customer(filled, "#1") == find_customer(filled, "shop/007") == 1


def test_an_unknown_number_says_where_they_are_listed(store: Store) -> None:
    with pytest.raises(NotFoundError, match=r"no customer with number 'X'; `export customers` lists them"):
        find_customer(store, "X")


def sentinel(table: Table, mark: str, customer_id: int) -> dict[str, Any]:
    """A row of a table that points to the customer and has the mark in every text."""
    values: dict[str, Any] = {}
    for column in table.columns:
        kind = column.type.python_type
        targets = {key.column.table.name for key in column.foreign_keys}
        if targets:
            needed = None if column.nullable else 1  # a product that is there
            values[column.name] = customer_id if "customers" in targets else needed
        elif column.name == "currency":
            values[column.name] = "EUR"
        elif column.name == "id":
            values[column.name] = 9_000
        else:
            kinds: dict[type, Any] = {
                int: 7,
                float: 0.5,
                str: mark,
                date: NOW.date(),
                datetime: NOW.replace(tzinfo=None),
            }
            values[column.name] = kinds.get(kind, {"mark": mark})
    return values
