"""What is known of people beside their orders, on every database."""

from datetime import date

import pandas as pd
from sqlalchemy import insert, update

from crm_core.store.session import Store
from crm_core.store.tables import Customer, CustomField, Order, OrderLine, Product
from crm_core.store.trait_queries import (
    bought_by_category,
    customer_traits,
    field_values,
    has_categories,
    names_of_fields,
)
from tests.shops import SOURCE, add_orders

JUNE = date(2026, 6, 30)


def fill(store: Store) -> None:
    """a bought soap twice and tea once until June, and tea after; b an uncategorised thing."""
    add_orders(store, [("a", "2026-05-01", 1000), ("a", "2026-05-02", 500), ("a", "2026-07-01", 500)])
    add_orders(store, [("b", "2026-05-03", 700)])
    with store.begin() as session:
        session.execute(update(Product).where(Product.id == 1).values(category="Soap"))
        session.execute(insert(Product).values(id=2, source=SOURCE, source_id="tea", name="Tea", category="Tea"))
        session.execute(insert(Product).values(id=3, source=SOURCE, source_id="x", name="Thing", category=""))
        lines = [(1, 2, 2, 300), (2, 2, 2, -300), (3, 2, 2, 300)]  # the second was sent back
        for order, fingerprint, product, amount in lines:
            session.execute(
                insert(OrderLine).values(
                    order_id=order, fingerprint=fingerprint, occurrence=0, product_id=product, quantity=1,
                    amount_minor=amount,
                )
            )  # fmt: skip
        session.execute(update(OrderLine).where(OrderLine.order_id == 4).values(product_id=3))
        born = date(1990, 2, 28)
        session.execute(update(Customer).where(Customer.id == 1).values(country="AT", channel="web", birthday=born))


def test_who_people_are_is_read_with_what_is_unknown(store: Store) -> None:
    fill(store)
    with store.read() as session:
        traits = customer_traits(session)
    assert traits.loc[1].tolist() == ["AT", "web", pd.Timestamp("1990-02-28")]
    assert traits.loc[2].isna().all()
    assert str(traits["birthday"].dtype).startswith("datetime64")


def test_lines_are_counted_by_category_up_to_the_day(store: Store) -> None:
    fill(store)
    with store.read() as session:
        assert has_categories(session)
        bought = bought_by_category(session, as_of=JUNE)
        later = bought_by_category(session, as_of=date(2026, 7, 1))
    assert bought.to_numpy().tolist() == [[1, "Soap", 2], [1, "Tea", 1]]
    assert later.to_numpy().tolist() == [[1, "Soap", 3], [1, "Tea", 2]]


def test_orders_that_do_not_count_count_here_neither(store: Store) -> None:
    fill(store)
    with store.begin() as session:
        session.execute(update(Order).where(Order.id == 1).values(status="cancelled"))
    with store.read() as session:
        assert bought_by_category(session, as_of=JUNE).to_numpy().tolist() == [[1, "Soap", 1]]


def test_a_shop_without_categories_and_fields_has_empty_tables(store: Store) -> None:
    add_orders(store, [("a", "2026-05-01", 1000)])
    with store.read() as session:
        assert not has_categories(session)
        assert list(bought_by_category(session, as_of=JUNE)) == ["customer_id", "category", "lines"]
        assert names_of_fields(session).empty
        assert list(field_values(session, ["Shoe size"])) == ["customer_id", "name", "value"]


def test_further_fields_of_people_alone_are_named_the_most_known_first(store: Store) -> None:
    fill(store)
    with store.begin() as session:
        rows = [(1, None, "Size", "41"), (2, None, "Size", "39"), (1, None, "Town", "Graz"), (None, 1, "Size", "XL")]
        for number, (customer, product, name, value) in enumerate(rows, start=1):
            owner = {"customer_id": customer, "product_id": product}
            session.execute(insert(CustomField).values(id=number, name=name, value=value, **owner))
    with store.read() as session:
        assert names_of_fields(session).to_numpy().tolist() == [["Size", 2], ["Town", 1]]
        assert field_values(session, ["Size"]).to_numpy().tolist() == [[1, "Size", "41"], [2, "Size", "39"]]
