"""What the database says of an earlier day: who was known by then, how much, and which requests were still open."""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from crm_core.store.tables import Customer, Interaction, Order, Refund, SurveyAnswer, Ticket
from crm_core.vocabulary import MINUTES_PER_DAY

__all__ = ["answered_later", "count_known_by", "known_by"]

_DATED: tuple[tuple[Any, Any], ...] = (
    (Order, Order.ordered_on),
    (Refund, Refund.refunded_on),
    (Interaction, Interaction.happened_on),
    (Ticket, Ticket.opened_on),
    (SurveyAnswer, SurveyAnswer.answered_on),
)


def known_by(day: date) -> ColumnElement[bool]:
    """Whether a row of customers was known at the end of a day: not one whose first trace is later.

    Nobody wrote down when a customer came; who has no trace with a day at all counts as known.
    """

    def traces(table: Any, *when: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(table.customer_id == Customer.id, *when)

    until = [traces(table, column <= day) for table, column in _DATED]
    later = [traces(table, column > day) for table, column in _DATED]
    return or_(*until, not_(or_(*later)))


def count_known_by(session: Session, *, day: date) -> dict[str, int]:
    """How many customers, orders and guest orders there were at the end of a day, of what is stored now."""
    orders = select(func.count()).select_from(Order).where(Order.ordered_on <= day)
    statements = {
        "customers": select(func.count()).select_from(Customer).where(known_by(day)),
        "orders": orders,
        "guest orders": orders.where(Order.customer_id.is_(None)),
    }
    return {name: int(session.scalar(statement) or 0) for name, statement in statements.items()}


def answered_later(opened_on: pd.Series, response_minutes: pd.Series, *, day: date) -> pd.Series:
    """Which requests got their first answer after a day. Of the hour at which one was opened nothing is stored: it
    counts from the beginning of its day, so that none is called open that may have been answered.

    >>> opened, minutes = pd.Series([date(2026, 3, 1)] * 4), pd.Series([2879.0, 2880.0, 9999.0, None])
    >>> answered_later(opened, minutes, day=date(2026, 3, 2)).to_list()
    [False, True, True, False]
    """
    days = (pd.Timestamp(day) - pd.to_datetime(opened_on)).dt.days + 1
    return response_minutes.astype("float64") >= days * MINUTES_PER_DAY
