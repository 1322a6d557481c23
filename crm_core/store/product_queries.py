"""What one product costs, and what orders paid for it."""

from datetime import date

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_core.store.bought_lines import is_bought
from crm_core.store.queries import paid_until, read_frame
from crm_core.store.tables import Order, OrderLine, Product

__all__ = ["product_price", "product_sales"]


def product_price(session: Session, product_id: int) -> tuple[int | None, int | None, str | None]:
    """Price and cost of one unit in minor units, and their currency; None where the owner has not said."""
    statement = select(Product.price_minor, Product.cost_minor, Product.currency).where(Product.id == product_id)
    found = session.execute(statement).one_or_none()
    return (None, None, None) if found is None else (found[0], found[1], found[2])


def product_sales(session: Session, product_id: int, *, as_of: date) -> pd.DataFrame:
    """One row per line of a paid order up to a day that names the product and was not sent back.

    Out: [order_id, currency, amount_minor: in that currency, quantity: NaN where unknown], by order.
    """
    statement = (
        select(OrderLine.order_id, Order.currency, OrderLine.amount_minor, OrderLine.quantity)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.product_id == product_id, is_bought(), paid_until(as_of))
        .order_by(OrderLine.order_id, OrderLine.fingerprint, OrderLine.occurrence)
    )
    return read_frame(session, statement).astype({"amount_minor": "int64", "quantity": "float64"})
