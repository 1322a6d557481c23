"""Any small shop that is taken out and brought into an empty database is the same shop."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from crm_core.store.session import Store, open_store
from crm_core.store.tables import Base, Customer, Identity, Order, OrderLine, Product, Refund
from tests.services.test_own_files import ENDINGS, bring_back, exported

FIRST_DAY = date(1999, 12, 31)
CHARACTERS = st.one_of(
    st.sampled_from("=+-@'\"\n,;|\t 0aN/\\ü🙂\u200f"), st.characters(exclude_categories=["Cs", "Cc", "Cn"])
)
TEXTS = st.one_of(
    st.sampled_from(["NA", "Null", "Total", "007", "=1+1", "'=1", "-12", "+49301234567", "nan", "1e5", "2024-01-02"]),
    st.text(CHARACTERS, min_size=1, max_size=10).map(str.strip).filter(bool),
)
SOURCES = st.sampled_from(["shop", "other shop", "a/b;c", "=x"])
DAYS = st.integers(0, 12_000).map(lambda days: FIRST_DAY + timedelta(days))
AMOUNTS = st.integers(-(10**9), 10**9)
MONEY = st.sampled_from(["EUR", "JPY", "KWD"])


@st.composite
def shops(draw: Any) -> dict[str, list[dict[str, Any]]]:
    """Rows by table: people with further numbers, orders of theirs and of guests with their lines, refunds."""
    numbers = st.lists(st.tuples(SOURCES, TEXTS), unique=True, max_size=4)
    people = [
        {
            "id": at,
            "source": source,
            "source_id": number,
            "name": draw(st.none() | TEXTS),
            "phone": draw(st.none() | TEXTS),
        }
        for at, (source, number) in enumerate(draw(numbers), start=1)
    ]
    known = {("source", row["source"], row["source_id"]): row["id"] for row in people}
    for row in people:
        for identity in draw(st.lists(st.tuples(st.sampled_from(["email", "phone"]), st.just(""), TEXTS), max_size=2)):
            known.setdefault(identity, row["id"])
        known.setdefault(("source", *draw(st.tuples(SOURCES, TEXTS))), row["id"])
    products = [
        {"id": at, "source": source, "source_id": number, "name": draw(st.none() | TEXTS)}
        for at, (source, number) in enumerate(draw(numbers), start=1)
    ]
    someone = st.sampled_from([None, *[row["id"] for row in people]])
    orders, lines = [], []
    for at, (source, number) in enumerate(draw(numbers), start=1):
        keys = draw(
            st.lists(st.tuples(st.integers(0, 2**63 - 1), st.integers(0, 3)), unique=True, min_size=1, max_size=3)
        )
        own = [
            {"order_id": at, "fingerprint": mark, "occurrence": which, "amount_minor": draw(AMOUNTS)}
            | {"product_id": draw(st.sampled_from([None, *[row["id"] for row in products]]))}
            | {"quantity": draw(st.none() | st.floats(-1e6, 1e6))}
            for mark, which in keys
        ]
        lines += own
        orders.append(
            {"id": at, "source": source, "source_id": number, "customer_id": draw(someone), "ordered_on": draw(DAYS)}
            | {"status": draw(st.sampled_from(["paid", "pending", "cancelled", "test"]))}
            | {"status_raw": draw(st.none() | TEXTS), "channel": draw(st.none() | TEXTS), "currency": draw(MONEY)}
            | {"amount_minor": sum(line["amount_minor"] for line in own)}
        )
    refunds = [
        {"id": at, "source": source, "source_id": number, "customer_id": draw(someone), "refunded_on": draw(DAYS)}
        | {"order_id": draw(st.sampled_from([None, *[row["id"] for row in orders]]))}
        | {"currency": draw(MONEY), "amount_minor": draw(st.integers(1, 10**9))}
        for at, (source, number) in enumerate(draw(numbers), start=1)
    ]
    identities = [
        {"id": at, "customer_id": owner, "kind": kind, "issuer": issuer, "value": value}
        for at, ((kind, issuer, value), owner) in enumerate(known.items(), start=1)
    ]
    used = {line["product_id"] for line in lines} | {row["id"] for row in products}
    return {
        "customers": people,
        "customer_identities": identities,
        "products": [row for row in products if row["id"] in used],
        "orders": orders,
        "order_lines": lines,
        "refunds": refunds,
    }


@pytest.fixture(scope="module")
def two_stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    folder = tmp_path_factory.mktemp("shops")
    stores = open_store(f"sqlite:///{folder / 'from.db'}"), open_store(f"sqlite:///{folder / 'to.db'}")
    yield stores
    for store in stores:
        store.close()


def fill(store: Store, shop: dict[str, list[dict[str, Any]]]) -> None:
    with store.begin() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name != "revision":
                session.execute(delete(table))
        for model in (Customer, Identity, Product, Order, OrderLine, Refund):
            if shop.get(model.__tablename__):
                session.execute(insert(model), shop[model.__tablename__])


@pytest.mark.slow
@pytest.mark.parametrize("ending", ENDINGS)
@given(shop=shops())
@settings(max_examples=40, deadline=None)
def test_any_shop_that_is_taken_out_comes_back_the_same(
    ending: str, two_stores: tuple[Store, Store], shop: dict[str, list[dict[str, Any]]]
) -> None:
    source, target = two_stores
    fill(source, shop)
    fill(target, {})
    for report in bring_back(source, target, ending):
        assert not report.rejected, report.rejected[0].reason
    assert exported(target) == exported(source)
    for report in bring_back(source, source, ending):
        assert report.accepted == 0
    assert exported(target) == exported(source)
