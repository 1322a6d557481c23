"""Orders that are not plainly paid on their way into the store, also when they come again with another choice."""

from datetime import UTC, datetime

import pytest

from crm_core.importing.choices import ImportChoices
from crm_core.importing.report import ImportReport
from crm_core.importing.status_choices import StatusChoices, Treatment
from crm_core.services.imports import import_file, preview_import, rejected_rows, undo_import
from crm_core.store.session import Store
from tests.services.test_imports import contents, facts

NOW = datetime(2026, 3, 14, tzinfo=UTC)
FILE = (
    b"order_id,customer_id,date,product,amount,currency,status\n"
    b"1,a,2026-01-05,Tea,1.00,EUR,paid\n"
    b"2,b,2026-01-06,Soap,2.00,EUR,pending\n"
    b"2,b,2026-01-06,Ink,3.00,EUR,pending\n"
    b"3,c,2026-01-07,Tea,4.00,EUR,test\n"
)
LEFT_OUT = ImportChoices(statuses=StatusChoices(pending=Treatment.LEAVE_OUT))
COUNTED = ImportChoices(statuses=StatusChoices(pending=Treatment.COUNT))


def bring(store: Store, choices: ImportChoices = ImportChoices()) -> ImportReport:
    return import_file(store, FILE, file_name="orders.csv", now=NOW, choices=choices)


def statuses(store: Store) -> dict[str, str]:
    return {row[0]: row[3] for row in facts(store)["orders"]}


def test_what_is_left_out_is_among_the_rejected_rows_and_comes_in_later(store: Store) -> None:
    report = bring(store, LEFT_OUT)
    assert (report.rows, report.accepted, report.duplicates, len(report.rejected)) == (4, 2, 0, 2)
    assert report.rejected[0].reason == "orders.csv, row 3 is left out: pending orders are left out, as you chose."
    assert rejected_rows(store, 1)["product"].tolist() == ["Soap", "Ink"]
    assert [row[0] for row in facts(store)["customers"]] == ["a", "c"]
    again = bring(store)
    assert (again.accepted, again.duplicates, len(again.rejected)) == (2, 2, 0)
    assert statuses(store) == {"1": "paid", "2": "pending", "3": "test"}


def test_an_order_follows_the_choice_that_it_comes_again_with(store: Store) -> None:
    bring(store)
    before = contents(store)
    report = bring(store, COUNTED)
    assert (report.accepted, report.duplicates, report.orders.updated) == (0, 4, 1)
    assert "1 pending order counts as paid, as you chose." in report.notes
    assert statuses(store) == {"1": "paid", "2": "paid", "3": "test"}
    undo_import(store, 2, now=NOW)
    assert statuses(store) == {"1": "paid", "2": "pending", "3": "test"}
    assert contents(store)["orders"] == before["orders"]


def test_an_order_that_counted_does_not_when_it_comes_again_as_usual(store: Store) -> None:
    bring(store, COUNTED)
    assert statuses(store)["2"] == "paid"
    bring(store)
    assert statuses(store)["2"] == "pending"


def test_a_stored_order_stays_when_it_is_left_out_later(store: Store) -> None:
    bring(store)
    report = bring(store, LEFT_OUT)
    assert (report.duplicates, len(report.rejected)) == (2, 2)
    assert statuses(store) == {"1": "paid", "2": "pending", "3": "test"}


@pytest.mark.parametrize("choices", [ImportChoices(), LEFT_OUT, COUNTED])
def test_the_preview_says_how_many_orders_there_are_to_ask_about(choices: ImportChoices) -> None:
    seen = preview_import(FILE, file_name="orders.csv", choices=choices)
    assert seen.status_groups == {"pending": 1, "test": 1}
    assert len(seen.lines) == (2 if choices == LEFT_OUT else 4)


def test_orders_of_an_unknown_status_count_unless_the_owner_says_otherwise(store: Store) -> None:
    file = FILE.replace(b"3,c,2026-01-07,Tea,4.00,EUR,test", b"3,c,2026-01-07,Tea,4.00,EUR,waiting for godot")
    seen = preview_import(file, file_name="orders.csv")
    assert seen.status_groups == {"pending": 1, "unknown": 1}
    assert "Orders with the status 'waiting for godot' count as paid." in seen.staged.notes
    kept = ImportChoices(statuses=StatusChoices(unknown=Treatment.STORE))
    report = import_file(store, file, file_name="orders.csv", now=NOW, choices=kept)
    assert statuses(store) == {"1": "paid", "2": "pending", "3": "pending"}
    assert any("kept and not counted, as you chose" in note for note in report.notes)
    import_file(store, file, file_name="orders.csv", now=NOW)
    assert statuses(store)["3"] == "paid"
    left = ImportChoices(statuses=StatusChoices(unknown=Treatment.LEAVE_OUT))
    out = preview_import(file, file_name="orders.csv", choices=left).staged.rejected
    assert [row.reason for row in out] == [
        "orders.csv, row 5 is left out: orders of an unknown status are left out, as you chose."
    ]
