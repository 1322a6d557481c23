"""A generated shop of a size that few owners have, written straight into a database."""

from datetime import date, timedelta

import numpy as np
from sqlalchemy import insert

from crm_core.store.session import Store, raise_revision
from crm_core.store.tables import Customer, Order, OrderLine, Product

CUSTOMERS, ORDERS, LINES, PRODUCTS = 87_000, 250_000, 1_000_000, 3_000
LAST_DAY = date(2026, 6, 30)
DAYS = 730


def fill_big_shop(
    store: Store, *, customers: int = CUSTOMERS, orders: int = ORDERS, lines: int = LINES, products: int = PRODUCTS
) -> None:
    """Gamma purchase rates, Zipf products, log-normal line amounts; the same for the same sizes."""
    random = np.random.default_rng(11)
    weight = random.gamma(0.6, size=customers) + 1e-3
    buyer = np.r_[np.arange(customers), random.choice(customers, orders - customers, p=weight / weight.sum())] + 1
    ago = random.integers(0, DAYS, orders)
    order = np.sort(np.r_[np.arange(orders), random.integers(0, orders, lines - orders)]) + 1
    product = np.minimum(random.zipf(1.3, lines), products)
    amount = np.maximum(random.lognormal(7, 0.8, lines), 50).astype(int)
    total = np.bincount(order, weights=amount, minlength=orders + 1).astype(int)
    with store.begin() as session:
        session.execute(
            insert(Customer), [{"id": n, "source": "shop", "source_id": f"C{n}"} for n in range(1, customers + 1)]
        )
        session.execute(
            insert(Product),
            [{"id": n, "source": "shop", "source_id": f"P{n}", "name": f"Product {n}"} for n in range(1, products + 1)],
        )
        session.execute(insert(Order), [_order(n, buyer, ago, total) for n in range(1, orders + 1)])
        for start in range(0, lines, 100_000):
            chunk = range(start, min(start + 100_000, lines))
            session.execute(insert(OrderLine), [_line(n, order, product, amount) for n in chunk])
        raise_revision(session)


def _order(number: int, buyer: np.ndarray, ago: np.ndarray, total: np.ndarray) -> dict[str, object]:
    return {
        "id": number,
        "source": "shop",
        "source_id": f"O{number}",
        "customer_id": int(buyer[number - 1]),
        "ordered_on": LAST_DAY - timedelta(days=int(ago[number - 1])),
        "status": "paid",
        "currency": "EUR",
        "amount_minor": int(total[number]),
    }


def _line(number: int, order: np.ndarray, product: np.ndarray, amount: np.ndarray) -> dict[str, object]:
    return {
        "order_id": int(order[number]),
        "fingerprint": number,
        "occurrence": 0,
        "product_id": int(product[number]),
        "quantity": 1.0,
        "amount_minor": int(amount[number]),
    }
