"""What recommendations ask of the database: what was offered and decided, what was bought, and what came back."""

from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from crm_core.store.bought_lines import is_bought
from crm_core.store.queries import paid_until, read_figures, read_frame
from crm_core.store.tables import NeverOffered, Offer, Order, OrderLine, Product, Refund

__all__ = [
    "count_offers",
    "decided_pairs",
    "kept_purchases",
    "lines_of",
    "never_offered",
    "offered_rows",
    "orders_by_day",
    "refunds_of",
]

FEW = 200  # customers who are named by their number


def offered_rows(
    session: Session, *, until: date, before: datetime | None = None, customer_id: int | None = None
) -> pd.DataFrame:
    """Every offer shown up to a day, oldest first; with ``before``, a moment in UTC, what was decided later is open.

    Out: [offer_id, customer_id, product_id, list, reason_kind, shown_on: datetime64, rank, within_days, state,
    decided_at: UTC or NaT].
    """
    statement = (
        select(
            Offer.id.label("offer_id"),
            Offer.customer_id,
            Offer.product_id,
            Offer.list_name.label("list"),
            Offer.reason_kind,
            Offer.shown_on,
            Offer.rank,
            Offer.within_days,
            Offer.state,
            Offer.decided_at,
        )
        .where(Offer.shown_on <= until)
        .order_by(Offer.shown_on, Offer.customer_id, Offer.list_name, Offer.rank, Offer.id)
    )
    table = read_frame(session, statement if customer_id is None else statement.where(Offer.customer_id == customer_id))
    whole = dict.fromkeys(("offer_id", "customer_id", "product_id", "rank", "within_days"), "int64")
    table = table.astype({**whole, **dict.fromkeys(("list", "reason_kind", "state"), "str")})
    table["shown_on"] = pd.to_datetime(table["shown_on"])
    table["decided_at"] = pd.to_datetime(table["decided_at"])
    if before is not None:
        later = table["decided_at"] >= before
        table = table.assign(
            state=table["state"].where(~later, "shown"), decided_at=table["decided_at"].where(~later, pd.NaT)
        )
    return table


def count_offers(session: Session, *, until: date, before: datetime | None = None) -> tuple[int, int, str]:
    """How many offers were shown up to a day, how many of them are decided, and when the last was: whatever changes
    what is learnt changes one of these."""
    decided = Offer.decided_at.is_not(None) if before is None else Offer.decided_at < before
    shown = session.scalar(select(func.count()).where(Offer.shown_on <= until)) or 0
    said = select(func.count(), func.max(Offer.decided_at)).where(Offer.shown_on <= until, decided)
    number, latest = session.execute(said).one()
    return int(shown), int(number), str(latest)


def decided_pairs(
    session: Session, *, before: datetime | None = None, customer_id: int | None = None, product_id: int | None = None
) -> pd.DataFrame:
    """What was decided of offers, latest last. Out: [customer_id, product_id, shown_on: date, state, within_days,
    decided_at: UTC]."""
    columns = (Offer.customer_id, Offer.product_id, Offer.shown_on, Offer.state, Offer.within_days, Offer.decided_at)
    statement = select(*columns).where(
        Offer.decided_at.is_not(None) if before is None else Offer.decided_at < before,
        *_about(Offer.customer_id, customer_id),
        *_about(Offer.product_id, product_id),
    )
    return read_frame(session, statement.order_by(Offer.decided_at, Offer.id))


def never_offered(session: Session, *, before: datetime | None = None) -> pd.DataFrame:
    """Products that the owner never wants to be offered, the latest first. Out: [product_id, product: name or number,
    decided_at: UTC]."""
    name = func.coalesce(func.nullif(Product.name, ""), Product.source_id)
    statement = (
        select(NeverOffered.product_id, name.label("product"), NeverOffered.decided_at)
        .join(Product, Product.id == NeverOffered.product_id)
        .order_by(NeverOffered.decided_at.desc(), NeverOffered.id.desc())
    )
    return read_frame(session, statement if before is None else statement.where(NeverOffered.decided_at < before))


def kept_purchases(
    session: Session, *, as_of: date, customer_id: int | None = None, only_offered: bool = False
) -> pd.DataFrame:
    """What customers to whom anything was offered have bought and not wholly given back, up to a day; ``only_offered``:
    of that the products that were offered to them.

    Out: [customer_id, product_id, ordered_on: datetime64], once for each day, in order.
    """
    offered = select(Offer.id).where(Offer.customer_id == Order.customer_id)
    if only_offered:
        offered = offered.where(Offer.product_id == OrderLine.product_id)
    whom: list[Any] = [offered.exists()] if only_offered or customer_id is None else []
    if customer_id is None:
        those = list(session.scalars(select(Offer.customer_id).distinct().limit(FEW + 1)))
        if len(those) <= FEW:  # by their number their orders are found at once, instead of asking of every order
            whom.insert(0, Order.customer_id.in_(those))
    statement = (
        select(Order.customer_id, OrderLine.product_id, Order.ordered_on)
        .join_from(Order, OrderLine, OrderLine.order_id == Order.id)
        .where(paid_until(as_of), *whom, *_about(Order.customer_id, customer_id), is_bought(), _is_kept(as_of))
    )
    table = read_figures(session, statement).drop_duplicates()
    columns = ["customer_id", "product_id", "ordered_on"]
    whole = table.astype({"customer_id": "int64", "product_id": "int64"})
    return whole.sort_values(columns, kind="stable", ignore_index=True)


def orders_by_day(session: Session, *, since: date, until: date) -> pd.DataFrame:
    """In how many paid orders of known customers each product was, day by day, those wholly given back aside.

    Out: [ordered_on: datetime64, product_id, orders: count], in order.
    """
    orders = func.count(Order.id.distinct()).label("orders")
    statement = (
        select(Order.ordered_on, OrderLine.product_id, orders)
        .join_from(Order, OrderLine, OrderLine.order_id == Order.id)
        .where(paid_until(until), Order.ordered_on >= since, is_bought(), _is_kept(until))
        .group_by(Order.ordered_on, OrderLine.product_id)
        .order_by(Order.ordered_on, OrderLine.product_id)
    )
    return read_figures(session, statement).astype({"product_id": "int64", "orders": "int64"})


def lines_of(
    session: Session, *, as_of: date, customer_id: int | None = None, product_id: int | None = None
) -> pd.DataFrame:
    """Lines of paid orders up to a day, what was bought and what came back: of one customer, else of everybody to whom
    money or goods ever came back; all of them, or those of one product.

    Out: [customer_id, order_id, ordered_on: datetime64, product_id, quantity: NaN where nobody wrote it, amount_minor].
    """
    columns = (Order.customer_id, Order.id.label("order_id"), Order.ordered_on, OrderLine.product_id)
    statement = (
        select(*columns, OrderLine.quantity, OrderLine.amount_minor)
        .join_from(Order, OrderLine, OrderLine.order_id == Order.id)
        .where(paid_until(as_of), OrderLine.product_id.is_not(None))
        .where(*_about(Order.customer_id, customer_id), *_about(OrderLine.product_id, product_id))
        .order_by(Order.id, OrderLine.product_id, OrderLine.fingerprint, OrderLine.occurrence)
    )
    if customer_id is None:  # joined, because MariaDB would ask a union behind IN anew for each order
        returned = _got_something_back(product_id).subquery()
        statement = statement.join(returned, returned.c.customer_id == Order.customer_id)
    whole = ("customer_id", "order_id", "product_id", "amount_minor")
    return read_figures(session, statement).astype({**dict.fromkeys(whole, "int64"), "quantity": "float64"})


def refunds_of(
    session: Session, *, as_of: date, customer_id: int | None = None, product_id: int | None = None
) -> pd.DataFrame:
    """Money given back on orders of one customer, or on orders with one product, up to a day.

    Out: [order_id, refunded_on: the latest, amount_minor: all of it, in the order's currency].
    """
    named = exists().where(OrderLine.order_id == Order.id, OrderLine.product_id == product_id)
    statement = (
        select(
            Refund.order_id,
            func.max(Refund.refunded_on, type_=Refund.refunded_on.type).label("refunded_on"),
            func.sum(Refund.amount_minor).label("amount_minor"),
        )
        .join_from(Refund, Order, Order.id == Refund.order_id)
        .where(Refund.refunded_on <= as_of, Refund.currency == Order.currency, Order.customer_id.is_not(None))
        .where(*_about(Order.customer_id, customer_id), *([named] if product_id is not None else []))
        .group_by(Refund.order_id)
        .order_by(Refund.order_id)
    )
    return read_figures(session, statement).astype({"order_id": "int64", "amount_minor": "int64"})


def _got_something_back(product_id: int | None) -> Any:
    """The customers to whom money ever came back, or who sent goods back: any, or one product."""
    money = select(Order.customer_id).join(Refund, Refund.order_id == Order.id).where(Order.customer_id.is_not(None))
    back = or_(OrderLine.amount_minor < 0, OrderLine.quantity < 0)
    goods = select(Order.customer_id).join(OrderLine, OrderLine.order_id == Order.id)
    return money.union(goods.where(Order.customer_id.is_not(None), back, *_about(OrderLine.product_id, product_id)))


def _about(column: Any, number: int | None) -> list[ColumnElement[bool]]:
    return [] if number is None else [column == number]


def _is_kept(as_of: date) -> ColumnElement[bool]:
    """An order whose money was not given back whole by a day."""
    wholly = (
        select(Refund.order_id)
        .join(Order, Order.id == Refund.order_id)
        .where(Refund.currency == Order.currency, Refund.refunded_on <= as_of, Order.amount_minor > 0)
        .group_by(Refund.order_id, Order.amount_minor)
        .having(func.sum(Refund.amount_minor) >= Order.amount_minor)
    )
    return Order.id.not_in(wholly)
