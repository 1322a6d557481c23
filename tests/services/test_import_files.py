"""Workbooks and other files on their way into the store: what was decided in reading them stays in the report."""

from datetime import UTC, date, datetime

from crm_core.services.imports import import_file, preview_import
from crm_core.store.session import Store
from tests.importing.made_files import workbook

NOW = datetime(2026, 3, 14, tzinfo=UTC)
BOOK = workbook(
    {
        "About": [["My shop"]],
        "Orders": [
            ["All orders"],
            ["order_id", "customer_id", "date", "amount", "currency"],
            ["1", "007", date(2026, 1, 5), 12.5, "EUR"],
            ["2", "Total", date(2026, 1, 6), 3, "EUR"],
            ["Total", None, None, 15.5],
        ],
    }
)
NOTES = (
    "Read the sheet 'Orders', not 'About'.",
    "The column names stand in row 2; the lines above it were left out.",
)


def test_a_workbook_is_imported_and_the_report_says_how_it_was_read(store: Store) -> None:
    report = import_file(store, BOOK, file_name="orders.xlsx", now=NOW)
    assert (report.rows, report.accepted, report.totals) == (3, 2, {"EUR": "15.50"})
    assert [row.reason for row in report.rejected] == ["orders.xlsx, row 5 is a total line, not an order."]
    assert report.notes[:2] == NOTES
    assert (report.first_day, report.last_day) == (date(2026, 1, 5), date(2026, 1, 6))


def test_the_same_orders_as_text_in_another_encoding_are_known_again(store: Store) -> None:
    import_file(store, BOOK, file_name="orders.xlsx", now=NOW)
    text = "order_id;customer_id;date;amount;currency\n1;007;2026-01-05;12,5;EUR\n3;Zoé;2026-01-07;1,5;EUR\n"
    report = import_file(store, text.encode("cp1252"), file_name="orders.csv", now=NOW)
    assert (report.accepted, report.duplicates) == (1, 1)
    assert report.notes[0].startswith("Read as Windows-1252")


def test_the_preview_says_how_the_file_was_read() -> None:
    staged = preview_import(BOOK, file_name="orders.xlsx").staged
    assert staged is not None
    assert staged.notes[:2] == NOTES
