"""What one product costs, and what orders paid for it."""

from datetime import date

import pandas as pd
from sqlalchemy import func, select
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
    """What paid orders up to a day paid for a product that was not sent back, by currency.

    Out: [currency, orders: count, amount_minor: in that currency, orders_with_quantity: count, quantity], in order.
    """
    quantity, amount = (func.sum(column).label(column.key) for column in (OrderLine.quantity, OrderLine.amount_minor))
    order = (
        select(Order.currency, amount, quantity)
        .join_from(OrderLine, Order, Order.id == OrderLine.order_id)
        .where(OrderLine.product_id == product_id, is_bought(), paid_until(as_of))
        .group_by(OrderLine.order_id, Order.currency)
        .subquery()
    )
    statement = (
        select(
            order.c.currency,
            func.count().label("orders"),
            func.sum(order.c.amount_minor).label("amount_minor"),
            func.count(order.c.quantity).label("orders_with_quantity"),
            func.sum(order.c.quantity).label("quantity"),
        )
        .group_by(order.c.currency)
        .order_by(order.c.currency)
    )
    whole = dict.fromkeys(("orders", "amount_minor", "orders_with_quantity"), "int64")
    return read_frame(session, statement).astype({**whole, "quantity": "float64"})
