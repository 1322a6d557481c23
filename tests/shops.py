"""Small shops for tests, written straight into the tables."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from crm_core.store.session import Store, raise_revision
from crm_core.store.tables import Base, Customer, Order, OrderLine, Product, Refund

SOURCE = "shop"
SMALL_SHOPS: dict[str, list[tuple[str, str, int]]] = {
    "nobody": [],
    "one": [("a", "2026-05-01", 1000)],
    "two": [("a", "2026-05-01", 1000), ("b", "2026-05-02", 1000)],
    "three, one of them back": [
        ("a", "2026-05-01", 900),
        ("a", "2026-06-01", 1000),
        ("b", "2026-05-02", 0),
        ("c", "2026-06-30", 5),
    ],
    "everyone bought once": [(f"c{n}", f"2026-05-{n:02d}", 100 * n) for n in range(1, 29)],
    "all amounts equal": [(f"c{n % 9}", f"2026-05-{n:02d}", 500) for n in range(1, 29)],
    "only in the future": [("a", "2027-01-01", 1000)],
}


def add_orders(
    store: Store, orders: Iterable[tuple[str, str, int]], *, currency: str = "EUR", status: str = "paid"
) -> None:
    """Orders as (customer, ISO day, amount in minor units); customers and one product are made as needed."""
    with store.begin() as session:
        people = session.execute(select(Customer.source_id, Customer.id))
        known = dict(people.all())
        first = session.query(Order).count()
        if not session.query(Product).count():
            session.execute(insert(Product).values(id=1, source=SOURCE, source_id="soap", name="Lavender soap"))
        for number, (customer, day, amount) in enumerate(orders, start=first + 1):
            if customer not in known:
                known[customer] = len(known) + 1
                session.execute(
                    insert(Customer).values(
                        id=known[customer], source=SOURCE, source_id=customer, name=f"Person {customer}"
                    )
                )
            session.execute(
                insert(Order).values(
                    id=number,
                    source=SOURCE,
                    source_id=f"o{number}",
                    customer_id=known[customer],
                    ordered_on=date.fromisoformat(day),
                    status=status,
                    currency=currency,
                    amount_minor=amount,
                )
            )
            session.execute(
                insert(OrderLine).values(
                    order_id=number, fingerprint=1, occurrence=0, product_id=1, quantity=1, amount_minor=amount
                )
            )
        raise_revision(session)


def add_refund(store: Store, customer_id: int, day: str, amount: int) -> None:
    """Money given back to a customer."""
    with store.begin() as session:
        session.execute(
            insert(Refund).values(
                id=next_id(session, Refund),
                source=SOURCE,
                source_id=f"r{customer_id}{day}{amount}",
                customer_id=customer_id,
                refunded_on=date.fromisoformat(day),
                currency="EUR",
                amount_minor=amount,
            )
        )
        raise_revision(session)


def next_id(session: Session, table: type[Base]) -> int:
    """The number of a new row: a server's own count may be behind, where a file was copied into it."""
    return int(session.scalar(select(func.coalesce(func.max(table.id), 0))) or 0) + 1
