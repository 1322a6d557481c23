"""What is kept beside people, products and orders under names of the owner's files."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_core.store.import_queries import batches
from crm_core.store.tables import Customer, CustomField, Order, Product

__all__ = ["all_custom_fields", "custom_fields_of", "known_custom_fields"]


def known_custom_fields(session: Session, owner: str, owner_ids: Iterable[int]) -> pd.DataFrame:
    """Those of some people, products or orders. Out: [owner, name, id, stored]."""
    column = getattr(CustomField, owner)
    rows: list[Any] = []
    for batch in batches(owner_ids):
        query = select(column, CustomField.name, CustomField.id, CustomField.value).where(column.in_(batch))
        rows += session.execute(query).all()
    table = pd.DataFrame(rows, columns=["owner", "name", "id", "stored"], dtype=object)
    return table.astype({"owner": "int64"})


def custom_fields_of(session: Session, owner: str, owner_id: int) -> pd.DataFrame:
    """One owner's. Out: [name, value], by name."""
    column = getattr(CustomField, owner)
    query = select(CustomField.name, CustomField.value).where(column == owner_id).order_by(CustomField.name)
    return pd.DataFrame(session.execute(query).all(), columns=["name", "value"], dtype=object)


def all_custom_fields(session: Session) -> pd.DataFrame:
    """Out: [customer_id, product_id, order_id: of one of them, its number, field, value, source], in the order they
    came."""
    query = (
        select(
            Customer.source_id.label("customer_id"),
            Product.source_id.label("product_id"),
            Order.source_id.label("order_id"),
            CustomField.name.label("field"),
            CustomField.value,
            func.coalesce(Customer.source, Product.source, Order.source).label("source"),
        )
        .select_from(CustomField)
        .outerjoin(Customer, Customer.id == CustomField.customer_id)
        .outerjoin(Product, Product.id == CustomField.product_id)
        .outerjoin(Order, Order.id == CustomField.order_id)
        .order_by(CustomField.id)
    )
    result = session.execute(query)
    return pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object)
