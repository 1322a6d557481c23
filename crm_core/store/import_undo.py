"""Taking an import back: rows that only it brought go, rows that a later one brought too are handed to that one."""

from collections import Counter
from typing import Any

from sqlalchemy import Select, Table, and_, delete, exists, func, select, update
from sqlalchemy.orm import Session

from crm_core.store.edit_queries import changed_by_hand, merged_by_hand
from crm_core.store.import_queries import batches
from crm_core.store.tables import Base, Customer, Identity, Order, OrderLine, Refund, RepeatedLine, RepeatedRow

__all__ = [
    "forget_repeated",
    "hand_on",
    "hand_on_identities",
    "hand_over_lines",
    "hand_over_rows",
    "keep_edited",
    "remove_attached_identities",
    "remove_lines",
    "remove_orders",
    "remove_rows",
    "remove_unused",
]


def hand_over_lines(session: Session, import_id: int) -> Counter[int]:
    """Give lines to the first later import that brought them again; how many to which. Its note of them goes."""
    same = and_(
        RepeatedLine.order_id == OrderLine.order_id,
        RepeatedLine.fingerprint == OrderLine.fingerprint,
        RepeatedLine.occurrence == OrderLine.occurrence,
    )
    session.execute(delete(RepeatedLine).where(RepeatedLine.import_id == import_id))
    heir = select(func.min(RepeatedLine.import_id)).where(same).correlate(OrderLine).scalar_subquery()
    again = and_(OrderLine.import_id == import_id, exists().where(same))
    handed = _count_by_heir(session, select(heir.label("heir")).select_from(OrderLine).where(again))
    _change(session, update(OrderLine).where(again).values(import_id=heir))
    owned = exists().where(same, OrderLine.import_id == RepeatedLine.import_id)
    session.execute(delete(RepeatedLine).where(owned), execution_options={"synchronize_session": False})
    return handed


def hand_over_rows(session: Session, table: Table, import_id: int) -> Counter[int]:
    """The same for rows of another table, after ``forget_repeated``; a customer's ways to be recognised go along."""
    same = and_(RepeatedRow.table_name == table.name, RepeatedRow.row_id == table.c.id)
    heir = select(func.min(RepeatedRow.import_id)).where(same).correlate(table).scalar_subquery()
    again = and_(table.c.import_id == import_id, exists().where(same))
    handed = _count_by_heir(session, select(heir.label("heir")).select_from(table).where(again))
    if not handed:
        return handed
    if table.name == Customer.__tablename__:
        _hand_over_identities(session, import_id)
    _change(session, update(table).where(again).values(import_id=heir))
    owned = exists().where(same, table.c.import_id == RepeatedRow.import_id)
    session.execute(delete(RepeatedRow).where(owned), execution_options={"synchronize_session": False})
    return handed


def forget_repeated(session: Session, import_id: int) -> None:
    """Drop what an import noted as brought again; it is taken back itself."""
    session.execute(delete(RepeatedRow).where(RepeatedRow.import_id == import_id))


def _hand_over_identities(session: Session, import_id: int) -> None:
    same = and_(RepeatedRow.table_name == Customer.__tablename__, RepeatedRow.row_id == Identity.customer_id)
    heir = select(func.min(RepeatedRow.import_id)).where(same).correlate(Identity).scalar_subquery()
    mine = select(Customer.id).where(Customer.id == Identity.customer_id, Customer.import_id == import_id).exists()
    again = and_(Identity.import_id == import_id, mine, exists().where(same))
    _change(session, update(Identity).where(again).values(import_id=heir))


def keep_edited(session: Session, import_id: int) -> dict[str, int]:
    """Let an import's customers, products and orders that the owner edited by hand since belong to no import, with
    what is theirs; how many of each."""
    kept = {}
    belongings = {
        "customers": (Identity.customer_id, Identity.import_id),
        "orders": (OrderLine.order_id, OrderLine.import_id),
    }
    for name in ("customers", "products", "orders"):
        table = Base.metadata.tables[name]
        edited = changed_by_hand(name, table.c.id)
        ids = session.scalars(select(table.c.id).where(table.c.import_id == import_id, edited)).all()
        for batch in batches(ids):
            _change(session, update(table).where(table.c.id.in_(batch)).values(import_id=None))
            if name in belongings:
                owner, brought_by = belongings[name]
                theirs = update(owner.class_).where(owner.in_(batch), brought_by == import_id)
                _change(session, theirs.values(import_id=None))
        kept[name] = len(ids)
    of_merged = and_(Identity.import_id == import_id, merged_by_hand(Identity.customer_id))
    for batch in batches(session.scalars(select(Identity.id).where(of_merged)).all()):  # whom the file brought again
        _change(session, update(Identity).where(Identity.id.in_(batch)).values(import_id=None))
    return kept


def remove_lines(session: Session, import_id: int) -> tuple[int, set[int]]:
    """Delete an import's own lines; how many, and the orders they were in."""
    mine = OrderLine.import_id == import_id
    orders = set(session.scalars(select(OrderLine.order_id).where(mine).distinct()))
    return _change(session, delete(OrderLine).where(mine)), orders


def remove_orders(session: Session, import_id: int) -> int:
    """Delete an import's orders that have no line left; the others go to the import of a line they kept."""
    lines = select(OrderLine.order_id).where(OrderLine.order_id == Order.id)
    empty = select(Order.id).where(Order.import_id == import_id, ~lines.exists())
    for batch in batches(session.scalars(empty).all()):
        session.execute(update(Refund).where(Refund.order_id.in_(batch)).values(order_id=None))
    removed = _change(session, delete(Order).where(Order.import_id == import_id, ~lines.exists()))
    heir = select(func.min(OrderLine.import_id)).where(OrderLine.order_id == Order.id).scalar_subquery()
    _change(session, update(Order).where(Order.import_id == import_id).values(import_id=heir))
    return removed


def remove_rows(session: Session, table: Table, import_id: int) -> int:
    """Delete everything an import inserted into one table."""
    return _change(session, delete(table).where(table.c.import_id == import_id))


def remove_unused(session: Session, table: Table, import_id: int, key: str, users: tuple[Table, ...]) -> int:
    """Delete an import's customers or products that no row of ``users`` names any more."""
    used = [select(user.c[key]).where(user.c[key] == table.c.id).exists() for user in users]
    return _change(session, delete(table).where(table.c.import_id == import_id, *[~use for use in used]))


def hand_on(session: Session, table: Table, import_id: int, key: str, users: tuple[Table, ...]) -> None:
    """Give an import's remaining customers or products to the first import that uses them."""
    for user in users:
        heir = select(func.min(user.c.import_id)).where(user.c[key] == table.c.id).scalar_subquery()
        _change(session, update(table).where(table.c.import_id == import_id, heir.is_not(None)).values(import_id=heir))
    _change(session, update(table).where(table.c.import_id == import_id).values(import_id=None))  # used by hand alone


def remove_attached_identities(session: Session, import_id: int) -> None:
    """Delete the identities that an import gave to customers it did not bring."""
    theirs = select(Customer.id).where(Customer.id == Identity.customer_id, Customer.import_id == import_id).exists()
    _change(session, delete(Identity).where(Identity.import_id == import_id, ~theirs))


def hand_on_identities(session: Session, import_id: int) -> None:
    """A customer who stays keeps the ways to be recognised that came with them."""
    heir = select(Customer.import_id).where(Customer.id == Identity.customer_id).scalar_subquery()
    _change(session, update(Identity).where(Identity.import_id == import_id).values(import_id=heir))


def _count_by_heir(session: Session, heirs: Select[Any]) -> Counter[int]:
    found = heirs.subquery()
    counted = session.execute(select(found.c.heir, func.count()).group_by(found.c.heir))
    return Counter({int(heir): int(number) for heir, number in counted})


def _change(session: Session, statement: Any) -> int:
    result: Any = session.execute(statement, execution_options={"synchronize_session": False})
    return int(result.rowcount)
