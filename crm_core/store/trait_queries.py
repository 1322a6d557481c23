"""What is known of people beside their orders: who they are, what kinds of things they buy, and their own fields."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_core.store.bought_lines import is_bought
from crm_core.store.queries import paid_until, read_frame
from crm_core.store.tables import Customer, CustomField, Order, OrderLine, Product

__all__ = ["bought_by_category", "customer_traits", "field_values", "has_categories", "names_of_fields", "some_values"]


def customer_traits(session: Session) -> pd.DataFrame:
    """Index customer_id, [country: text or None, channel: text or None, birthday: datetime64 or NaT]."""
    statement = select(Customer.id, Customer.country, Customer.channel, Customer.birthday).order_by(Customer.id)
    table = read_frame(session, statement).astype({"id": "int64", "country": object, "channel": object})
    table["birthday"] = pd.to_datetime(table["birthday"]).astype("datetime64[s]")
    return table.set_index("id").rename_axis("customer_id")


def has_categories(session: Session) -> bool:
    """Whether any product has a category."""
    known = select(Product.id).where(Product.category.is_not(None), Product.category != "").limit(1)
    return session.scalar(known) is not None


def bought_by_category(session: Session, *, as_of: date) -> pd.DataFrame:
    """What each customer bought of each category; what was sent back is left out, as is what has no category.

    Out: [customer_id, category, lines: count], in that order.
    """
    statement = (
        select(Order.customer_id, Product.category, func.count().label("lines"))
        .join_from(OrderLine, Order, Order.id == OrderLine.order_id)
        .join(Product, Product.id == OrderLine.product_id)
        .where(paid_until(as_of), is_bought(), Product.category.is_not(None), Product.category != "")
        .group_by(Order.customer_id, Product.category)
    )
    table = read_frame(session, statement).astype({"customer_id": "int64", "category": object, "lines": "int64"})
    return table.sort_values(["customer_id", "category"], ignore_index=True)  # databases sort text each in its own way


def names_of_fields(session: Session) -> pd.DataFrame:
    """Further fields of people. Out: [name, customers: count], the most known first."""
    statement = (
        select(CustomField.name, func.count().label("customers"))
        .where(CustomField.customer_id.is_not(None))
        .group_by(CustomField.name)
    )
    table = read_frame(session, statement).astype({"name": object, "customers": "int64"})
    return table.sort_values(["customers", "name"], ascending=[False, True], ignore_index=True)


def field_values(session: Session, names: Sequence[str]) -> pd.DataFrame:
    """What people have in some further fields. Out: [customer_id, name, value: text], by customer and name."""
    statement = select(CustomField.customer_id, CustomField.name, CustomField.value).where(
        CustomField.customer_id.is_not(None), CustomField.name.in_(list(names))
    )
    table = read_frame(session, statement).astype({"customer_id": "int64", "name": object, "value": object})
    return table.sort_values(["customer_id", "name"], ignore_index=True)


def some_values(session: Session, name: str, *, most: int) -> list[str]:
    """What the first people have in one field."""
    of_people = select(CustomField.value).where(CustomField.customer_id.is_not(None), CustomField.name == name)
    return list(session.scalars(of_people.order_by(CustomField.customer_id).limit(most)))
