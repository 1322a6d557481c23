"""Columns by name: what shops call them, what the owner says, what is missing."""

import pytest

from crm_core.errors import ImportFileError
from crm_core.importing.columns import check_mapping, recognise_columns


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            ("customer_id", "date", "amount", "quantity", "product_id", "order_id", "description", "country"),
            {
                "customer_id": "customer_id",
                "day": "date",
                "amount": "amount",
                "quantity": "quantity",
                "product_id": "product_id",
                "order_id": "order_id",
                "product_name": "description",
                "country": "country",
            },
        ),
        (
            ("Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"),
            {
                "order_id": "Invoice",
                "product_id": "StockCode",
                "product_name": "Description",
                "quantity": "Quantity",
                "day": "InvoiceDate",
                "unit_price": "Price",
                "customer_id": "Customer ID",
                "country": "Country",
            },
        ),
        (
            ("E-Mail", "Datum", "Betrag", "Währung"),
            {"email": "E-Mail", "day": "Datum", "amount": "Betrag", "currency": "Währung"},
        ),
        (("email", "date", "price"), {"email": "email", "day": "date", "amount": "price"}),
    ],
)
def test_known_names_are_recognised(header: tuple[str, ...], expected: dict[str, str]) -> None:
    mapping = recognise_columns(header)
    assert dict(mapping.columns) == expected
    assert mapping.missing == ()


def test_what_the_owner_says_comes_first() -> None:
    mapping = recognise_columns(
        ("date", "shipped", "id", "total", "net"), {"day": "shipped", "customer_id": "id", "amount": "net"}
    )
    assert dict(mapping.columns) == {"customer_id": "id", "day": "shipped", "amount": "net"}


def test_a_field_can_be_left_out() -> None:
    assert "country" not in recognise_columns(("customer_id", "country"), {"country": None}).columns


def test_a_missing_column_is_named_with_what_was_there_and_a_guess() -> None:
    mapping = recognise_columns(("cust_identifier", "date", "amount"))
    found = r"found 'cust_identifier', 'date', 'amount'\. Did you mean 'cust_identifier'\?"
    words = rf"sales\.csv needs 'customer_id', 'email', 'phone' or 'customer_name'; {found}"
    with pytest.raises(ImportFileError, match=words):
        check_mapping(mapping, file_name="sales.csv")


def test_a_unit_price_needs_a_quantity() -> None:
    assert recognise_columns(("email", "date", "up"), {"unit_price": "up"}).missing == ("quantity",)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"dya": "date"}, "names the field 'dya', which does not exist.*Did you mean 'day'"),
        ({"day": "dat"}, "names the column 'dat' for day; the file has 'date', 'email'.*Did you mean 'date'"),
    ],
)
def test_a_wrong_mapping_is_a_sentence(given: dict[str, str], words: str) -> None:
    with pytest.raises(ImportFileError, match=words):
        recognise_columns(("date", "email"), given)
