"""Finding people, and what is known of one: paged in the database."""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from crm_core.errors import NotFoundError
from crm_core.store.currencies import Currencies
from crm_core.store.past_queries import answered_later, known_by
from crm_core.store.queries import paid_until, read_frame
from crm_core.store.tables import Customer, Interaction, Order, OrderLine, Product, Refund, SurveyAnswer, Ticket
from crm_core.vocabulary import TicketStatus

__all__ = [
    "SORT_ORDERS",
    "count_people",
    "customer_history",
    "customer_record",
    "find_people",
    "people_rows",
    "with_counted_money",
]

_NAME = func.coalesce(func.nullif(Customer.name, ""), literal("Customer ").concat(Customer.source_id))
SORT_ORDERS = ("name", "latest order", "most orders", "sales")


def count_people(
    session: Session,
    *,
    text: str,
    archived: bool = False,
    until: date | None = None,
    unbought_until: date | None = None,
) -> int:
    """How many customers match a search, among those put away or the others; ``until``: who was known by a past day;
    ``unbought_until``: who has no paid order up to a day."""
    statement = select(func.count()).select_from(Customer).where(*_wanted(text, archived, until, unbought_until))
    return int(session.scalar(statement) or 0)


def find_people(
    session: Session,
    *,
    text: str,
    sort: str,
    offset: int,
    limit: int,
    as_of: date,
    currency: str | Currencies,
    archived: bool = False,
    until: date | None = None,
    unbought_until: date | None = None,
) -> list[int]:
    """The customers of one page of a search, as ids in order. ``sort`` is one of SORT_ORDERS; ties go by id."""
    wanted = _wanted(text, archived, until, unbought_until)
    if sort == "name":
        found = select(Customer.id).where(*wanted).order_by(func.lower(_NAME), Customer.id)
    else:
        orders = _order_figures(as_of, Currencies.of(currency))
        column = {"latest order": orders.c.last_order_on, "most orders": orders.c.orders, "sales": orders.c.spend_minor}
        found = (
            select(Customer.id)
            .outerjoin(orders, orders.c.customer_id == Customer.id)
            .where(*wanted)
            # people without orders last, on every database
            .order_by(orders.c.orders.is_(None), column[sort].desc(), Customer.id)
        )
    return list(session.scalars(found.offset(offset).limit(limit)))


def people_rows(session: Session, *, customer_ids: list[int]) -> pd.DataFrame:
    """Who a few customers are, in the order asked. Out: index customer_id, [label, source_id, email: text or None]."""
    columns = (Customer.id, _NAME.label("label"), Customer.source_id, Customer.email)
    rows = read_frame(session, select(*columns).where(Customer.id.in_(customer_ids)))
    return rows.set_index("id").reindex(customer_ids)


def with_counted_money(
    session: Session, *, customer_ids: list[int], as_of: date, currency: str | Currencies
) -> set[int]:
    """Those of a few customers who have a paid order in a currency that counts."""
    counted = select(Order.customer_id).where(
        paid_until(as_of), Currencies.of(currency).counts(Order), Order.customer_id.in_(customer_ids)
    )
    return set(session.scalars(counted.distinct()))


def customer_record(session: Session, customer_id: int) -> dict[str, Any]:
    """What is stored of one person: label, source, source_id, email, phone, postcode, country, birthday, channel,
    archived_at."""
    columns = (Customer.source, Customer.source_id, Customer.email, Customer.phone, Customer.postcode)
    more = (Customer.country, Customer.birthday, Customer.channel, Customer.archived_at)
    row = session.execute(select(_NAME.label("label"), *columns, *more).where(Customer.id == customer_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no customer with number {customer_id}; open one from the list of customers.")
    return dict(row._mapping)


def customer_history(session: Session, customer_id: int, *, limit: int, until: date | None = None) -> pd.DataFrame:
    """Everything that happened with one person, latest first; ``until``: as it was at the end of a past day.

    Out: [happened_on: date, kind: order, refund, conversation, ticket or survey, what: text, amount_minor, currency,
    status].
    """
    events = union_all(*_events(customer_id, until)).subquery()
    latest_first = (events.c.happened_on.desc(), events.c.kind, events.c.row.desc())
    statement = select(events).order_by(*latest_first).limit(limit)
    if until is None:
        return read_frame(session, statement).drop(columns="row")
    table = read_frame(session, statement.where(events.c.happened_on <= until)).drop(columns="row")
    open_then = table["kind"].eq("ticket") & answered_later(table["happened_on"], table["number"], day=until)
    return table.assign(
        number=table["number"].mask(open_then), status=table["status"].mask(open_then, TicketStatus.OPEN.value)
    )


def _events(customer_id: int, until: date | None) -> list[Select[Any]]:
    """One statement per kind of event, all with the same columns."""
    lines = _contents_of_orders(customer_id)
    no_text, no_money = cast(null(), String(255)), cast(null(), BigInteger)
    no_number = cast(null(), Double)
    said, asked, rated = Interaction, Ticket, SurveyAnswer
    kinds: tuple[tuple[Any, ...], ...] = (
        (Order, Order.ordered_on, "order", lines.c.example, lines.c.lines),
        (Refund, Refund.refunded_on, "refund", no_text, no_number),
        (said, said.happened_on, "conversation", said.note, said.minutes),
        (asked, asked.opened_on, "ticket", asked.subject, asked.first_response_minutes),
        (rated, rated.answered_on, "survey", rated.question, rated.score),
    )
    money: dict[Any, tuple[Any, ...]] = {
        Order: (Order.amount_minor, Order.currency, Order.status),
        Refund: (-Refund.amount_minor, Refund.currency, no_text),
        said: (no_money, no_text, said.channel),
        asked: (no_money, no_text, _status_of_ticket(until)),
    }
    statements = []
    for table, day, kind, what, number in kinds:
        amount, currency, status = money.get(table, (no_money, no_text, no_text))
        columns = (day.label("happened_on"), literal(kind).label("kind"), what.label("what"))
        more = (cast(number, Double).label("number"), amount.label("amount_minor"), currency.label("currency"))
        statement = select(*columns, *more, status.label("status"), table.id.label("row"))
        if table is Order:
            statement = statement.outerjoin(lines, lines.c.order_id == Order.id)
        statements.append(statement.where(table.customer_id == customer_id))
    return statements


def _status_of_ticket(until: date | None) -> ColumnElement[Any]:
    """Closed once it is resolved; one that was resolved after ``until`` was open then."""
    resolved: tuple[Any, ...] = ((Ticket.resolved_on.is_not(None), TicketStatus.CLOSED),)
    if until is not None:
        resolved = ((Ticket.resolved_on > until, TicketStatus.OPEN), *resolved)
    return case(*resolved, else_=Ticket.status)


def _contents_of_orders(customer_id: int) -> Any:
    """One row per order: how many lines, and the name of one product."""
    return (
        select(OrderLine.order_id, func.count().label("lines"), func.min(Product.name).label("example"))
        .join_from(OrderLine, Order, Order.id == OrderLine.order_id)
        .outerjoin(Product, Product.id == OrderLine.product_id)
        .where(Order.customer_id == customer_id)
        .group_by(OrderLine.order_id)
        .subquery()
    )


def _wanted(
    text: str, archived: bool, until: date | None, unbought_until: date | None
) -> tuple[ColumnElement[bool], ...]:
    then = () if until is None else (known_by(until),)
    bought = Customer.id.in_(select(Order.customer_id).where(paid_until(unbought_until))) if unbought_until else None
    return (_matches(text), _put_away(archived), *then, *(() if bought is None else (~bought,)))


def _put_away(archived: bool) -> ColumnElement[bool]:
    return Customer.archived_at.is_not(None) if archived else Customer.archived_at.is_(None)


def _matches(text: str) -> ColumnElement[bool]:
    wanted = text.strip().lower()
    if not wanted:
        return literal(True)
    parts = (func.coalesce(Customer.name, ""), func.coalesce(Customer.email, ""), Customer.source_id)
    return or_(*(func.lower(part).contains(wanted, autoescape=True) for part in parts))


def _order_figures(as_of: date, currencies: Currencies) -> Any:
    """Orders, latest order and sales net of refunds per customer."""
    returned = (
        select(
            Refund.customer_id,
            func.sum(currencies.amount(Refund)).label("refunded_minor"),
        )
        .where(Refund.refunded_on <= as_of, currencies.counts(Refund))
        .group_by(Refund.customer_id)
        .subquery()
    )
    sold = (
        select(
            Order.customer_id,
            func.count().label("orders"),
            func.max(Order.ordered_on).label("last_order_on"),
            func.sum(currencies.amount(Order)).label("sold_minor"),
        )
        .where(paid_until(as_of))
        .group_by(Order.customer_id)
        .subquery()
    )
    net = sold.c.sold_minor - func.coalesce(returned.c.refunded_minor, 0)
    return (
        select(sold.c.customer_id, sold.c.orders, sold.c.last_order_on, net.label("spend_minor"))
        .outerjoin(returned, returned.c.customer_id == sold.c.customer_id)
        .subquery()
    )
