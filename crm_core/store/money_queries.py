"""What all orders together come to: by currency, and between two days."""

from datetime import date

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_core.store.currencies import Currencies
from crm_core.store.queries import read_frame
from crm_core.store.tables import Order, Refund
from crm_core.vocabulary import OrderStatus

__all__ = ["counted_by_currency", "other_currencies", "sales_between"]

_PAID = Order.status == OrderStatus.PAID.value


def other_currencies(session: Session, *, as_of: date) -> pd.DataFrame:
    """Paid orders by currency, most orders first.

    Out: [currency, orders: count, amount_minor].
    """
    return counted_by_currency(session, as_of=as_of, currencies=Currencies(""))[["currency", "orders", "amount_minor"]]


def counted_by_currency(session: Session, *, as_of: date, currencies: Currencies) -> pd.DataFrame:
    """Paid orders by currency, most orders first, and what they count in the base currency.

    Out: [currency, orders: count, amount_minor: in that currency, counted_minor: in the base currency, 0 without rate].
    """
    counted = func.sum(currencies.amount(Order))
    statement = (
        select(
            Order.currency,
            func.count().label("orders"),
            func.sum(Order.amount_minor).label("amount_minor"),
            counted.label("counted_minor"),
        )
        .where(_PAID, Order.ordered_on <= as_of)
        .group_by(Order.currency)
        .order_by(func.count().desc(), Order.currency)
    )
    whole = ["orders", "amount_minor", "counted_minor"]
    return read_frame(session, statement).astype(dict.fromkeys(whole, "int64"))


def sales_between(session: Session, *, first: date, last: date, currency: str | Currencies) -> int:
    """Paid sales of the days first..last, guests included, less what was given back in those days; minor units."""
    currencies = Currencies.of(currency)
    amount, returned = (currencies.amount(table) for table in (Order, Refund))
    sold = select(func.coalesce(func.sum(amount), 0)).where(
        _PAID, currencies.counts(Order), Order.ordered_on.between(first, last)
    )
    given_back = select(func.coalesce(func.sum(returned), 0)).where(
        currencies.counts(Refund), Refund.refunded_on.between(first, last)
    )
    return int(session.scalar(sold) or 0) - int(session.scalar(given_back) or 0)
