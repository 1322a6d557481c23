"""Purchases of shops of several kinds: groceries that come again in their rhythm, and crowds with tastes."""

import numpy as np
import pandas as pd

START = pd.Timestamp("2025-01-01")


def simulate_groceries(customers: int, *, seed: int, days: int = 260, products: int = 80) -> pd.DataFrame:
    """[customer_id, order_id, date, product_id]: everybody keeps ten products, each with a rhythm of its own."""
    rng = np.random.default_rng(seed)
    rows, order = [], 0
    for customer in range(customers):
        kept = rng.choice(products, 10, replace=False)
        gaps = rng.uniform(10, 60, 10)
        due = rng.uniform(0, gaps)
        visit, every = rng.uniform(0, 10), rng.uniform(5, 10)
        while visit < days:
            basket = {int(kept[place]) for place in np.flatnonzero(due <= visit)} | {int(rng.integers(products))}
            due = np.where(due <= visit, visit + gaps * rng.gamma(25, 1 / 25, 10), due)
            rows += [(customer, order, int(visit), product) for product in sorted(basket)]
            order, visit = order + 1, visit + every * rng.gamma(9, 1 / 9)
    return dated(pd.DataFrame(rows, columns=["customer_id", "order_id", "day", "product_id"]))


def simulate_crowds(customers: int, *, seed: int, days: int = 260, crowds: int = 4, each: int = 12) -> pd.DataFrame:
    """[customer_id, order_id, date, product_id]: every crowd buys from its own products, all equally often."""
    rng = np.random.default_rng(seed)
    customer = np.repeat(np.arange(customers), 8)
    table = pd.DataFrame(
        {
            "customer_id": customer,
            "order_id": np.arange(len(customer)),
            "day": rng.integers(0, days, len(customer)),
            "product_id": each * (customer % crowds) + rng.integers(0, each, len(customer)),
        }
    )
    return dated(table)


def dated(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(date=START + pd.to_timedelta(table["day"], unit="D")).drop(columns="day")
