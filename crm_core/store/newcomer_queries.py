"""What the forecast for a new customer asks of the database: conversations, requests and refunds by day, purchases.

Each question is for some customers only, whose numbers are sent in batches that every database takes.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from crm_core.store.bought_lines import is_bought
from crm_core.store.currencies import Currencies
from crm_core.store.queries import paid_until, read_frame
from crm_core.store.tables import Interaction, Order, OrderLine, Product, Refund, Ticket

__all__ = ["first_talk_on", "products_by_day", "refund_days", "request_days", "talk_days"]

BATCH = 500


def first_talk_on(session: Session, *, as_of: date) -> date | None:
    """The first day with any conversation on record; None without one."""
    return session.scalar(select(func.min(Interaction.happened_on)).where(Interaction.happened_on <= as_of))


def talk_days(session: Session, *, customer_ids: Sequence[int], as_of: date) -> pd.DataFrame:
    """Minutes of conversation. Out: [customer_id, happened_on: datetime64, minutes: sum], a row a customer and day."""
    return _by_day(
        session,
        Interaction.customer_id,
        Interaction.happened_on,
        {"minutes": func.coalesce(func.sum(Interaction.minutes), 0.0)},
        customer_ids=customer_ids,
        as_of=as_of,
    )


def request_days(session: Session, *, customer_ids: Sequence[int], as_of: date) -> pd.DataFrame:
    """Requests for help and how long the first answers took.

    Out: [customer_id, opened_on: datetime64, requests: count, answered: count, response_minutes: sum over those
    answered], one row a customer and day.
    """
    return _by_day(
        session,
        Ticket.customer_id,
        Ticket.opened_on,
        {
            "requests": func.count(),
            "answered": func.count(Ticket.first_response_minutes),
            "response_minutes": func.coalesce(func.sum(Ticket.first_response_minutes), 0.0),
        },
        customer_ids=customer_ids,
        as_of=as_of,
    )


def refund_days(session: Session, *, customer_ids: Sequence[int], as_of: date, currencies: Currencies) -> pd.DataFrame:
    """Money given back, in the base currency.

    Out: [customer_id, refunded_on: datetime64, refunded_minor: sum], one row a customer and day.
    """
    return _by_day(
        session,
        Refund.customer_id,
        Refund.refunded_on,
        {"refunded_minor": func.sum(currencies.amount(Refund))},
        currencies.counts(Refund),
        customer_ids=customer_ids,
        as_of=as_of,
    )


def products_by_day(session: Session, *, customer_ids: Sequence[int], as_of: date) -> pd.DataFrame:
    """What a few customers bought when; what was sent back is left out.

    Out: [customer_id, ordered_on: datetime64, product: name, or number where it has none, orders: count].
    """
    name = func.coalesce(Product.name, Product.source_id).label("product")
    statement = (
        select(Order.customer_id, Order.ordered_on, name, func.count(Order.id.distinct()).label("orders"))
        .join_from(OrderLine, Order, Order.id == OrderLine.order_id)
        .join(Product, Product.id == OrderLine.product_id)
        .where(paid_until(as_of), Order.customer_id.in_(customer_ids), is_bought())
        .group_by(Order.customer_id, Order.ordered_on, Product.id, Product.name, Product.source_id)
        .order_by(Order.customer_id, Order.ordered_on, Product.id)
    )
    table = read_frame(session, statement)
    table["ordered_on"] = pd.to_datetime(table["ordered_on"])
    return table.astype({"customer_id": "int64", "orders": "int64"})


def _by_day(
    session: Session,
    customer_id: Any,
    day: Any,
    figures: dict[str, Any],
    *also: ColumnElement[bool],
    customer_ids: Sequence[int],
    as_of: date,
) -> pd.DataFrame:
    """Figures by customer and day, in that order, as floats."""
    statement: Select[Any] = (
        select(customer_id, day, *(figure.label(name) for name, figure in figures.items()))
        .where(day <= as_of, *also)
        .group_by(customer_id, day)
        .order_by(customer_id, day)
    )
    wanted = sorted(customer_ids)
    batches = [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)] or [[]]
    parts = [read_frame(session, statement.where(customer_id.in_(batch))) for batch in batches]
    table = pd.concat(parts, ignore_index=True)
    table[day.key] = pd.to_datetime(table[day.key])
    return table.astype({"customer_id": "int64", **dict.fromkeys(figures, "float64")})
