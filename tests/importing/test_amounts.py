"""Amounts: exact, whatever the shop puts between and around the digits."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.importing.amounts import read_numbers
from crm_core.importing.money_columns import read_money
from crm_core.importing.text_table import TextColumn


def numbers(*words: str) -> list[str]:
    column = TextColumn.of(list(words))
    found = read_numbers(column).numbers
    return [str(found[code]) for code in column.codes]


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("1,234.50", "1234.50"), ("1.234,50", "1234.50"), ("1 234,50", "1234.50"), ("1'234.50", "1234.50"),
        ("12,34,567.80", "1234567.80"), ("0.5", "0.5"), (".5", "0.5"), ("7", "7"), ("-7", "-7"), ("7-", "-7"),
        ("(7.00)", "-7.00"), ("(£7.00)", "-7.00"), ("−7", "-7"), ("+7", "7"), ("€1.234,50", "1234.50"),
        ("1.234,50 EUR", "1234.50"), ("-$5.00", "-5.00"), ("$-5.00", "-5.00"), ("1,234", "1234"),
        ("1.234.567", "1234567"), ("-$45.00", "-45.00"), ("¥1,234", "1234"), ("￥1,234.00", "1234.00"),
        ("12.00元", "12.00"), ("CHF 1’234.50", "1234.50"), ("Fr. 12.-", "12"), ("€ 12,-", "12"),
        ("US$1,234.50", "1234.50"), ("R$ 1.234,50", "1234.50"),
        ("₹1,23,456.78", "123456.78"), ("1 234,50 Kč", "1234.50"),
        ("1.234,50-", "-1234.50"),
    ],
)  # fmt: skip
def test_usual_spellings(word: str, number: str) -> None:
    assert Decimal(numbers(word)[0]) == Decimal(number)


@pytest.mark.parametrize(
    "word", ["abc", "1.2.3", "12,3,4.5", "--5", "(-5)", "(5", "5 apples", "1e5", "NaN", "inf", "-", "1" * 16]
)
def test_what_is_no_number_stays_unread(word: str) -> None:
    assert numbers(word) == ["None"]


def test_point_or_comma_is_decided_by_the_whole_column() -> None:
    assert numbers("1.234", "5,50") == ["1234", "5.50"]
    assert numbers("1,234", "5.50") == ["1234", "5.50"]
    assert numbers("1.234", "5.50") == ["1.234", "5.50"]


@pytest.mark.parametrize(
    ("currency", "word", "minor"),
    [
        ("EUR", "12.34", 1234),
        ("JPY", "1,234", 1234),
        ("KWD", "1.234", 1234),
        ("EUR", "0.005", 1),
        ("EUR", "83.39999999999999", 8340),
    ],
)
def test_minor_units_are_the_currencys_own(currency: str, word: str, minor: int) -> None:
    money = read_money({"amount": TextColumn.of([word])})
    assert money.in_minor_units(TextColumn.of([currency]), np.array([True])).tolist() == [minor]


def test_an_amount_is_the_total_even_beside_a_quantity() -> None:
    columns = {"amount": TextColumn.of(["10"]), "quantity": TextColumn.of(["3"]), "unit_price": TextColumn.of(["9"])}
    money = read_money(columns)
    assert money.in_minor_units(TextColumn.of(["EUR"]), np.array([True])).tolist() == [1000]
    assert money.quantity.tolist() == [3.0]


@given(st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=30))
def test_written_amounts_come_back_to_the_cent(cents: list[int]) -> None:
    column = TextColumn.of([f"{Decimal(n) / 100:,.2f}" for n in cents])
    money = read_money({"amount": column})
    currency = TextColumn.of(["EUR"] * len(cents))
    assert money.in_minor_units(currency, np.ones(len(cents), bool)).tolist() == cents
