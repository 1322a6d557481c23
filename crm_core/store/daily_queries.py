"""What today's list asks of the database: tickets, answers, favourites, birthdays and the owner's decisions."""

from datetime import date, datetime

import pandas as pd
from sqlalchemy import case, extract, func, or_, select
from sqlalchemy.orm import Session

from crm_core.store.past_queries import answered_later
from crm_core.store.queries import paid_until, read_frame
from crm_core.store.tables import Action, Customer, NeverOffered, Order, OrderLine, Product, SurveyAnswer, Ticket
from crm_core.vocabulary import MINUTES_PER_DAY, TicketStatus

__all__ = [
    "birthdays",
    "decided_actions",
    "favourite_products",
    "low_answers",
    "tickets_waiting_then",
    "waiting_tickets",
]


def decided_actions(session: Session, *, before: datetime | None = None) -> pd.DataFrame:
    """What the owner did with suggestions, latest first; with ``before``, a moment in UTC, only what was done by then.

    Out: [customer_id, kind, episode, state, snoozed_until: date or None, decided_at: UTC].
    """
    columns = (Action.customer_id, Action.kind, Action.episode, Action.state, Action.snoozed_until, Action.decided_at)
    statement = select(*columns).order_by(Action.decided_at.desc(), Action.id.desc())
    table = read_frame(session, statement if before is None else statement.where(Action.decided_at < before))
    return table.astype({"snoozed_until": object})


def waiting_tickets(session: Session, *, today: date) -> pd.DataFrame:
    """Tickets without a first answer. Out: [customer_id, ticket_id, opened_on: date, subject], oldest first."""
    statement = (
        select(Ticket.customer_id, Ticket.id.label("ticket_id"), Ticket.opened_on, Ticket.subject)
        .where(
            Ticket.first_response_minutes.is_(None),
            Ticket.resolved_on.is_(None),
            func.coalesce(Ticket.status, TicketStatus.OPEN) == TicketStatus.OPEN,
            Ticket.opened_on <= today,
        )
        .order_by(Ticket.opened_on, Ticket.id)
    )
    return read_frame(session, statement)


def tickets_waiting_then(session: Session, *, day: date) -> pd.DataFrame:
    """Tickets that were without a first answer at the end of an earlier day. Out: as ``waiting_tickets``.

    One that is closed by its status alone may have been closed by then, and is left out.
    """
    answer = Ticket.first_response_minutes
    dated = or_(answer.is_not(None), Ticket.resolved_on.is_not(None))
    status = case((dated, TicketStatus.OPEN), else_=func.coalesce(Ticket.status, TicketStatus.OPEN))
    statement = (
        select(Ticket.customer_id, Ticket.id.label("ticket_id"), Ticket.opened_on, Ticket.subject, answer)
        .where(
            or_(answer.is_(None), answer >= MINUTES_PER_DAY),
            or_(Ticket.resolved_on.is_(None), Ticket.resolved_on > day),
            status == TicketStatus.OPEN,
            Ticket.opened_on <= day,
        )
        .order_by(Ticket.opened_on, Ticket.id)
    )
    table = read_frame(session, statement)
    minutes = table.pop("first_response_minutes")
    waited = minutes.isna() | answered_later(table["opened_on"], minutes, day=day)
    return table[waited].reset_index(drop=True)


def low_answers(session: Session, *, since: date, until: date, at_most: float) -> pd.DataFrame:
    """Survey answers at or below a score, newest first.

    Out: [customer_id, answer_id, answered_on: date, question, score].
    """
    statement = (
        select(
            SurveyAnswer.customer_id,
            SurveyAnswer.id.label("answer_id"),
            SurveyAnswer.answered_on,
            SurveyAnswer.question,
            SurveyAnswer.score,
        )
        .where(SurveyAnswer.answered_on.between(since, until), SurveyAnswer.score <= at_most)
        .order_by(SurveyAnswer.answered_on.desc(), SurveyAnswer.id)
    )
    return read_frame(session, statement)


def favourite_products(session: Session, *, customer_ids: list[int], as_of: date) -> pd.DataFrame:
    """How often each of a few customers ordered each product that is still sold and may be offered.

    Out: [customer_id, product: name, orders: count, last_order_on: date], most ordered, then latest first per customer.
    """
    orders = func.count(Order.id.distinct())
    latest = func.max(Order.ordered_on)
    name = func.coalesce(Product.name, Product.source_id)
    statement = (
        select(
            Order.customer_id, name.label("product"), orders.label("orders"), func.max(Order.ordered_on).label("last")
        )
        .join_from(OrderLine, Order, Order.id == OrderLine.order_id)
        .join(Product, Product.id == OrderLine.product_id)
        .where(paid_until(as_of), Order.customer_id.in_(customer_ids), OrderLine.amount_minor > 0)
        .where(Product.archived_at.is_(None), Product.id.not_in(select(NeverOffered.product_id)))
        .group_by(Order.customer_id, Product.id, Product.name, Product.source_id)
        .order_by(Order.customer_id, orders.desc(), latest.desc(), Product.id)
    )
    return read_frame(session, statement)


def birthdays(session: Session, *, today: date) -> pd.DataFrame:
    """Whose birthday is today, of customers who are not put away. Out: [customer_id, label, birthday: date]."""
    born = (extract("month", Customer.birthday) == today.month, extract("day", Customer.birthday) == today.day)
    name = func.coalesce(func.nullif(Customer.name, ""), Customer.source_id)
    statement = select(Customer.id.label("customer_id"), name.label("label"), Customer.birthday).where(
        *born, Customer.archived_at.is_(None)
    )
    return read_frame(session, statement.order_by(Customer.id))
