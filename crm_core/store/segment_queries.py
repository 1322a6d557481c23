"""What segments ask of the database: who everybody is beside their orders, who bought what, what there is to buy."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import Session

from crm_core.store.bought_lines import is_bought
from crm_core.store.currencies import Currencies
from crm_core.store.past_queries import known_by
from crm_core.store.queries import paid_until, read_frame
from crm_core.store.tables import (
    Customer,
    Interaction,
    Order,
    OrderLine,
    Product,
    Segment,
    Snapshot,
    SurveyAnswer,
    Ticket,
)

__all__ = [
    "beside_orders",
    "buyers_of",
    "counted_customers",
    "list_segments",
    "names_of_segments",
    "products_bought",
    "profiles",
    "say_segments",
]

Keys = tuple[str, ...]


def profiles(session: Session, *, until: date | None = None) -> pd.DataFrame:
    """Everybody who is not put away; ``until``: who was known by the end of a past day.

    Out: index customer_id, [label, source_id, email, phone, country, channel: text or None, birthday: date or None].
    """
    name = func.coalesce(func.nullif(Customer.name, ""), literal("Customer ").concat(Customer.source_id))
    columns = (Customer.source_id, Customer.email, Customer.phone, Customer.country, Customer.channel)
    known = () if until is None else (known_by(until),)
    statement = select(Customer.id, name.label("label"), *columns, Customer.birthday)
    statement = statement.where(Customer.archived_at.is_(None), *known).order_by(Customer.id)
    return read_frame(session, statement).rename(columns={"id": "customer_id"}).set_index("customer_id")


def beside_orders(session: Session, *, as_of: date) -> pd.DataFrame:
    """What is known up to a day of everybody, buyers or not, beside orders; of whom anything is.

    Out: index customer_id, [requests, interactions: count or NaN, satisfaction: mean of 0..1 or NaN].
    """
    questions: dict[str, tuple[Any, Any, Any]] = {
        "requests": (Ticket, Ticket.opened_on, func.count()),
        "interactions": (Interaction, Interaction.happened_on, func.count()),
        "satisfaction": (SurveyAnswer, SurveyAnswer.answered_on, func.avg(SurveyAnswer.score)),
    }
    columns = []
    for name, (table, day, figure) in questions.items():
        statement = select(table.customer_id, figure.label(name)).where(day <= as_of).group_by(table.customer_id)
        found = read_frame(session, statement).astype({"customer_id": "int64", name: "float64"})
        columns.append(found.set_index("customer_id")[name])
    return pd.concat(columns, axis=1).sort_index()


def counted_customers(session: Session, *, as_of: date, currency: str | Currencies) -> pd.Index:
    """Who has a paid order in a currency that counts."""
    counts = Currencies.of(currency).counts(Order)
    statement = select(Order.customer_id).where(paid_until(as_of), counts).distinct()
    return pd.Index(list(session.scalars(statement)), dtype="int64", name="customer_id").sort_values()


def buyers_of(
    session: Session, *, products: Keys = (), categories: Keys = (), as_of: date, days: int | None = None
) -> pd.Index:
    """Who bought one of some products ("source/number") or of some categories, and did not send it back; ``days``: in
    the last so many days, the day itself included."""
    wanted: list[Any] = []
    if products:
        wanted.append(Product.source.concat("/").concat(Product.source_id).in_(products))
    if categories:
        wanted.append(Product.category.in_(categories))
    if not wanted:
        return pd.Index([], dtype="int64", name="customer_id")
    since = () if days is None else (Order.ordered_on > as_of - timedelta(days=days),)
    statement = (
        select(Order.customer_id)
        .join_from(OrderLine, Order, Order.id == OrderLine.order_id)
        .join(Product, Product.id == OrderLine.product_id)
        .where(paid_until(as_of), is_bought(), or_(*wanted), *since)
        .distinct()
    )
    return pd.Index(list(session.scalars(statement)), dtype="int64", name="customer_id").sort_values()


def products_bought(session: Session, *, as_of: date) -> pd.DataFrame:
    """Every product that somebody bought up to a day and did not send back, most bought first.

    Out: index "source/number", [name: or the number, category: text or None, lines: how often].
    """
    name = func.coalesce(func.nullif(Product.name, ""), Product.source_id)
    bought = (
        select(OrderLine.product_id, func.count().label("lines"))
        .join(Order, Order.id == OrderLine.order_id)
        .where(paid_until(as_of), is_bought())
        .group_by(OrderLine.product_id)
        .subquery()
    )
    columns = (Product.source, Product.source_id, name.label("name"), Product.category, bought.c.lines)
    table = read_frame(session, select(*columns).join(bought, bought.c.product_id == Product.id)).astype(object)
    table.index = pd.Index(table["source"] + "/" + table["source_id"], dtype=object, name="product")
    often, called = -table["lines"].astype(int), table["name"].map(str.casefold)
    places = sorted(range(len(table)), key=lambda at: (often.iloc[at], called.iloc[at], table.index[at]))
    return table[["name", "category", "lines"]].iloc[places]


def list_segments(session: Session) -> list[Segment]:
    """The owner's own segments, by name."""
    return list(session.scalars(select(Segment).order_by(Segment.name_key, Segment.id)))


def names_of_segments(session: Session) -> dict[str, str]:
    """The name by number of every segment that there is or was at a snapshot."""
    names: dict[str, str] = {}
    for named in session.scalars(select(Snapshot.segments).order_by(Snapshot.as_of)):
        names |= {str(number): str(kept.get("name", "")) for number, kept in named.items() if isinstance(kept, dict)}
    return names | {str(number): name for number, name in session.execute(select(Segment.id, Segment.name))}


def say_segments(numbers: object, names: dict[str, str]) -> str | None:
    """Numbers of segments, a text or nothing, as their names.

    >>> say_segments("3 12", {"3": "Gone quiet"}), say_segments(None, {})
    ('Gone quiet, 12', None)
    """
    return ", ".join(names.get(number, number) for number in numbers.split()) if isinstance(numbers, str) else None
