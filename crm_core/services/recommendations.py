"""What to offer to whom: the store's purchases, and lists with reasons for a customer or a product."""

from datetime import date

import pandas as pd

from crm_core.store.queries import product_names, purchase_items
from crm_core.store.session import Store

__all__ = ["load_items", "load_product_names"]


def load_items(store: Store, *, as_of: date) -> pd.DataFrame:
    """Everything bought that names a product, up to the end of a day.

    Out: [customer_id, order_id, date: datetime64, product_id], one row per line; the input of recommendations.
    """
    with store.read() as session:
        items = purchase_items(session, as_of=as_of)
    return items[["customer_id", "order_id", "ordered_on", "product_id"]].rename(columns={"ordered_on": "date"})


def load_product_names(store: Store) -> pd.Series:
    """Index product_id -> name."""
    with store.read() as session:
        return product_names(session)
