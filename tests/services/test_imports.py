"""Taking files in and back: nothing twice, nothing lost, nothing left behind."""

import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from crm_core.errors import ImportFileError, NotFoundError
from crm_core.importing.report import ImportReport
from crm_core.services.imports import import_file, list_imports, preview_import, rejected_rows, undo_import
from crm_core.store.session import Store, open_store
from crm_core.store.tables import Base, Customer, Product

HEADER = "customer_id,email,name,order_id,date,product_id,description,quantity,amount,currency,status"
BOOKKEEPING = {"imports", "import_rejected_rows", "revision"}
NOW = datetime(2026, 3, 14, tzinfo=UTC)


def csv(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def bring(store: Store, data: bytes, **more: Any) -> ImportReport:
    return import_file(store, data, file_name="orders.csv", now=NOW, **more)


def contents(store: Store) -> dict[str, set[tuple[Any, ...]]]:
    """Every row of every table, but for the imports' own books."""
    with store.read() as session:
        return {
            table.name: {tuple(row) for row in session.execute(select(table))}
            for table in Base.metadata.sorted_tables
            if table.name not in BOOKKEEPING
        }


def facts(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """What is stored, without surrogate keys."""
    queries = {
        "orders": "SELECT o.source_id, c.source_id, ordered_on, status, currency, amount_minor FROM orders o "
        "LEFT JOIN customers c ON c.id = o.customer_id",
        "lines": "SELECT o.source_id, p.source_id, fingerprint, occurrence, quantity, l.amount_minor "
        "FROM order_lines l JOIN orders o ON o.id = l.order_id LEFT JOIN products p ON p.id = l.product_id",
        "customers": "SELECT source_id, name, email FROM customers",
        "products": "SELECT source_id, name FROM products",
        "refunds": "SELECT source_id, refunded_on, currency, amount_minor FROM refunds",
    }
    with store.engine.connect() as connection:
        return {
            name: sorted((tuple(map(_plain, row)) for row in connection.exec_driver_sql(query)), key=repr)
            for name, query in queries.items()
        }


def _plain(cell: Any) -> Any:
    """A day as text: SQLite keeps it so, and these questions go past the types."""
    return str(cell) if isinstance(cell, date) else cell


def value(store: Store, query: str) -> Any:
    with store.engine.connect() as connection:
        return connection.exec_driver_sql(query).scalar()


FIRST = csv(
    "1,ana@x.org,Ana,A1,2024-01-05,P1,Soap,2,10.00,EUR,",
    "1,ana@x.org,Ana,A1,2024-01-05,P1,Soap,2,10.00,EUR,",
    "2,ben@x.org,Ben,A2,2024-01-06,P2,Tea,1,4.50,GBP,",
    ",,,A3,2024-01-07,P2,Tea,1,4.50,EUR,",
)


def test_a_first_file_is_stored_and_reported(store: Store) -> None:
    report = bring(store, FIRST).as_dict()
    assert report | {"rejected": None, "notes": None} == {
        "import_id": 1,
        "file_name": "orders.csv",
        "source": "shop",
        "kind": "orders",
        "rows": 4,
        "accepted": 4,
        "duplicates": 0,
        "rejected": None,
        "customers": {"new": 2, "updated": 0, "unchanged": 0},
        "orders": {"new": 3, "updated": 0, "unchanged": 0},
        "refunds": 0,
        "totals": {"EUR": "24.50", "GBP": "4.50"},
        "parts": {"EUR": {"paid": "24.50"}, "GBP": {"paid": "4.50"}},
        "first_day": "2024-01-05",
        "last_day": "2024-01-07",
        "dates_read_as": "ymd",
        "decimals_read_as": "point",
        "notes": None,
    }
    assert [note.partition(":")[0] for note in report["notes"]] == ["1 order names no customer"]
    found = facts(store)
    assert found["orders"] == [
        ("A1", "1", "2024-01-05", "paid", "EUR", 2000),
        ("A2", "2", "2024-01-06", "paid", "GBP", 450),
        ("A3", None, "2024-01-07", "paid", "EUR", 450),
    ]
    assert [line[3] for line in found["lines"] if line[0] == "A1"] == [0, 1]  # two equal lines are two lines
    assert store.revision() == 1


def test_the_same_file_twice_adds_nothing(store: Store) -> None:
    bring(store, FIRST)
    before = facts(store)
    again = bring(store, FIRST)
    assert (again.accepted, again.duplicates, len(again.rejected)) == (0, 4, 0)
    assert again.orders.unchanged == 3
    assert again.customers.unchanged == 2
    assert facts(store) == before


def test_an_overlapping_file_adds_what_is_new(store: Store) -> None:
    bring(store, FIRST)
    more = bring(
        store, FIRST + b"1,ana@x.org,Ana,A1,2024-01-05,P1,Soap,2,10.00,EUR,\n3,,Cem,A9,2024-02-01,P3,,1,1,EUR,\n"
    )
    assert (more.accepted, more.duplicates) == (2, 4)
    assert more.orders.as_dict() == {"new": 1, "updated": 1, "unchanged": 2}
    assert value(store, "SELECT amount_minor FROM orders WHERE source_id = 'A1'") == 3000


def test_without_order_numbers_a_customers_day_is_one_order(store: Store) -> None:
    rows = ["0001,1997-01-01,29.33", "0001,1997-01-01,10", "0001,1997-01-18,0", "0002,1997-01-01,5"]
    report = bring(store, csv(*rows, header="customer_id,date,amount"), currency="usd")
    assert report.orders.new == 3
    assert ("0001@1997-01-01", "0001", "1997-01-01", "paid", "USD", 3933) in facts(store)["orders"]


def test_quantity_times_unit_price(store: Store) -> None:
    bring(store, csv("a,2024-01-01,3,1.10", header="customer,date,quantity,unit price"))
    assert value(store, "SELECT amount_minor FROM orders") == 330


def test_a_column_called_amount_is_the_total_beside_a_quantity(store: Store) -> None:
    bring(store, csv("a,2024-01-01,3,10", header="customer,date,quantity,amount"))
    assert value(store, "SELECT amount_minor FROM orders") == 1000


def test_an_order_that_only_gives_back_is_a_refund(store: Store) -> None:
    bring(store, csv("1,,,A1,2024-01-05,P1,,1,10,EUR,"))
    report = bring(store, csv("1,,,A1,2024-01-09,P1,,-1,-4,EUR,", "1,,,C2,2024-01-10,P1,,-1,-3,EUR,"))
    assert (report.refunds, report.orders.new, report.totals) == (2, 0, {"EUR": "-7.00"})
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT order_id, refunded_on, amount_minor FROM refunds ORDER BY id").all()
    assert [tuple(map(_plain, row)) for row in rows] == [(1, "2024-01-09", 400), (None, "2024-01-10", 300)]
    assert value(store, "SELECT amount_minor FROM orders") == 1000


def test_a_mixed_order_keeps_signed_lines_and_no_refund_is_counted_twice(store: Store) -> None:
    refund, sale = "1,,,A1,2024-01-05,P1,,-1,-4,EUR,", "1,,,A1,2024-01-05,P1,,1,10,EUR,"
    bring(store, csv(refund))
    whole = bring(store, csv(refund, sale))
    assert (whole.accepted, whole.duplicates, whole.refunds) == (1, 1, 0)
    assert (
        value(store, "SELECT sum(amount_minor) FROM orders") - value(store, "SELECT sum(amount_minor) FROM refunds")
        == 600
    )


def test_blanks_are_filled_from_the_orders_first_row_and_contradictions_rejected(store: Store) -> None:
    report = bring(
        store,
        csv(
            "1,,,A1,2024-01-05,P1,,1,10,EUR,",
            ",,,A1,,P2,,1,5,,",
            "2,,,A1,2024-01-05,P3,,1,5,EUR,",
            "1,,,A1,2024-01-06,P3,,1,5,EUR,",
            "1,,,A1,2024-01-05,P3,,1,5,USD,",
        ),
    )
    assert (report.accepted, len(report.rejected)) == (2, 3)
    assert [row.row_number for row in report.rejected] == [4, 5, 6]
    assert "orders.csv, row 4, column 'customer_id': '2', but order 'A1' began with '1'" in report.rejected[0].reason
    assert facts(store)["orders"] == [("A1", "1", "2024-01-05", "paid", "EUR", 1500)]


def test_an_order_stored_for_somebody_else_is_rejected(store: Store) -> None:
    bring(store, FIRST)
    report = bring(store, csv("9,,,A1,2024-01-05,P1,,2,10.00,EUR,", "9,,,B1,2024-01-05,P1,,2,10.00,EUR,"))
    assert (report.accepted, report.duplicates) == (1, 0)
    assert "order 'A1' is stored already with another customer" in report.rejected[0].reason
    other_shop = bring(store, csv("9,,,A1,2024-01-05,P1,,2,10.00,EUR,"), source="market")
    assert other_shop.accepted == 1


def test_blank_fields_are_filled_and_statuses_follow(store: Store) -> None:
    bring(store, csv("1,,,A1,2024-01-05,P1,,1,10,EUR,pending"))
    report = bring(store, csv("1,Ana@X.org,Ana,A1,2024-01-05,P1,Soap,1,10,EUR,paid"))
    assert report.customers.updated == report.orders.updated == 1
    assert facts(store)["customers"] == [("1", "Ana", "ana@x.org")]
    assert facts(store)["products"] == [("P1", "Soap")]
    assert value(store, "SELECT status FROM orders") == "paid"
    bring(store, csv("1,,Somebody Else,A4,2024-01-05,P1,Water,1,10,EUR,paid"))
    assert facts(store)["customers"] == [("1", "Ana", "ana@x.org")]  # what is stored stays


def test_a_person_is_found_again_by_e_mail(store: Store) -> None:
    bring(store, csv("ana@x.org,2024-01-05,10", header="email,date,amount"))
    bring(store, csv("17,ANA@x.org,2024-02-05,10", header="customer_id,email,date,amount"))
    bring(store, csv("17,2024-03-05,10", header="customer_id,date,amount"))
    assert value(store, "SELECT count(*) FROM customers") == 1
    assert value(store, "SELECT count(*) FROM orders") == 3


def test_numbers_and_e_mails_of_one_file_meet(store: Store) -> None:
    bring(store, csv("17,ana@x.org,2024-01-05,10", ",ana@x.org,2024-02-05,10", header="customer_id,email,date,amount"))
    assert value(store, "SELECT count(*) FROM customers") == 1


def test_a_currency_comes_from_column_sign_option_or_setting(store: Store) -> None:
    bring(store, csv("a,2024-01-01,£5", header="customer,date,amount"))
    bring(store, csv("b,2024-01-01,5", header="customer,date,amount"), currency="JPY")
    bring(store, csv("c,2024-01-01,5", header="customer,date,amount"))
    assert [order[4:] for order in facts(store)["orders"]] == [("GBP", 500), ("JPY", 5), ("GBP", 500)]
    with pytest.raises(ImportFileError, match="'EURO' is not a currency code"):
        bring(store, FIRST, currency="EURO")


def test_two_readings_and_future_days_are_said(store: Store) -> None:
    report = bring(store, csv("a,03/04/2024,5", "a,05/06/2031,5", header="customer,date,amount"))
    assert report.accepted == 2
    assert report.notes == (
        "Nothing says what its amounts are in, so they count as EUR; --currency names another.",
        "Its days fit two readings and were read day first (dmy): 03/04/2024 is 3 April 2024, not 4 March 2024. "
        "Where that is wrong, say --dates mdy.",
        "1 order dated after today: no figure counts it before its day.",
    )


def test_the_reading_of_days_can_be_given(store: Store) -> None:
    data = csv("a,03/04/2024,5", header="customer,date,amount")
    assert bring(store, data, dates="mdy").first_day == date(2024, 3, 4)
    assert preview_import(data, file_name="x.csv").staged.dates_are_ambiguous  # type: ignore[union-attr]
    with pytest.raises(ImportFileError, match="not as 'american'"):
        bring(store, data, dates="american")


BAD_FILES = {
    "empty": (b"", "orders.csv is empty"),
    "header only": (csv(), "has a header but no rows"),
    "picture": (b"\x89PNG\r\n\x1a\n\0", "is a PNG picture"),
    "missing columns": (csv("1,2024-01-05", header="customer_id,date"), "needs 'amount'.*found 'customer_id', 'date'"),
    "impossible day": (
        csv("1,31.02.2025,5", header="customer_id,ordered_on,amount"),
        "row 2, column 'ordered_on': '31.02.2025' is not a calendar date. Write it like 2025-02-28",
    ),
    "unreadable amount": (
        csv("1,2025-02-01,five", header="customer_id,date,amount"),
        "row 2, column 'amount': 'five' is not a number. Write it like 1234.50",
    ),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_one_sentence_and_changes_nothing(store: Store, kind: str) -> None:
    data, words = BAD_FILES[kind]
    with pytest.raises(ImportFileError, match=words):
        bring(store, data)
    assert store.revision() == 0
    assert all(not rows for rows in contents(store).values())
    assert list_imports(store).empty


def test_rejected_rows_are_kept_with_their_cells(store: Store) -> None:
    bring(store, csv("1,2024-02-30,5", "1,2024-02-03,5", "1,2024-02-04,", header="customer_id,date,amount"))
    rows = rejected_rows(store, 1)
    assert rows[["row", "customer_id", "date"]].to_numpy().tolist() == [[2, "1", "2024-02-30"], [4, "1", "2024-02-04"]]
    assert "column 'amount' is blank" in rows["reason"][1]
    assert list_imports(store)[["rows", "accepted", "rejected"]].to_numpy().tolist() == [[3, 1, 2]]
    with pytest.raises(NotFoundError, match="no import 5"):
        rejected_rows(store, 5)


def test_a_dry_run_says_all_and_stores_nothing(store: Store) -> None:
    tried = bring(store, FIRST, dry_run=True)
    assert (tried.import_id, tried.accepted, tried.orders.new) == (None, 4, 3)
    assert all(not rows for rows in contents(store).values())
    assert store.revision() == 0


def test_a_failure_while_writing_leaves_no_trace(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def tell(share: float, _words: str) -> None:
        if share > 0.9:
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        bring(store, FIRST, progress=tell)
    assert all(not rows for rows in contents(store).values())


def test_undo_leads_exactly_back(store: Store) -> None:
    bring(store, csv("1,,,A1,2024-01-05,P1,,1,10,EUR,pending", ",,,A2,2024-01-05,P1,,1,3,EUR,"))
    before = contents(store)
    second = bring(
        store,
        csv(
            "1,ana@x.org,Ana,A1,2024-01-05,P1,Soap,1,10,EUR,paid",
            "1,ana@x.org,Ana,A1,2024-01-05,P9,Salt,1,2,EUR,paid",
            "5,eve@x.org,Eve,A2,2024-01-05,P1,,1,3,EUR,",
            "1,,,R7,2024-01-08,P1,,-1,-5,EUR,",
        ),
    )
    assert contents(store) != before
    report = undo_import(store, second.import_id or 0, now=NOW)
    assert contents(store) == before
    assert report.removed["customers"] == report.removed["refunds"] == report.removed["lines"] == 1
    assert report.kept == ()
    with pytest.raises(NotFoundError, match="taken back already"):
        undo_import(store, second.import_id or 0, now=NOW)
    with pytest.raises(NotFoundError, match="no import 77"):
        undo_import(store, 77, now=NOW)


def test_undo_keeps_what_a_later_file_brought_too(store: Store) -> None:
    refund = b"1,,,R7,2024-01-08,P1,,-1,-5,EUR,\n"
    first = bring(store, FIRST + refund)
    second = bring(store, csv("1,ana@x.org,Ana,A1,2024-01-05,P1,Soap,2,10.00,EUR,") + refund)
    report = undo_import(store, first.import_id or 0, now=NOW)
    found = facts(store)
    assert found["orders"] == [("A1", "1", "2024-01-05", "paid", "EUR", 1000)]
    assert found["customers"] == [("1", "Ana", "ana@x.org")]
    assert len(found["refunds"]) == len(found["lines"]) == 1
    assert report.kept == (
        "2 lines stay, because import 2 (orders.csv) brought them too. To take them back, undo import 2.",
    )
    undo_import(store, second.import_id or 0, now=NOW)
    assert all(not rows for rows in contents(store).values())


def test_undo_names_every_later_file_that_holds_the_rest(store: Store) -> None:
    lines = [f"1,,,A{number},2024-01-05,P1,,1,10,EUR," for number in (1, 2, 3)]
    bring(store, csv(*lines))
    bring(store, csv(*lines[:2]))
    bring(store, csv(*lines))
    assert undo_import(store, 1, now=NOW).kept == (
        "3 lines stay, because import 2 (orders.csv) and import 3 (orders.csv) brought them too. "
        "To take them back, undo imports 2 and 3.",
    )
    undo_import(store, 3, now=NOW)
    undo_import(store, 2, now=NOW)
    assert all(not rows for rows in contents(store).values())


def test_undo_keeps_what_was_changed_since(store: Store) -> None:
    bring(store, csv("1,,,A1,2024-01-05,P1,,1,10,EUR,"))
    second = bring(store, csv("1,,Ana,A1,2024-01-05,P1,Soap,1,10,EUR,"))
    with store.begin() as session:
        session.get_one(Customer, 1).name = "Anna Maria"
    report = undo_import(store, second.import_id or 0, now=NOW)
    assert facts(store)["customers"] == [("1", "Anna Maria", None)]
    assert facts(store)["products"] == [("P1", None)]
    assert report.kept == ("1 name of customers stay, changed or brought again since that import.",)


def test_changes_taken_back_in_any_order_lead_to_the_beginning(store: Store) -> None:
    bring(store, csv("1,,,A1,2024-01-05,P1,,1,10,EUR,pending"))
    before = contents(store)
    second = bring(store, csv("1,,,A1,2024-01-05,P1,,1,10,EUR,paid"))
    third = bring(store, csv("1,,,A1,2024-01-05,P1,,1,10,EUR,cancelled"))
    undo_import(store, second.import_id or 0, now=NOW)
    assert value(store, "SELECT status FROM orders") == "cancelled"
    undo_import(store, third.import_id or 0, now=NOW)
    assert contents(store) == before


def test_rows_that_nobody_imported_survive_an_undo(store: Store) -> None:
    with store.begin() as session:
        session.execute(insert(Product), [{"id": 5, "source": "shop", "source_id": "P1", "name": None}])
    before = contents(store)
    undo_import(store, bring(store, FIRST).import_id or 0, now=NOW)
    assert contents(store) == before


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3", ""]),
        st.sampled_from(["2024-01-05", "2024-02-31", "2024-03-01", ""]),
        st.sampled_from(["P1", "P2", ""]),
        st.sampled_from(["10.00", "-4", "0", "x", "2.50"]),
    ),
    min_size=1,
    max_size=12,
)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def as_file(rows: list[tuple[str, ...]]) -> bytes:
    return csv(*[",".join(row) for row in rows], header="customer_id,date,product_id,amount")


def fresh() -> Store:
    return open_store("sqlite://")


def brought(store: Store, rows: list[tuple[str, ...]]) -> ImportReport | None:
    try:
        return bring(store, as_file(rows))
    except ImportFileError:
        return None


@FEW
@given(ROWS, ROWS)
def test_every_row_is_accepted_a_duplicate_or_rejected(
    first: list[tuple[str, ...]], second: list[tuple[str, ...]]
) -> None:
    store = fresh()
    for rows in (first, second, first):
        report = brought(store, rows)
        if report is not None:
            assert report.accepted + report.duplicates + len(report.rejected) == report.rows
            assert report.accepted >= 0
            assert report.duplicates >= 0
    if report is not None:
        assert report.accepted == 0


@FEW
@given(ROWS, st.randoms(use_true_random=False))
def test_shuffled_rows_store_the_same(rows: list[tuple[str, ...]], order: random.Random) -> None:
    one, other = fresh(), fresh()
    shuffled = list(rows)
    order.shuffle(shuffled)
    brought(one, rows)
    brought(other, shuffled)
    assert facts(one) == facts(other)


@FEW
@given(ROWS, ROWS)
def test_import_then_undo_is_before(first: list[tuple[str, ...]], second: list[tuple[str, ...]]) -> None:
    store = fresh()
    brought(store, first)
    before = contents(store)
    report = brought(store, second)
    if report is not None:
        undo_import(store, report.import_id or 0, now=NOW)
    assert contents(store) == before


def test_two_programs_importing_at_once_lose_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    files = []
    for name in ("left", "right"):
        rows = [f"{name}{n % 40},2024-01-{n % 28 + 1:02d},{n}.00" for n in range(400)]
        shared = [f"both{n},2024-01-01,{n}.00" for n in range(100)]
        files.append(tmp_path / f"{name}.csv")
        files[-1].write_bytes(csv(*rows, *shared, header="customer_id,date,amount"))
    command = [sys.executable, "-m", "crm_core", "import", "--database", url, "--json"]
    running = [
        subprocess.Popen([*command, str(file)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for file in files
    ]
    said = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    store = open_store(url)
    assert value(store, "SELECT count(*) FROM order_lines") == 900
    assert sorted(list_imports(store)["duplicates"]) == [0, 100]


def test_a_real_file_without_order_numbers_comes_in_whole(store: Store, shared_data: Callable[[str], Path]) -> None:
    report = import_file(store, shared_data("cdnow_sample.csv.gz"), file_name="cdnow_sample.csv.gz", currency="USD")
    assert (report.rows, report.accepted, report.customers.new) == (6919, 6919, 2357)
    assert report.totals == {"USD": "244091.94"}


@pytest.mark.slow
def test_two_years_of_retail_come_in_whole(store: Store, shared_data: Callable[[str], Path]) -> None:
    name = "online_retail_2y.csv.gz"
    report = import_file(store, shared_data(name), file_name=name, currency="GBP")
    assert (report.accepted, report.customers.new, report.orders.new) == (791_044, 5_878, 36_969)
    assert import_file(store, shared_data(name), file_name=name, currency="GBP").duplicates == 791_044
