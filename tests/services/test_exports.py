"""Exports: the source's own numbers, exact amounts, cells that a spreadsheet does not run."""

from datetime import date

import pytest

from crm_core.errors import NotFoundError
from crm_core.services.exports import EXPORTS, export_table, table_as_csv
from crm_core.services.imports import import_file
from crm_core.store.session import Store

AS_OF = date(2026, 3, 14)
ORDERS = (
    b"customer_id,name,email,phone,postcode,order_id,date,amount,currency,status,product_id,product\n"
    b"007,=cmd(),ana@x.org,+44 20 7946 0000,01067,A1,2024-01-05,10.00,GBP,paid,P1,Soap\n"
    b"007,,,,,A1,2024-01-05,2.50,GBP,paid,P2,Tea\n"
    b",,,,,A2,2024-01-06,500,JPY,,P2,Tea\n"
    b"008,Ben,,,,A3,2024-01-07,9.99,GBP,cancelled,P1,Soap\n"
)
REFUND = b"customer_id,order_id,date,amount,currency\n007,A1,2024-01-09,-4.00,GBP\n"


@pytest.fixture
def filled(store: Store) -> Store:
    import_file(store, ORDERS, file_name="orders.csv")
    import_file(store, REFUND, file_name="refunds.csv")
    return store


def test_orders_have_what_was_received_net_of_refunds(filled: Store) -> None:
    table = export_table(filled, "orders", as_of=AS_OF)
    assert list(table.columns) == [
        "order_id", "customer_id", "email", "name", "day", "amount", "currency", "lines", "status",
    ]  # fmt: skip
    found = table[["order_id", "customer_id", "amount", "currency", "lines"]].to_numpy(object).tolist()
    assert found == [["A1", "007", "8.50", "GBP", 2], ["A2", None, "500", "JPY", 1], ["A3", "008", "0.00", "GBP", 1]]


def test_customers_keep_leading_zeros(filled: Store) -> None:
    table = export_table(filled, "customers", as_of=AS_OF)
    first = table.iloc[0]
    assert (first["customer_id"], first["email"], first["phone"], first["postcode"]) == (
        "007",
        "ana@x.org",
        "+44 20 7946 0000",
        "01067",
    )


def test_refunds_and_products(filled: Store) -> None:
    refunds = export_table(filled, "refunds", as_of=AS_OF)
    assert refunds[["order_id", "customer_id", "amount", "currency"]].to_numpy().tolist() == [
        ["A1", "007", "4.00", "GBP"]
    ]
    assert export_table(filled, "products", as_of=AS_OF).to_numpy().tolist() == [["P1", "Soap"], ["P2", "Tea"]]


def test_a_spreadsheet_runs_no_cell(filled: Store) -> None:
    text = table_as_csv(export_table(filled, "customers", as_of=AS_OF)).decode("utf-8-sig")
    assert "007,'=cmd()" in text


@pytest.mark.parametrize("name", EXPORTS)
def test_every_table_can_be_had_from_an_empty_and_a_filled_store(name: str, store: Store, demo_store: Store) -> None:
    assert export_table(store, name, as_of=AS_OF).empty
    table = export_table(demo_store, name, as_of=AS_OF)
    assert len(table)
    assert not [column for column in table.columns if str(column).endswith("_minor")]


def test_an_unknown_table_shows_the_choices(store: Store) -> None:
    with pytest.raises(NotFoundError, match=r"no table 'order'.*customers, orders"):
        export_table(store, "order", as_of=AS_OF)
