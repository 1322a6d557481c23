"""The questions the product asks of the database; one function a question, each returns a DataFrame.

Only paid orders of known customers up to and including ``as_of`` count. Money is in minor units of one currency;
amounts in another count where the owner gave a rate (``Currencies``), and stay out of every sum where not.
"""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Date, Select, and_, func, literal, select
from sqlalchemy.orm import Session

from crm_core.store.bought_lines import is_bought
from crm_core.store.currencies import Currencies
from crm_core.store.tables import (
    Customer,
    ImportRun,
    Interaction,
    Order,
    OrderLine,
    Product,
    Refund,
    SurveyAnswer,
    Ticket,
)
from crm_core.vocabulary import OrderStatus

__all__ = [
    "count_known",
    "customer_facts",
    "customer_labels",
    "data_span",
    "facts_statement",
    "order_days",
    "paid_until",
    "product_names",
    "purchase_days",
    "purchase_items",
    "read_figures",
    "read_frame",
]

LINES_AT_ONCE = 100_000


def paid_until(as_of: date) -> ColumnElement[bool]:
    """The orders that count: paid, of a known customer, up to and including a day."""
    return and_(Order.customer_id.is_not(None), Order.status == OrderStatus.PAID.value, Order.ordered_on <= as_of)


_DEMO = and_(ImportRun.kind == "demo", ImportRun.undone_at.is_(None))


def _days_statement(as_of: date, currencies: Currencies) -> Any:
    """One row per customer and day with an order; refunds are dated rows of their own and stand beside it."""
    amount = currencies.amount(Order)
    return (
        select(
            Order.customer_id,
            Order.ordered_on,
            func.count().label("orders"),
            func.sum(amount).label("spend_minor"),
        )
        .where(paid_until(as_of))
        .group_by(Order.customer_id, Order.ordered_on)
    )


def facts_statement(as_of: date, currency: str | Currencies) -> Select[Any]:
    """The portable statement behind ``customer_facts``: every aggregate is taken before any join."""
    currencies = Currencies.of(currency)
    amount = currencies.amount(Order)
    buyers = (
        select(
            Order.customer_id,
            func.count().label("orders"),
            func.count(Order.ordered_on.distinct()).label("purchase_days"),
            func.min(Order.ordered_on).label("first_order_on"),
            func.max(Order.ordered_on).label("last_order_on"),
            func.sum(amount).label("spend_minor"),
        )
        .where(paid_until(as_of))
        .group_by(Order.customer_id)
        .subquery("buyers")
    )
    first_day = (  # one look into the covering index per customer: twice as fast as a window over all days
        select(func.sum(amount))
        .where(
            paid_until(as_of), Order.customer_id == buyers.c.customer_id, Order.ordered_on == buyers.c.first_order_on
        )
        .correlate(buyers)
        .scalar_subquery()
    )
    returned = func.sum(currencies.amount(Refund))
    counted = currencies.counts(Refund)
    given_back = _per_customer(Refund, Refund.refunded_on, as_of, returned, "refunded_minor", counted)
    spoken = _per_customer(Interaction, Interaction.happened_on, as_of, func.sum(Interaction.minutes), "minutes")
    waited = _per_customer(Ticket, Ticket.opened_on, as_of, func.avg(Ticket.first_response_minutes), "response")
    rated = _per_customer(SurveyAnswer, SurveyAnswer.answered_on, as_of, func.avg(SurveyAnswer.score), "score")
    return (
        select(
            buyers.c.customer_id,
            buyers.c.orders,
            buyers.c.purchase_days,
            buyers.c.first_order_on,
            buyers.c.last_order_on,
            (buyers.c.spend_minor - func.coalesce(given_back.c.refunded_minor, 0)).label("spend_minor"),
            first_day.label("first_day_spend_minor"),
            func.coalesce(spoken.c.rows, 0).label("interactions"),
            func.coalesce(spoken.c.minutes, 0).label("interaction_minutes"),
            waited.c.response.label("first_response_minutes"),
            rated.c.score.label("satisfaction"),
        )
        .outerjoin(given_back, given_back.c.customer_id == buyers.c.customer_id)
        .outerjoin(spoken, spoken.c.customer_id == buyers.c.customer_id)
        .outerjoin(waited, waited.c.customer_id == buyers.c.customer_id)
        .outerjoin(rated, rated.c.customer_id == buyers.c.customer_id)
        .order_by(buyers.c.customer_id)
    )


def _per_customer(table: Any, day: Any, as_of: date, figure: Any, label: str, *also: ColumnElement[bool]) -> Any:
    return (
        select(table.customer_id, func.count().label("rows"), figure.label(label))
        .where(table.customer_id.is_not(None), day <= as_of, *also)
        .group_by(table.customer_id)
        .subquery(label)
    )


def customer_facts(session: Session, *, as_of: date, currency: str | Currencies) -> pd.DataFrame:
    """One row per customer with a paid order up to ``as_of``.

    Out: index customer_id, [orders, purchase_days: count, first_order_on, last_order_on: datetime64, spend_minor: net
    of refunds, first_day_spend_minor, interactions: count, interaction_minutes: sum, first_response_minutes: mean or
    NaN, satisfaction: mean of 0..1 or NaN].
    """
    facts = read_figures(session, facts_statement(as_of, currency))
    facts = facts.astype({"customer_id": "int64"}).set_index("customer_id")
    floats = ["interaction_minutes", "first_response_minutes", "satisfaction"]
    whole = ["orders", "purchase_days", "spend_minor", "first_day_spend_minor", "interactions"]
    return facts.astype({**dict.fromkeys(floats, "float64"), **dict.fromkeys(whole, "int64")})


def purchase_days(session: Session, *, as_of: date, currency: str | Currencies) -> pd.DataFrame:
    """One row per customer and day with an order, in that order.

    Out: [customer_id, ordered_on: datetime64, orders: count, spend_minor: before refunds].
    """
    days = _days_statement(as_of, Currencies.of(currency))
    table = read_figures(session, days.order_by(Order.customer_id, Order.ordered_on))
    return table.astype({"customer_id": "int64", "orders": "int64", "spend_minor": "int64"})


def purchase_items(session: Session, *, as_of: date) -> pd.DataFrame:
    """One row per line that names a product and was not sent back, in no order.

    Out: [customer_id, order_id, ordered_on: datetime64, product_id].
    """
    orders = read_figures(
        session, select(Order.id, Order.customer_id, Order.ordered_on).where(paid_until(as_of)).order_by(Order.id)
    )
    bought = select(OrderLine.order_id, OrderLine.product_id).where(is_bought())
    # of a million lines two numbers each, a piece at a time; days and customers are looked up by order
    pieces = _pieces(_plain_rows(session, bought))
    flat = [np.fromiter(chain.from_iterable(piece), np.int64, 2 * len(piece)) for piece in pieces]
    lines = np.concatenate(flat or [np.empty(0, np.int64)]).reshape(-1, 2)
    known = orders["id"].to_numpy(np.int64)
    lines = lines[np.isin(lines[:, 0], known)]
    place = np.searchsorted(known, lines[:, 0])
    return pd.DataFrame(
        {
            "customer_id": orders["customer_id"].to_numpy(np.int64)[place],
            "order_id": lines[:, 0],
            "ordered_on": orders["ordered_on"].to_numpy()[place],
            "product_id": lines[:, 1],
        }
    )


def product_names(session: Session) -> pd.Series:
    """Index product_id -> the name, or number, of each product that is still sold (not put away)."""
    name = func.coalesce(Product.name, Product.source_id)
    sold = Product.archived_at.is_(None)
    table = read_frame(session, select(Product.id, name.label("name")).where(sold).order_by(Product.id))
    return table.set_index("id")["name"]


def customer_labels(session: Session) -> pd.DataFrame:
    """How each customer is called.

    Out: index customer_id, [label: name or "Customer <id of the source>", source_id, email: text or None].
    """
    name = func.coalesce(func.nullif(Customer.name, ""), literal("Customer ").concat(Customer.source_id))
    statement = select(Customer.id, name.label("label"), Customer.source_id, Customer.email).order_by(Customer.id)
    return read_frame(session, statement).set_index("id")


def data_span(session: Session) -> tuple[date | None, date | None, int]:
    """First and last day with a paid order, and how many different days have one."""
    paid = Order.status == OrderStatus.PAID.value
    statement = select(func.min(Order.ordered_on), func.max(Order.ordered_on), func.count(Order.ordered_on.distinct()))
    first, last, days = session.execute(statement.where(paid)).one()
    return first, last, days


def order_days(session: Session, *, until: date) -> list[date]:
    """The different days with a paid order up to ``until``, in order."""
    paid = and_(Order.status == OrderStatus.PAID.value, Order.ordered_on <= until)
    return list(session.scalars(select(Order.ordered_on).where(paid).distinct().order_by(Order.ordered_on)))


def count_known(session: Session) -> dict[str, int]:
    """How much is stored: customers, orders, guest orders, products, lines, demo (made-up companies that are in)."""
    return {
        "customers": _count(session, select(func.count()).select_from(Customer)),
        "orders": _count(session, select(func.count()).select_from(Order)),
        "guest orders": _count(session, select(func.count()).select_from(Order).where(Order.customer_id.is_(None))),
        "products": _count(session, select(func.count()).select_from(Product)),
        "lines": _count(session, select(func.count()).select_from(OrderLine)),
        "demo": _count(session, select(func.count()).select_from(ImportRun).where(_DEMO)),
    }


def _count(session: Session, statement: Select[Any]) -> int:
    return int(session.scalar(statement) or 0)


def read_frame(session: Session, statement: Any) -> pd.DataFrame:
    """The rows of a statement as a table with its column names."""
    result = session.connection().execute(statement)  # below the mapper: plain rows, column by column, twice as fast
    columns = list(result.keys())
    cells = list(zip(*result.all(), strict=True)) or [()] * len(columns)
    return pd.DataFrame(dict(zip(columns, cells, strict=True)), columns=columns)


def read_figures(session: Session, statement: Any) -> pd.DataFrame:
    """The same for rows of numbers and days alone, in half the time: cells as the driver gives them, days as
    datetime64. The caller says what is whole and what is not.
    """
    columns = list(statement.selected_columns)
    cells = list(zip(*_plain_rows(session, statement).fetchall(), strict=True)) or [()] * len(columns)
    read = [
        np.array(values, "datetime64[D]").astype("datetime64[s]") if isinstance(column.type, Date) else values
        for column, values in zip(columns, cells, strict=True)
    ]
    return pd.DataFrame({column.key: values for column, values in zip(columns, read, strict=True)})


def _plain_rows(session: Session, statement: Any) -> Any:
    """The driver's own cursor: what SQLAlchemy makes of a row costs more than fetching it, at a million rows."""
    return session.connection().execute(statement).cursor


def _pieces(cursor: Any) -> Iterator[Any]:
    while piece := cursor.fetchmany(LINES_AT_ONCE):
        yield piece
