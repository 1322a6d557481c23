"""The stored facts as flat tables for other programs, with the numbers their source gave them."""

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_core.store.tables import Customer, Order, OrderLine, Product, Refund

__all__ = ["all_customers", "all_orders", "all_products", "all_refunds"]


def all_customers(session: Session) -> pd.DataFrame:
    """Out: [customer_id, name, email, phone, postcode, country, birthday, channel, source], by our own key."""
    query = select(
        Customer.source_id.label("customer_id"),
        Customer.name,
        Customer.email,
        Customer.phone,
        Customer.postcode,
        Customer.country,
        Customer.birthday,
        Customer.channel,
        Customer.source,
    )
    return _frame(session, query.order_by(Customer.id))


def all_orders(session: Session) -> pd.DataFrame:
    """Out: [order_id, customer_id, email, name, day, amount_minor: of the lines, refunded_minor, currency, lines:
    count, status], by day. A guest order has no customer."""
    lines = select(OrderLine.order_id, func.count().label("lines")).group_by(OrderLine.order_id).subquery()
    refunds = (
        select(Refund.order_id, Refund.currency, func.sum(Refund.amount_minor).label("refunded"))
        .group_by(Refund.order_id, Refund.currency)
        .subquery()
    )
    query = (
        select(
            Order.source_id.label("order_id"),
            Customer.source_id.label("customer_id"),
            Customer.email,
            Customer.name,
            Order.ordered_on.label("day"),
            Order.amount_minor,
            func.coalesce(refunds.c.refunded, 0).label("refunded_minor"),
            Order.currency,
            func.coalesce(lines.c.lines, 0).label("lines"),
            Order.status,
        )
        .outerjoin(Customer, Customer.id == Order.customer_id)
        .outerjoin(lines, lines.c.order_id == Order.id)
        .outerjoin(refunds, (refunds.c.order_id == Order.id) & (refunds.c.currency == Order.currency))
    )
    return _frame(session, query.order_by(Order.ordered_on, Order.id))


def all_refunds(session: Session) -> pd.DataFrame:
    """Out: [refund_id, order_id: where known, customer_id, day, amount_minor: positive, currency], by day."""
    query = (
        select(
            Refund.source_id.label("refund_id"),
            Order.source_id.label("order_id"),
            Customer.source_id.label("customer_id"),
            Refund.refunded_on.label("day"),
            Refund.amount_minor,
            Refund.currency,
        )
        .outerjoin(Order, Order.id == Refund.order_id)
        .outerjoin(Customer, Customer.id == Refund.customer_id)
    )
    return _frame(session, query.order_by(Refund.refunded_on, Refund.id))


def all_products(session: Session) -> pd.DataFrame:
    """Out: [product_id, name], by our own key."""
    return _frame(session, select(Product.source_id.label("product_id"), Product.name).order_by(Product.id))


def _frame(session: Session, query: object) -> pd.DataFrame:
    result = session.execute(query)  # type: ignore[call-overload]
    return pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object)
