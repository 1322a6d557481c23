"""What was bought, and how much is stored: the plain questions that several pages ask."""

from datetime import date

import pandas as pd

from crm_core.store.queries import count_known, product_names, purchase_items
from crm_core.store.session import Store

__all__ = ["count_stored", "load_items", "load_product_names"]


def load_items(store: Store, *, as_of: date) -> pd.DataFrame:
    """One row per line that names a product, as ``store.queries.purchase_items`` documents it."""
    with store.read() as session:
        return purchase_items(session, as_of=as_of)


def load_product_names(store: Store) -> pd.Series:
    """Index product_id -> name."""
    with store.read() as session:
        return product_names(session)


def count_stored(store: Store) -> dict[str, int]:
    """How much is stored: customers, orders, guest orders, products, lines, demo (1 while the made-up one is in)."""
    with store.read() as session:
        return count_known(session)
