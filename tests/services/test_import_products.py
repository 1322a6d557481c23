"""Lists of products: found again by number or name, filled in or overwritten, taken back."""

from typing import Any

import pytest

from crm_core.errors import ImportFileError
from crm_core.importing.choices import Existing, ImportChoices
from crm_core.services.imports import preview_import, undo_import
from crm_core.store.session import Store
from tests.services.test_import_records import NOW, balance, bring, facts, rows

PRODUCTS = """product_id,name,category,price,cost,currency
p1,Tea,Drinks,"4,50","1,20",EUR
p2,Cup,,9,,EUR
"""
ORDERS = """customer_id,date,order_id,product_id,product,amount,currency
c1,2026-01-05,o1,p1,Tea,4.50,EUR
"""
BY_NAME = "customer_id,date,order_id,product,amount,currency\nc1,2026-01-05,o1,Tea,4.50,EUR\n"
FIELDS = ("source_id", "name", "category", "price_minor", "cost_minor", "currency")


def products(store: Store) -> list[tuple[Any, ...]]:
    return sorted(rows(store, "products", *FIELDS))


def test_a_list_of_products_says_what_it_is_and_twice_adds_nothing(store: Store) -> None:
    report = bring(store, PRODUCTS)
    assert (report.kind, balance(report)) == ("products", (2, 0, 0))
    assert report.as_dict()["products"] == {"new": 2, "updated": 0, "unchanged": 0}
    stored = [("p1", "Tea", "Drinks", 450, 120, "EUR"), ("p2", "Cup", None, 900, None, "EUR")]
    assert products(store) == stored
    assert balance(bring(store, PRODUCTS)) == (0, 2, 0)
    assert products(store) == stored


def test_what_orders_brought_is_filled_in_and_undo_takes_that_back(store: Store) -> None:
    bring(store, ORDERS)
    before = facts(store)
    report = bring(store, PRODUCTS)
    assert report.changes["products"].as_dict() == {"new": 1, "updated": 1, "unchanged": 0}
    assert products(store)[0] == ("p1", "Tea", "Drinks", 450, 120, "EUR")
    undo_import(store, report.import_id or 0, now=NOW)
    assert facts(store) == before


@pytest.mark.parametrize(
    ("existing", "after"),
    [
        (Existing.FILL, ("p2", "Cup", "Crockery", 900, 300, "EUR")),
        (Existing.OVERWRITE, ("p2", "Mug", "Crockery", 1000, 300, "EUR")),
        (Existing.SKIP, ("p2", "Cup", None, 900, None, "EUR")),
    ],
)
def test_products_in_already_follow_the_owners_policy(store: Store, existing: Existing, after: tuple[Any, ...]) -> None:
    bring(store, PRODUCTS)
    before = facts(store)
    text = "product_id,name,category,price,cost,currency\np2,Mug,Crockery,10,3,EUR\np3,Jar,,1,,EUR\n"
    report = bring(store, text, choices=ImportChoices(existing=existing))
    assert products(store)[1] == after
    undo_import(store, report.import_id or 0, now=NOW)
    assert facts(store) == before


@pytest.mark.parametrize(
    ("existing", "price"), [(Existing.FILL, (450, 120, "EUR")), (Existing.OVERWRITE, (400, None, "GBP"))]
)
def test_prices_of_two_currencies_are_never_mixed(store: Store, existing: Existing, price: tuple[Any, ...]) -> None:
    bring(store, PRODUCTS)
    bring(store, "product_id,price,currency\np1,4,GBP\n", choices=ImportChoices(existing=existing))
    assert products(store)[0][3:] == price


def test_a_product_known_by_name_alone_is_found_by_its_name(store: Store) -> None:
    bring(store, BY_NAME)
    for _ in range(2):
        bring(store, PRODUCTS)
    assert [row[:2] for row in products(store)] == [("Tea", "Tea"), ("p2", "Cup")]
    bring(store, "name,category\nCup,Crockery\n", "products")
    assert [row[2] for row in products(store)] == ["Drinks", "Crockery"]


def test_two_sorts_of_one_name_are_two_products(store: Store) -> None:
    bring(store, BY_NAME)
    bring(store, "product_id,name,price\nt1,Tea,3\nt2,Tea,4\n")
    assert [row[0] for row in products(store)] == ["Tea", "t1", "t2"]
    report = bring(store, "name,category\nTea,Drinks\nPot,Things\n", "products")
    assert products(store)[0][:3] == ("Pot", "Pot", "Things")
    assert balance(report) == (2, 0, 0)  # "Tea" is the number of the one that orders know by that name


def test_a_name_of_several_products_is_rejected_in_a_sentence(store: Store) -> None:
    bring(store, "product_id,name,price\nt1,Tea,3\nt2,Tea,4\n")
    report = bring(store, "name,category\nTea,Drinks\nPot,Things\n", "products")
    assert balance(report) == (1, 0, 1)
    assert report.rejected[0].reason == (
        "file.csv, row 2: 'Tea' is the name of several products. Add the product's number and import the file again."
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",,Drinks,3,,EUR", "row 2 has neither a product's number nor its name"),
        ("p1,Tea,,cheap,,EUR", "column 'price': 'cheap' is not a price"),
        ("p1,Tea,,-3,,EUR", "column 'price': '-3' is not a price"),
        ("p1,Tea,,3,,Taler", "column 'currency': 'Taler' is not a currency code"),
    ],
)
def test_a_product_that_cannot_be_read_is_told_in_a_sentence(store: Store, row: str, reason: str) -> None:
    report = bring(store, f"product_id,name,category,price,cost,currency\n{row}\np9,Jar,,1,,EUR\n")
    assert balance(report) == (1, 0, 1)
    assert reason in report.rejected[0].reason


def test_further_columns_of_products_are_kept_when_asked(store: Store) -> None:
    text = "product_id,name,price,Colour\np1,Tea,3,green\n"
    before = facts(store)
    report = bring(store, text, choices=ImportChoices(keep_columns=("Colour",)))
    assert rows(store, "custom_fields", "product_id", "name", "value") == [(1, "Colour", "green")]
    undo_import(store, report.import_id or 0, now=NOW)
    assert facts(store) == before


def test_what_two_lists_brought_stays_with_the_second(store: Store) -> None:
    first = bring(store, PRODUCTS)
    second = bring(store, PRODUCTS)
    told = undo_import(store, first.import_id or 0, now=NOW)
    assert told.removed["products"] == 0
    assert {row[0] for row in rows(store, "products", "import_id")} == {second.import_id}
    undo_import(store, second.import_id or 0, now=NOW)
    assert products(store) == []


def test_a_preview_of_products_shows_exact_prices() -> None:
    seen = preview_import(PRODUCTS.encode(), file_name="products.csv")
    assert seen.lines.iloc[0].tolist() == [2, "p1", "Tea", "Drinks", "4.50", "1.20", "EUR"]


def test_a_list_without_names_is_refused_in_a_sentence(store: Store) -> None:
    with pytest.raises(ImportFileError, match="needs 'product_id' or 'product_name'; found 'Colour', 'Size'"):
        bring(store, "Colour,Size\ngreen,3\n", "products")


def test_the_number_of_a_product_that_orders_know_by_name_is_kept_beside_it(store: Store) -> None:
    bring(store, BY_NAME)
    report = bring(store, PRODUCTS)
    assert "known by its name" in report.notes[0]
    assert rows(store, "custom_fields", "name", "value") == [("Product number", "p1")]
    assert "Product number" not in " ".join(bring(store, PRODUCTS, source="other").notes)
