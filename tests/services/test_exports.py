"""Exports: the source's own numbers, exact amounts, cells that a spreadsheet does not run."""

import io
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from crm_core.errors import NotFoundError
from crm_core.importing.reader import read_table
from crm_core.services.exports import EXPORTS, export_file, export_table, stored_workbook, table_as_csv
from crm_core.services.imports import import_file
from crm_core.store.session import Store
from crm_core.store.tables import Base

AS_OF = date(2026, 3, 14)
NOT_IN_DEMO = {
    "custom_fields",
    "different_people",
    "actions",
    "predictions",
    "never_offered",
    "changes",
    "import_changes",
    "rejected_rows",
    "settings",
    "model_fits",
    "own_segments",
    "snapshots",
    "standings",
    "subscriptions",  # its people order as they like
}
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
        "channel", "source", "customer_source", "total", "refunded",
    ]  # fmt: skip
    found = table[["order_id", "customer_id", "amount", "currency", "lines"]].astype({"amount": str}).to_numpy(object)
    assert found.tolist() == [
        ["A1", "007", "8.50", "GBP", 2],
        ["A2", None, "500", "JPY", 1],
        ["A3", "008", "0.00", "GBP", 1],
    ]


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
        ["A1", "007", Decimal("4.00"), "GBP"]
    ]
    products = export_table(filled, "products", as_of=AS_OF)
    assert products[["product_id", "name"]].to_numpy().tolist() == [["P1", "Soap"], ["P2", "Tea"]]


def test_lines_carry_their_order_and_which_of_equal_ones_they_are(filled: Store) -> None:
    lines = export_table(filled, "order_lines", as_of=AS_OF)
    first = lines[lines["order_id"] == "A1"]
    assert sorted(first["amount"]) == [Decimal("2.50"), Decimal("10.00")]
    assert set(first["customer_id"]) == {"007"}
    assert first["line"].is_unique
    assert lines.set_index("order_id").loc["A2", ["customer_id", "currency"]].tolist() == [None, "JPY"]


def test_a_spreadsheet_runs_no_cell(filled: Store) -> None:
    text = table_as_csv(export_table(filled, "customers", as_of=AS_OF)).decode("utf-8-sig")
    assert "007,'=cmd()" in text


def test_every_table_can_be_had_from_an_empty_and_a_filled_store(store: Store, demo_store: Store) -> None:
    for name in EXPORTS:
        assert export_table(store, name, as_of=AS_OF).empty, name
        table = export_table(demo_store, name, as_of=AS_OF)
        assert len(table) or name in NOT_IN_DEMO, name
        assert not [column for column in table.columns if str(column).endswith("_minor")], name
        few = table.head(50)
        again = read_table(export_file(few, name, ending=".xlsx"), file_name="again.xlsx") if len(few) else ()
        assert len(again) == len(few), name


def test_every_stored_table_has_an_export() -> None:
    exported = {"customer_identities": "identities", "survey_answers": "surveys", "import_journal": "import_changes"}
    exported |= {
        "import_rejected_rows": "rejected_rows",
        "edits": "changes",
        "edit_changes": "changes",
        "segments": "own_segments",
    }
    bookkeeping = {"revision", "import_repeated_lines", "import_repeated_rows"}
    wanted = {exported.get(name, name) for name in set(Base.metadata.tables) - bookkeeping}
    assert wanted <= {name for name, export in EXPORTS.items() if export.is_stored}


def test_all_that_is_stored_fits_one_workbook(filled: Store) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(stored_workbook(filled, as_of=AS_OF)))
    assert book.sheet_names == [name for name, export in EXPORTS.items() if export.is_stored]
    assert book.get_sheet_by_name("customers").to_python()[1][:2] == ["007", "=cmd()"]


def test_taking_out_todays_list_keeps_nothing_of_it(demo_store: Store) -> None:
    assert len(export_table(demo_store, "today", as_of=AS_OF))
    assert export_table(demo_store, "predictions", as_of=AS_OF).empty


def test_an_unknown_table_shows_the_choices(store: Store) -> None:
    with pytest.raises(NotFoundError, match=r"no table 'order'.*customers, orders"):
        export_table(store, "order", as_of=AS_OF)
