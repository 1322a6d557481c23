"""Finding people, and what is known of one."""

from datetime import date

import pytest

from crm_core.errors import NotFoundError
from crm_core.store.people_queries import SORT_ORDERS, count_people, customer_history, customer_record, find_people
from crm_core.store.session import Store
from tests.shops import add_orders, add_refund

END = date(2026, 6, 30)


@pytest.fixture
def shop(store: Store) -> Store:
    add_orders(
        store, [("b", "2026-01-01", 100), ("a", "2026-02-01", 50), ("a", "2026-02-02", 25), ("c_%", "2026-01-15", 500)]
    )
    return store


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("name", [2, 1, 3]), ("latest order", [2, 3, 1]), ("most orders", [2, 1, 3]), ("sales", [3, 1, 2])],
)
def test_each_order_of_the_list(shop: Store, sort: str, expected: list[int]) -> None:
    assert sort in SORT_ORDERS
    with shop.read() as session:
        assert find_people(session, text="", sort=sort, offset=0, limit=9, as_of=END, currency="EUR") == expected
        second = find_people(session, text="", sort=sort, offset=1, limit=1, as_of=END, currency="EUR")
    assert second == expected[1:2]


@pytest.mark.parametrize(("text", "found"), [("PERSON A", 1), ("c_%", 1), ("_", 1), ("nobody", 0), ("  ", 3)])
def test_search_takes_letters_as_they_stand(shop: Store, text: str, found: int) -> None:
    with shop.read() as session:
        assert count_people(session, text=text) == found


def test_history_is_latest_first_with_refunds_as_negative_money(shop: Store) -> None:
    add_refund(shop, 2, "2026-02-03", 20)
    with shop.read() as session:
        history = customer_history(session, 2, limit=10)
    assert history["kind"].tolist() == ["refund", "order", "order"]
    assert history["amount_minor"].tolist() == [-20, 25, 50]
    assert history["what"].tolist()[1:] == ["Lavender soap", "Lavender soap"]


def test_an_unknown_number_is_said(shop: Store) -> None:
    with shop.read() as session, pytest.raises(NotFoundError, match="no customer with number 99"):
        customer_record(session, 99)
