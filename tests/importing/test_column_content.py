"""Columns known by what they hold, where no name tells."""

import pytest

from crm_core.importing.kinds import ImportKind
from crm_core.importing.reader import read_table
from crm_core.importing.sources import Source, recognise_source


def source_of(*rows: str, **given: str | None) -> Source:
    return recognise_source(read_table("\n".join(rows).encode(), file_name="orders.csv"), given)


@pytest.mark.parametrize(
    ("header", "field", "words"),
    [
        ("email,Bestell-Nr.,wann,amount", "day", "wann (100 % of cells)"),
        ("an wen,order,date,amount", "email", "an wen (100 % of cells)"),
        ("email,order,date,was es kam", "amount", "was es kam (100 % of cells)"),
    ],
)
def test_what_is_needed_and_has_no_name_is_found(header: str, field: str, words: str) -> None:
    found = source_of(header, "ana@x.org,A1,2026-02-01,10.00", "ben@x.org,A2,2026-02-02,7.50")
    assert found.mapping.missing == ()
    assert found.evidence[field].as_words() == words


def test_two_columns_of_days_are_not_decided_between() -> None:
    found = source_of("email,began,ended,amount", "ana@x.org,2026-02-01,2026-02-02,10.00")
    assert found.mapping.missing == ("day",)


def test_spending_is_no_order() -> None:
    found = source_of("email,Joined,lifetime so far", "ana@x.org,2026-02-01,10.00")
    assert found.kind is ImportKind.CUSTOMERS


def test_numbers_without_cents_are_no_money() -> None:
    found = source_of("email,order,date,pieces of it", "ana@x.org,A1,2026-02-01,10")
    assert found.mapping.missing == ("amount",)


def test_what_the_owner_left_out_stays_out() -> None:
    found = source_of("email,order,wann,amount", "ana@x.org,A1,2026-02-01,10.00", day=None)
    assert found.mapping.missing == ("day",)


def test_the_share_counts_filled_cells() -> None:
    rows = [f"p{n}@x.org,{'2026-02-01' if n < 3 else 'soon'},1.00" for n in range(4)]
    assert source_of("email,date,amount", *rows).evidence["day"].as_words() == "date (name and 75 % of cells)"


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Kundennr;Bestellnr;Bestelldatum;Artikelbezeichnung;Stückzahl;Stückpreis;Währung",
         {"customer_id", "order_id", "day", "product_name", "quantity", "unit_price", "currency"}),
        ("客户姓名;邮箱;订单编号;下单时间;商品名称;数量;实付金额;订单状态",
         {"customer_name", "email", "order_id", "day", "product_name", "quantity", "amount", "status"}),
    ],
)  # fmt: skip
def test_german_and_chinese_names_are_known(header: str, fields: set[str]) -> None:
    row = ";".join("1" for _ in header.split(";"))
    assert set(source_of(header, row).mapping.columns) == fields
