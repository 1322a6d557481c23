"""Workbooks and other files on their way into the store: what was decided in reading them stays in the report."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from crm_core.services.imports import import_file, preview_import
from crm_core.store.session import Store
from crm_core.store.tables import Customer, Order, Setting
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


def test_totals_say_what_is_sold_and_what_is_not(store: Store) -> None:
    text = (
        "order_id,email,date,amount,currency,status\n"
        "1,ana@example.org,2026-01-31,20.00,EUR,paid\n"
        "2,ana@example.org,2026-02-01,5.00,EUR,pending\n"
        "3,ben@example.org,2026-02-02,-4.00,EUR,paid\n"
        "4,ben@example.org,2026-02-02,7,JPY,paid\n"
    )
    parts = {"EUR": {"paid": "20.00", "pending": "5.00", "given back": "-4.00"}, "JPY": {"paid": "7"}}
    seen = preview_import(text.encode(), file_name="a.csv")
    report = import_file(store, text.encode(), file_name="a.csv")
    assert (seen.totals, seen.parts) == (report.totals, report.parts) == ({"EUR": "21.00", "JPY": "7"}, parts)
    assert "Total 21.00 EUR (20.00 paid, 5.00 pending, -4.00 given back), 7 JPY." in report.as_words()
    assert seen.lines["status"].tolist() == ["paid", "pending", "refund", "paid"]


def test_who_has_no_number_and_no_address_is_known_by_their_telephone(store: Store) -> None:
    text = (
        "order_id,email,phone,date,amount,currency\n"
        "1,ana@example.org,030 901820,2026-01-31,20,EUR\n"
        "2,,030/90 18 20,2026-02-01,5,EUR\n"
        "3,,0151 2345 6789,2026-02-01,6,EUR\n"
        "4,,none,2026-02-02,7,EUR\n"
    )
    with store.begin() as session:
        session.add(Setting(key="time_zone", value="Europe/Berlin"))
    report = import_file(store, text.encode(), file_name="a.csv")
    assert report.customers.new == 2
    assert any(note.startswith("1 order names no customer") for note in report.notes)
    with store.read() as session:
        bought = dict(session.execute(select(Order.source_id, Customer.email).join(Customer, isouter=True)).all())
        known = {customer.phone for customer in session.scalars(select(Customer))}
    assert bought == {"1": "ana@example.org", "2": "ana@example.org", "3": None, "4": None}
    assert known == {"030 901820", "0151 2345 6789"}


def test_an_order_belongs_to_its_first_row_s_address_and_not_to_a_telephone_beside_it(store: Store) -> None:
    text = (
        "order_id,email,phone,date,amount,currency\n"
        "1,ana@example.org,,2026-01-31,20,EUR\n"
        "1,,030 901820,2026-01-31,5,EUR\n"
    )
    report = import_file(store, text.encode(), file_name="a.csv")
    assert (report.accepted, report.customers.new, report.rejected) == (2, 1, ())


@pytest.mark.parametrize(("heading", "name"), [("Kunde", "Ana Ruiz"), ("客户", "王小伟")])
def test_names_under_a_heading_that_may_mean_numbers_are_names(store: Store, heading: str, name: str) -> None:
    text = f"{heading},E-Mail,Datum,Betrag\n{name},ana@example.org,2026-01-31,20.00\n"
    import_file(store, text.encode(), file_name="a.csv", currency="EUR")
    with store.read() as session:
        assert session.execute(select(Customer.source_id, Customer.name)).all() == [("ana@example.org", name)]


def test_words_under_that_heading_that_are_no_names_stay_numbers(store: Store) -> None:
    text = "Kunde,E-Mail,Datum,Betrag\nK 17,ana@example.org,2026-01-31,20.00\n"
    import_file(store, text.encode(), file_name="a.csv", currency="EUR")
    with store.read() as session:
        assert session.scalars(select(Customer.source_id)).all() == ["K 17"]


def test_a_currency_that_is_given_is_for_amounts_that_name_none(store: Store) -> None:
    text = "email,date,amount\na@x.org,2026-01-05,€10.00\nb@x.org,2026-01-06,$20.00\nc@x.org,2026-01-07,30.00\n"
    seen = preview_import(text.encode(), file_name="a.csv")
    assert (seen.staged.currency_is_stated, seen.staged.some_currency_is_stated) == (False, True)
    assert import_file(store, text.encode(), file_name="a.csv", currency="EUR").totals == {
        "EUR": "40.00",
        "USD": "20.00",
    }


@pytest.mark.parametrize(("headings", "code"), [("邮箱,日期,金额", "CNY"), ("email,date,amount", "JPY")])
def test_a_yen_sign_under_chinese_headings_is_a_yuan(store: Store, headings: str, code: str) -> None:
    text = f"{headings}\na@x.org,2026-01-05,¥10\n"
    assert list(import_file(store, text.encode(), file_name="a.csv").totals) == [code]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("交易关闭", "cancelled"),
        ("已退款", "cancelled"),
        ("待付款", "pending"),
        ("已付款", "paid"),
        ("erstattet", "cancelled"),
    ],
)
def test_words_of_other_languages_for_what_became_of_an_order_are_known(store: Store, word: str, status: str) -> None:
    text = f"email,date,amount,currency,status\na@x.org,2026-01-05,10,EUR,{word}\n"
    import_file(store, text.encode(), file_name="a.csv")
    with store.read() as session:
        assert session.scalars(select(Order.status)).all() == [status]


def test_where_names_alone_tell_who_bought_they_do_and_the_report_says_so(store: Store) -> None:
    text = "Kunde,Datum,Betrag\nAna Ruiz,2026-01-05,10\nAna Ruiz,2026-01-06,5\nBen Okafor,2026-01-06,7\n"
    report = import_file(store, text.encode(), file_name="a.csv", currency="EUR")
    assert (report.customers.new, report.orders.new) == (2, 3)
    assert any("known by their names alone" in note for note in report.notes)
    with store.read() as session:
        assert set(session.scalars(select(Customer.name))) == {"Ana Ruiz", "Ben Okafor"}


def test_a_form_s_own_way_of_writing_a_moment_is_a_day(store: Store) -> None:
    text = (
        "email,date,amount,currency\n"
        "a@x.org,2026/09/10 3:45:12 PM GMT+2,10,EUR\n"
        "b@x.org,2026/09/11 9:05:00 AM UTC,1,EUR\n"
    )
    report = import_file(store, text.encode(), file_name="a.csv")
    assert (report.first_day, report.last_day) == (date(2026, 9, 10), date(2026, 9, 11))


def test_a_very_long_cell_is_shortened_within_a_sentence(store: Store) -> None:
    text = f"email,date,amount,currency\na@x.org,2026-09-10,10,EUR\nb@x.org,{'x' * 5000},1,EUR\n"
    rejected = import_file(store, text.encode(), file_name="a.csv").rejected[0]
    assert len(rejected.reason) < 500
    assert len(rejected.cells["date"]) == 5000


def test_what_is_no_e_mail_address_joins_nobody_and_is_told(store: Store) -> None:
    text = "email,date,amount,currency\nnone,2026-01-05,10,EUR\nnone,2026-01-06,5,EUR\na@x.org,2026-01-06,7,EUR\n"
    report = import_file(store, text.encode(), file_name="a.csv")
    assert (report.accepted, report.customers.new) == (3, 1)
    assert "No e-mail address, and so left out: 'none'." in report.notes
    with store.read() as session:
        assert session.scalars(select(Customer.email)).all() == ["a@x.org"]
