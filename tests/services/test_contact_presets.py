"""Lists of people as platforms write them, taken in: who is stored, known by what."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from crm_core.services.imports import import_file
from crm_core.store.session import Store
from crm_core.store.tables import Customer
from tests.importing.platform_headers import made_up
from tests.services.test_imports import contents

NOW = datetime(2026, 3, 14, tzinfo=UTC)
Row = dict[str, str]
CASES: dict[str, tuple[str, list[Row], list[tuple[Any, ...]]]] = {
    "SHOPIFY_CUSTOMERS": (
        "shopify",
        [
            {"Customer ID": "'7001", "First Name": "Ana", "Last Name": "Ruiz", "Email": "Ana@x.org",
             "Phone": "'+34911234567", "Default Address Zip": "'08001", "Default Address Country Code": "ES",
             "Total Spent": "120.00", "Total Orders": "3"},
            {"Customer ID": "7002", "Default Address Company": "Berg Ltd", "Default Address Phone": "+4930901820"},
        ],
        [("7001", "Ana Ruiz", "ana@x.org", "+34911234567", "08001", "ES", None),
         ("7002", "Berg Ltd", None, "+4930901820", None, None, None)],
    ),
    "SHOPIFY_CUSTOMERS_OLDER": (
        "shopify",
        [{"First Name": "Ana", "Last Name": "Ruiz", "Email": "ana@x.org", "Zip": "'08001", "Country": "Spain",
          "Country Code": "ES", "Total Spent": "1.00"}],
        [("ana@x.org", "Ana Ruiz", "ana@x.org", None, "08001", "ES", None)],
    ),
    "STRIPE_CUSTOMERS": (
        "stripe",
        [{"id": "cus_1", "Email": "ana@x.org", "Name": "Ana", "Created (UTC)": "2026-02-14 23:30", "Total Spend": "9"}],
        [("cus_1", "Ana", "ana@x.org", None, None, None, None)],
    ),
    "WOOCOMMERCE_CUSTOMERS": (
        "woocommerce",
        [{"Name": "Ana One", "Email": "ana@x.org", "Orders": "2", "Total Spend": "20", "Country / Region": "DE",
          "Postal Code": "01067"}],
        [("ana@x.org", "Ana One", "ana@x.org", None, "01067", "DE", None)],
    ),
    "HUBSPOT": (
        "hubspot",
        [{"Record ID": "51", "First Name": "Ana", "Last Name": "Ruiz", "Email": "ana@x.org", "Phone Number": "123",
          "Country/Region": "Spain"}],
        [("51", "Ana Ruiz", "ana@x.org", "123", None, "Spain", None)],
    ),
    "GOOGLE": (
        "google",
        [
            {"First Name": "Ana", "Last Name": "Ruiz", "Labels": "* myContacts", "Birthday": "1980-02-28",
             "E-mail 1 - Label": "* Home", "E-mail 1 - Value": "ana@x.org ::: ana@y.org",
             "Phone 1 - Value": "+4930901820 ::: +43158858"},
            {"First Name": "Ben", "Birthday": "--03-01", "E-mail 2 - Value": "ben@x.org"},
            {"Organization Name": "Berg Ltd"},
        ],
        [("Berg Ltd", "Berg Ltd", None, None, None, None, None),
         ("ana@x.org", "Ana Ruiz", "ana@x.org", "+4930901820", None, None, "1980-02-28"),
         ("ben@x.org", "Ben", "ben@x.org", None, None, None, None)],
    ),
    "GOOGLE_OLDER": (
        "google",
        [{"Name": "Dr Ana Ruiz", "Given Name": "Ana", "Family Name": "Ruiz", "E-mail 1 - Value": "ana@x.org",
          "Birthday": "1604-12-24", "Address 1 - Country": "Spain"}],
        [("ana@x.org", "Ana Ruiz", "ana@x.org", None, None, "Spain", None)],
    ),
    "OUTLOOK": (
        "outlook",
        [{"First Name": "Ana", "Last Name": "Ruiz", "E-mail Address": "ana@x.org", "Business Phone": "+4930901820",
          "Home Postal Code": "01067", "Business Country/Region": "Germany"}],
        [("ana@x.org", "Ana Ruiz", "ana@x.org", "+4930901820", "01067", "Germany", None)],
    ),
    "MAILCHIMP": (
        "mailchimp",
        [{"Email Address": "Ana@x.org", "First Name": "Ana", "CC": "es", "EUID": "e1", "LEID": "1"}],
        [("ana@x.org", "Ana", "ana@x.org", None, None, "es", None)],
    ),
    "XERO_CONTACTS": (
        "xero",
        [{"*ContactName": "Berg Ltd", "EmailAddress": "ana@x.org", "MobileNumber": "123", "POPostalCode": "0123"}],
        [("Berg Ltd", "Berg Ltd", "ana@x.org", "123", "0123", None, None)],
    ),
    "YOUZAN_CUSTOMERS": (
        "youzan",
        [{"客户姓名": "王伟", "客户手机号": "13912345678", "客户生日": "1990-05-06", "消费金额": "99.00"},
         {"客户昵称": "小李", "客户手机号": "13812345678"}],
        [("13812345678", "小李", None, "13812345678", None, None, None),
         ("13912345678", "王伟", None, "13912345678", None, None, "1990-05-06")],
    ),
    "LINKEDIN": (
        "linkedin",
        [{"First Name": "Ana", "Last Name": "Ruiz", "URL": "https://www.linkedin.com/in/ana", "Company": "Berg Ltd",
          "Connected On": "14 Mar 2025"}],
        [("https://www.linkedin.com/in/ana", "Ana Ruiz", None, None, None, None, None)],
    ),
    "PATREON": (
        "patreon",
        [{"Name": "Ana", "Email": "ana@x.org", "Patron Status": "Active patron", "Lifetime Amount": "12.00",
          "User ID": "900", "Zip": "0123", "Country": "ES"}],
        [("900", "Ana", "ana@x.org", None, "0123", "ES", None)],
    ),
}  # fmt: skip


def people(store: Store) -> list[tuple[Any, ...]]:
    fields = (Customer.source_id, Customer.name, Customer.email, Customer.phone, Customer.postcode, Customer.country)
    with store.read() as session:
        rows = session.execute(select(*fields, Customer.birthday)).all()
    return sorted((*row[:-1], row[-1] and row[-1].isoformat()) for row in rows)


@pytest.mark.parametrize("name", CASES)
def test_a_platforms_people_are_stored_once(store: Store, name: str) -> None:
    source, rows, expected = CASES[name]
    report = import_file(store, made_up(name, rows, seed=3, more=("Own",)), file_name="people.csv", now=NOW)
    assert (report.kind, report.source, report.accepted, report.orders.new) == ("customers", source, len(rows), 0)
    assert people(store) == expected
    before = contents(store)["customers"]
    again = import_file(store, made_up(name, rows), file_name="people.csv", now=NOW)
    assert (again.accepted, again.duplicates) == (0, len(rows))
    assert contents(store)["customers"] == before


def test_what_stands_above_linkedins_columns_is_left_out(store: Store) -> None:
    above = '"Notes:"\n"When exporting your connection data, you may notice that some addresses are missing."\n\n'
    rows = (
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Ana,Ruiz,https://l.com/a,,,,01 Mar 2025\n"
    )
    report = import_file(store, (above + rows).encode(), file_name="Connections.csv", now=NOW)
    assert (report.source, report.accepted) == ("linkedin", 1)


def test_stripes_people_and_payments_are_the_same_people(store: Store) -> None:
    _, rows, _ = CASES["STRIPE_CUSTOMERS"]
    import_file(store, made_up("STRIPE_CUSTOMERS", rows), file_name="customers.csv", now=NOW)
    paid = {"id": "ch_1", "Amount": "20.00", "Amount Refunded": "0.00", "Currency": "usd", "Status": "Paid",
            "Customer ID": "cus_1", "Created (UTC)": "2026-02-14 10:30", "Captured": "true"}  # fmt: skip
    report = import_file(store, made_up("STRIPE", [paid]), file_name="payments.csv", now=NOW)
    assert (report.customers.new, report.orders.new, len(people(store))) == (0, 1, 1)
