"""The stored facts as flat tables for other programs, with the numbers their source gave them."""

from typing import Any

import pandas as pd
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from crm_core.store.tables import (
    Customer,
    Identity,
    Interaction,
    Order,
    OrderLine,
    Product,
    Refund,
    SurveyAnswer,
    Ticket,
)

__all__ = [
    "all_customers",
    "all_identities",
    "all_interactions",
    "all_order_lines",
    "all_orders",
    "all_products",
    "all_refunds",
    "all_survey_answers",
    "all_tickets",
    "frame_of",
]

WHO = (Customer.source_id.label("customer_id"), Customer.source.label("customer_source"), Customer.name)


def all_customers(session: Session) -> pd.DataFrame:
    """Out: index our number, [customer_id, name, email, phone, postcode, country, birthday, channel, source,
    archived_at: UTC], by our own key."""
    query = select(
        Customer.id,
        Customer.source_id.label("customer_id"),
        Customer.name,
        Customer.email,
        Customer.phone,
        Customer.postcode,
        Customer.country,
        Customer.birthday,
        Customer.channel,
        Customer.source,
        Customer.archived_at,
    )
    return frame_of(session, query.order_by(Customer.id)).set_index("id")


def all_identities(session: Session) -> pd.DataFrame:
    """Out: index the customer's own number, [customer_id, customer_source, name, kind: email, phone or source, issuer:
    of a source's number, value]."""
    query = select(Customer.id, *WHO, Identity.kind, Identity.issuer, Identity.value)
    joined = query.join(Customer, Customer.id == Identity.customer_id)
    return frame_of(session, joined.order_by(Customer.id, Identity.kind, Identity.issuer, Identity.value)).set_index(
        "id"
    )


def all_orders(session: Session) -> pd.DataFrame:
    """Out: [order_id, customer_id, email, name, day, total_minor: of the lines, refunded_minor, currency, lines:
    count, status, channel, source, customer_source], by day. A guest order has no customer."""
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
            Order.amount_minor.label("total_minor"),
            func.coalesce(refunds.c.refunded, 0).label("refunded_minor"),
            Order.currency,
            func.coalesce(lines.c.lines, 0).label("lines"),
            Order.status,
            Order.channel,
            Order.source,
            Customer.source.label("customer_source"),
        )
        .outerjoin(Customer, Customer.id == Order.customer_id)
        .outerjoin(lines, lines.c.order_id == Order.id)
        .outerjoin(refunds, (refunds.c.order_id == Order.id) & (refunds.c.currency == Order.currency))
    )
    return frame_of(session, query.order_by(Order.ordered_on, Order.id))


def all_order_lines(session: Session) -> pd.DataFrame:
    """Out: [order_id, day, customer_id, name, product_id, product, quantity, amount_minor, currency, status,
    status_raw, channel, source, customer_source, product_source, fingerprint, occurrence], by day; an order without
    lines has one row without them."""
    query = (
        select(
            Order.source_id.label("order_id"),
            Order.ordered_on.label("day"),
            Customer.source_id.label("customer_id"),
            Customer.name,
            Product.source_id.label("product_id"),
            Product.name.label("product"),
            OrderLine.quantity,
            OrderLine.amount_minor,
            Order.currency,
            Order.status,
            Order.status_raw,
            Order.channel,
            Order.source,
            Customer.source.label("customer_source"),
            Product.source.label("product_source"),
            OrderLine.fingerprint,
            OrderLine.occurrence,
        )
        .outerjoin(OrderLine, OrderLine.order_id == Order.id)
        .outerjoin(Customer, Customer.id == Order.customer_id)
        .outerjoin(Product, Product.id == OrderLine.product_id)
    )
    return frame_of(session, query.order_by(Order.ordered_on, Order.id, OrderLine.fingerprint, OrderLine.occurrence))


def all_refunds(session: Session) -> pd.DataFrame:
    """Out: [refund_id, order_id: where known, customer_id, day, amount_minor: positive, currency, source, order_source,
    customer_source], by day."""
    query = (
        select(
            Refund.source_id.label("refund_id"),
            Order.source_id.label("order_id"),
            Customer.source_id.label("customer_id"),
            Refund.refunded_on.label("day"),
            Refund.amount_minor,
            Refund.currency,
            Refund.source,
            Order.source.label("order_source"),
            Customer.source.label("customer_source"),
        )
        .outerjoin(Order, Order.id == Refund.order_id)
        .outerjoin(Customer, Customer.id == Refund.customer_id)
    )
    return frame_of(session, query.order_by(Refund.refunded_on, Refund.id))


def all_products(session: Session) -> pd.DataFrame:
    """Out: index our number, [product_id, name, what else is known, source, archived_at: UTC], by our own key."""
    more = _further(Product, "source", "source_id", "name", "archived_at")
    query = select(
        Product.id, Product.source_id.label("product_id"), Product.name, *more, Product.source, Product.archived_at
    )
    return frame_of(session, query.order_by(Product.id)).set_index("id")


def all_interactions(session: Session) -> pd.DataFrame:
    """Out: [customer_id, name, day, channel, minutes, note, customer_source, and where they are kept interaction_id and
    source], by day."""
    said = Interaction
    columns = (said.happened_on.label("day"), said.channel, said.minutes, said.note)
    return _of_people(session, Interaction, said.happened_on, columns, "interaction_id")


def all_tickets(session: Session) -> pd.DataFrame:
    """Out: [customer_id, name, opened, subject, first_response_minutes, resolved, customer_source, and where they are
    kept status, channel, ticket_id and source], by day."""
    columns = (
        Ticket.opened_on.label("opened"),
        Ticket.subject,
        Ticket.first_response_minutes,
        Ticket.resolved_on.label("resolved"),
    )
    return _of_people(session, Ticket, Ticket.opened_on, columns, "ticket_id")


def all_survey_answers(session: Session) -> pd.DataFrame:
    """Out: [customer_id, name, day, question, score: 0..1, customer_source, and where they are kept answer_id and
    source], by day."""
    columns = (SurveyAnswer.answered_on.label("day"), SurveyAnswer.question, SurveyAnswer.score)
    return _of_people(session, SurveyAnswer, SurveyAnswer.answered_on, columns, "answer_id")


def _of_people(session: Session, table: Any, day: Any, columns: tuple[Any, ...], number: str) -> pd.DataFrame:
    more = _further(table, *_names(columns))
    query = select(*WHO, *columns, *more).join(table, table.customer_id == Customer.id).order_by(day, table.id)
    found = frame_of(session, query).rename(columns={"source_id": number})
    return found[[*[name for name in found.columns if name != "customer_source"], "customer_source"]]


def _names(columns: tuple[Any, ...]) -> list[str]:
    """What columns are called in their table."""
    return [getattr(column, "element", column).name for column in columns]


def _further(table: Any, *told: str) -> list[Any]:
    """A table's columns that are not told yet, our own numbers aside."""
    ours = {"id", "import_id", "customer_id", *told}
    return [column for column in table.__table__.c if column.name not in ours]


def frame_of(session: Session, query: Select[*tuple[Any, ...]]) -> pd.DataFrame:
    """A query's rows, cells as the database gives them."""
    result = session.execute(query)
    return pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object)
