"""What is stored already of the rows that an export of ours brings back."""

from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from crm_core.store.tables import Base, Customer, Identity, OrderLine

__all__ = ["all_known_by", "customers_by_number", "lines_of", "rows_by_number", "rows_by_place", "stored_rows"]

TABLES = Base.metadata.tables
Number = tuple[str, str]  # source, and its number


def rows_by_number(session: Session, table: Table) -> dict[Number, int]:
    """A table's rows: source and its number -> id."""
    found = session.execute(select(table.c.source, table.c.source_id, table.c.id))
    return {(row[0], row[1]): row[2] for row in found}


def customers_by_number(session: Session) -> dict[Number, int]:
    """Customers by every number that a source has for them."""
    known = select(Identity.issuer, Identity.value, Identity.customer_id).where(Identity.kind == "source")
    own = select(Customer.source, Customer.source_id, Customer.id)
    return {(row[0], row[1]): row[2] for query in (known, own) for row in session.execute(query)}


def all_known_by(session: Session) -> dict[tuple[str, str, str], int]:
    """Every way to recognise a customer: (kind, issuer, value) -> customer."""
    query = select(Identity.kind, Identity.issuer, Identity.value, Identity.customer_id)
    return {(row[0], row[1], row[2]): row[3] for row in session.execute(query)}


def stored_rows(session: Session, table: Table, fields: list[str]) -> dict[int, dict[str, Any]]:
    """A table's rows by id, some fields of them."""
    query = select(table.c.id, *[table.c[field] for field in fields])
    return {row["id"]: dict(row) for row in session.execute(query).mappings()}


def rows_by_place(session: Session, table: Table, fields: list[str]) -> dict[tuple[Any, ...], list[int]]:
    """Rows that no source has a number for, by what they say: values of the fields -> ids, in order."""
    query = select(table.c.id, *[table.c[field] for field in fields]).order_by(table.c.id)
    found: dict[tuple[Any, ...], list[int]] = {}
    for row in session.execute(query):
        found.setdefault(tuple(row[1:]), []).append(row[0])
    return found


def lines_of(session: Session) -> dict[int, set[tuple[int, int]]]:
    """Every order's lines: order -> (fingerprint, occurrence) of each."""
    query = select(OrderLine.order_id, OrderLine.fingerprint, OrderLine.occurrence)
    found: dict[int, set[tuple[int, int]]] = {}
    for row in session.execute(query):
        found.setdefault(row[0], set()).add((row[1], row[2]))
    return found
