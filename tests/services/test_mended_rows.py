"""Rejected rows are downloaded, mended and brought again: what is stored is as if the file had been right at once."""

from collections.abc import Callable
from datetime import UTC, datetime

import pandas as pd
import pytest

from crm_core.importing.report import ImportReport
from crm_core.services.import_mappings import remembered_mapping
from crm_core.services.imports import import_file, rejected_rows
from crm_core.services.spreadsheets import table_as_csv
from crm_core.store.session import Store, open_store
from tests.importing.made_files import workbook
from tests.services.test_imports import facts

NOW = datetime(2026, 3, 14, tzinfo=UTC)
Mend = Callable[[str], str]


def bring(store: Store, data: bytes, name: str = "orders.csv", **more: object) -> ImportReport:
    return import_file(store, data, file_name=name, now=NOW, **more)  # type: ignore[arg-type]


def mended(store: Store, mend: Mend, import_id: int = 1) -> bytes:
    """The download of an import's rejected rows with its cells changed."""
    text = table_as_csv(rejected_rows(store, import_id)).decode("utf-8-sig")
    head, *rows = text.splitlines(keepends=True)
    return (head + "".join(map(mend, rows))).encode("utf-8-sig")


def stored_at_once(text: str) -> dict[str, list[tuple[object, ...]]]:
    store = open_store("sqlite://")
    bring(store, text.encode())
    return facts(store)


PLAIN = (
    "order_id,customer_id,date,product,quantity,amount,currency\n"
    "1,007,2026-01-05,Tea,1,-5.00,EUR\n"
    "2,b,2026-01-06,=Soap,2,WRONG,EUR\n"
    "2,,,Tea,1,WRONG,\n"
    "3,c,2026-01-07,Tea,1,3.00,EUR\n"
    "3,,,Soap,1,WRONG,\n"
    "4,Null,2026-02-31,Tea,1,-2.00,EUR\n"
    "Total,,,,,9.00,\n"
)


def mend_plain(text: str) -> str:
    return text.replace("WRONG", "4.00").replace("2026-02-31", "2026-02-28")


def test_mended_rows_are_as_if_they_had_been_right_at_once(store: Store) -> None:
    first = bring(store, PLAIN.encode())
    again = bring(store, mended(store, mend_plain), "rejected.csv")
    assert (first.accepted, len(first.rejected)) == (2, 5)
    assert (again.accepted, again.duplicates) == (4, 0)
    assert [row.reason for row in again.rejected] == ["rejected.csv, row 6 is a total line, not an order."]
    assert any(note.startswith("Rows that were rejected earlier, brought again") for note in again.notes)
    assert facts(store) == stored_at_once(mend_plain(PLAIN))


def test_mended_rows_brought_twice_add_nothing(store: Store) -> None:
    bring(store, PLAIN.encode())
    data = mended(store, mend_plain)
    bring(store, data, "rejected.csv")
    assert (bring(store, data, "rejected.csv").accepted, bring(store, PLAIN.encode()).accepted) == (0, 0)


def test_what_is_mended_in_excel_comes_back_too(store: Store) -> None:
    bring(store, PLAIN.encode())
    table = rejected_rows(store, 1)
    rows = [[mend_plain(cell) if isinstance(cell, str) else cell for cell in row] for row in table.to_numpy().tolist()]
    bring(store, workbook({"Rejected": [list(table.columns), *rows]}), "rejected.xlsx")
    assert facts(store) == stored_at_once(mend_plain(PLAIN))


SHOPIFY = (
    "Name,Email,Financial Status,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,"
    "Lineitem sku,Billing Name,Shipping Name,Refunded Amount,Cancelled at,Lineitem discount\n"
    "#1,ana@x.org,paid,EUR,30.00,35.00,2026-01-05 10:00:00 +0100,1,Tea,10.00,T,Ana,Ana,0.00,,0.00\n"
    "#1,,,,,,,2,Soap,WRONG,S,,,,,0.00\n"
    "#2,ben@x.org,partially_refunded,EUR,20.00,22.00,2026-01-32,1,Tea,10.00,T,Ben,,5.00,,0.00\n"
    "#2,,,,,,,1,Soap,10.00,S,,,,,0.00\n"
    "#3,cem@x.org,paid,EUR,10.00,10.00,2026-01-07 10:00:00 +0100,1,Tea,10.00,T,,Cem,0.00,,0.00\n"
)


def mend_shopify(text: str) -> str:
    return text.replace("WRONG", "10.00").replace("2026-01-32", "2026-01-30")


def test_a_later_line_of_an_order_comes_with_what_stands_on_its_first(store: Store) -> None:
    first = bring(store, SHOPIFY.encode())
    assert (first.accepted, len(first.rejected)) == (2, 3)
    rows = rejected_rows(store, 1).set_index("row")
    shown = rows[["Email", "Total", "Created at", "Billing Name", "Lineitem name", "Subtotal"]].to_numpy().tolist()
    assert shown[0] == ["ana@x.org", "35.00", "2026-01-05 10:00:00 +0100", "Ana", "Soap", ""]
    assert shown[2][:3] == ["", "", ""]  # its order's first row stands right above it
    again = bring(store, mended(store, mend_shopify), "rejected.csv")
    assert (again.source, again.accepted, again.rejected) == ("shopify", 3, ())
    at_once = stored_at_once(mend_shopify(SHOPIFY))
    found = facts(store)
    assert {name: found[name] for name in ("orders", "customers", "products", "refunds")} == {
        name: at_once[name] for name in ("orders", "customers", "products", "refunds")
    }


def test_columns_called_row_and_reason_stay_the_files_own(store: Store) -> None:
    text = "row,reason,customer_id,date,amount\n1,gift,a,2026-01-05,WRONG\n2,gift,b,2026-01-06,4.00\n"
    bring(store, text.encode())
    table = rejected_rows(store, 1)
    assert list(table.columns[:4]) == ["row in the file", "reason of rejection", "row", "reason"]
    assert table.iloc[0][["row in the file", "row", "reason"]].tolist() == [2, "1", "gift"]
    again = bring(store, mended(store, lambda row: row.replace("WRONG", "4.00")), "rejected.csv")
    assert again.accepted == 1
    assert facts(store) == stored_at_once(text.replace("WRONG", "4.00"))


@pytest.mark.parametrize("name", ["=Soap", "'=Soap", "'+1", "-007", "-12", "'tis"])
def test_what_a_spreadsheet_might_run_comes_back_as_it_was(store: Store, name: str) -> None:
    text = f"customer_id,date,product,amount\na,2026-01-05,{name},WRONG\nb,2026-01-06,Tea,4.00\n"
    bring(store, text.encode())
    assert bring(store, mended(store, lambda row: row.replace("WRONG", "4.00")), "rejected.csv").accepted == 1
    assert facts(store) == stored_at_once(text.replace("WRONG", "4.00"))


def test_the_mapping_of_the_file_holds_for_its_rejected_rows(store: Store) -> None:
    text = "wer,wann,was,Summe\na,2026-01-05,x,1.00\nb,2026-01-06,y,WRONG\n"
    mapping = {"customer_id": "wer", "day": "wann", "amount": "Summe"}
    bring(store, text.encode(), mapping=mapping)
    assert bring(store, mended(store, lambda row: row.replace("WRONG", "2.00")), "rejected.csv").accepted == 1
    assert remembered_mapping(store, ["wer", "wann", "was", "Summe"])["amount"] == "Summe"


def test_a_row_with_too_many_cells_can_be_mended(store: Store) -> None:
    text = "customer_id,date,product,amount\na,2026-01-05,Tea,1.00\nb,2026-01-06,Tea,green,2.00\nc,2026-01-07,Tea\n"
    bring(store, text.encode())
    table = rejected_rows(store, 1)
    assert table.columns[-1] == "(more)"
    kept = bring(store, mended(store, lambda row: row.replace("Tea,,", "Tea,3.00,")), "rejected.csv")
    assert kept.accepted == 1
    assert "rejected.csv, row 2, column '(more)': '2.00' is beyond the last column" in kept.rejected[0].reason
    again = mended(store, lambda row: row.replace("green,2.00", "2.00,"), 2)
    assert bring(store, again, "rejected.csv").accepted == 1


@pytest.mark.parametrize("header", ["row,reason", "Row,Reason"])
def test_a_file_of_ones_own_with_such_columns_is_read_as_it_is(store: Store, header: str) -> None:
    text = f"{header},customer_id,date,amount,currency\n7,late in row 8,a,2026-01-05,1.00,EUR\n"
    assert bring(store, text.encode()).notes == ()
    assert len(pd.DataFrame(facts(store)["orders"])) == 1
