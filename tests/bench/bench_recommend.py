"""Both lists for all of 4,000 customers and 3,000 products, from rows to reasons."""

import time

import numpy as np
import pandas as pd

from crm_core.models.recommend import recommend_products
from tests.bench import Row

CUSTOMERS, PRODUCTS, LINES = 4_000, 3_000, 380_000


def simulated_purchases() -> pd.DataFrame:
    """A year of a gift shop: gamma purchase rates, twenty tastes, Zipf products within each."""
    rng = np.random.default_rng(3)
    rate = rng.gamma(0.6, size=CUSTOMERS) + 0.02
    order_customer = rng.choice(CUSTOMERS, LINES // 20, p=rate / rate.sum())
    order_day = rng.integers(0, 365, len(order_customer))
    order = rng.integers(0, len(order_customer), LINES)
    place = (rng.zipf(1.2, LINES) - 1) % PRODUCTS
    customer = order_customer[order]
    return pd.DataFrame(
        {
            "customer_id": customer,
            "order_id": order,
            "date": pd.Timestamp("2026-01-01") + pd.to_timedelta(order_day[order], unit="D"),
            "product_id": (place + (customer % 20) * 150) % PRODUCTS,
        }
    )


def main() -> list[Row]:
    """Rows of the bench."""
    purchases = simulated_purchases()
    recommend_products(purchases.head(5_000))
    rows = []
    for new_only, name in ((False, "next basket"), (True, "new products")):
        started = time.perf_counter()
        table = recommend_products(purchases, new_only=new_only)
        seconds = time.perf_counter() - started
        customers = table["customer_id"].nunique()
        rows.append(
            Row(f"{name}, {customers:,} customers x {PRODUCTS:,} products", f"{seconds:.2f} s", budget="<= 1 s")
        )
    return rows
