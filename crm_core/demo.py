"""The demonstration company in the owner's database: one use case, ``fill_demo``. Every person in it is made up."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any

import pandas as pd
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from crm_core.demo_company import Company, make_company
from crm_core.demo_offers import draw_offers
from crm_core.errors import CrmError
from crm_core.logs import log_work
from crm_core.progress import Progress
from crm_core.store.bulk import next_id
from crm_core.store.session import Store, raise_revision
from crm_core.store.tables import (
    Base,
    Customer,
    Identity,
    ImportRun,
    Interaction,
    Offer,
    Order,
    OrderLine,
    Product,
    Refund,
    SurveyAnswer,
    Ticket,
)
from crm_core.vocabulary import OfferState

__all__ = ["DEMO_CURRENCY", "DEMO_NAME", "DEMO_SOURCE", "fill_demo"]

DEMO_SOURCE = "demo"
DEMO_CURRENCY = "EUR"
DEMO_NAME = "Demonstration company (made up)"

Rows = list[dict[str, Any]]


def fill_demo(store: Store, *, last_day: date, progress: Progress | None = None) -> int:
    """Fill an empty database with three made-up years that end on ``last_day``; the id of the import that undo takes.

    The same day gives the same company. ``progress`` is told a share of 0..1 and what is being done. CrmError when
    something is stored already.
    """
    tell = progress or (lambda _share, _doing: None)
    tell(0.0, "Making up people and orders")
    company = make_company(last_day=last_day)
    with log_work("demonstration") as counts, store.begin() as session:
        _require_empty(session)
        run = _import_run(company, last_day)
        run.id = next_id(session, Base.metadata.tables[ImportRun.__tablename__])
        session.add(run)
        session.flush()
        tell(0.3, "Writing customers and products")
        customers = _write_customers(session, company, run.id)
        products = _insert_and_number(session, Product, run.id, _products(company))
        tell(0.5, "Writing orders")
        orders = _write_orders(session, company, customers, products, run.id)
        tell(0.8, "Writing refunds, conversations and answers")
        _write_service(session, company, customers, orders, run.id)
        tell(0.9, "Writing offers")
        _write_offers(session, company, customers, products, last_day)
        raise_revision(session)
        counts |= {"import": run.id, "customers": len(company.customers), "orders": len(company.orders)}
        tell(1.0, "Done")
        return run.id


def _require_empty(session: Session) -> None:
    customers, orders = (session.scalar(select(func.count()).select_from(table)) or 0 for table in (Customer, Order))
    if customers or orders:
        raise CrmError(
            f"The demonstration company goes into an empty database only, and this one holds {customers:,} customers "
            f"and {orders:,} orders; undo the imports first, or name a new file in REGULARS_DATABASE_URL."
        )


def _import_run(company: Company, last_day: date) -> ImportRun:
    paid = company.orders[company.orders["status"] == "paid"]
    total = int(paid["amount_minor"].sum())
    people, orders, rows = len(company.customers), len(company.orders), len(company.lines)
    return ImportRun(
        file_name=DEMO_NAME,
        file_sha256=sha256(f"{DEMO_NAME} {last_day}".encode()).hexdigest(),
        source=DEMO_SOURCE,
        kind="demo",
        finished_at=datetime.combine(last_day, time(), UTC).replace(tzinfo=None),
        undone_at=None,
        row_count=rows,
        accepted_count=rows,
        duplicate_count=0,
        rejected_count=0,
        report={
            "customers": {"new": people, "updated": 0, "unchanged": 0},
            "orders": {"new": orders, "updated": 0, "unchanged": 0},
            "totals": {DEMO_CURRENCY: f"{total / 100:.2f}"},
            "first_day": str(company.orders["day"].min()),
            "last_day": str(company.orders["day"].max()),
        },
    )


def _write_customers(session: Session, company: Company, import_id: int) -> list[int]:
    rows = _records(company.customers)
    for position, row in enumerate(rows):
        row["source_id"] = f"D{position + 1:04d}"
    numbers = _insert_and_number(session, Customer, import_id, rows)
    _insert(session, Identity, import_id, _identities(numbers, rows))
    return numbers


def _identities(numbers: Sequence[int], rows: Rows) -> Rows:
    """What each person is recognised by: the number in this company, the e-mail address, the phone."""
    found: Rows = []
    for number, row in zip(numbers, rows, strict=True):
        marks = (("source", DEMO_SOURCE, row["source_id"]), ("email", "", row["email"]), ("phone", "", row["phone"]))
        found += [
            {"customer_id": number, "kind": kind, "issuer": issuer, "value": value}
            for kind, issuer, value in marks
            if value
        ]
    return found


def _products(company: Company) -> Rows:
    return [
        {"source_id": f"P{number:03d}", "name": row.name, "category": row.category}
        for number, row in enumerate(company.products.itertuples(index=False), start=1)
    ]


def _write_orders(
    session: Session, company: Company, customers: Sequence[int], products: Sequence[int], import_id: int
) -> list[int]:
    rows = _records(company.orders.rename(columns={"day": "ordered_on"}))
    for position, row in enumerate(rows):
        row["customer_id"] = None if row["customer"] < 0 else customers[row["customer"]]
        row |= {"source_id": f"A{position + 1:05d}", "status_raw": row["status"], "currency": DEMO_CURRENCY}
        del row["customer"]
    orders = _insert_and_number(session, Order, import_id, rows)
    lines: Rows = [
        {
            "order_id": orders[line["order"]],
            "fingerprint": line["product"] + 1,  # an order holds a product at most once here
            "occurrence": 0,
            "product_id": products[line["product"]],
            "quantity": float(line["quantity"]),
            "amount_minor": line["amount_minor"],
        }
        for line in _records(company.lines)
    ]
    _insert(session, OrderLine, import_id, lines)
    return orders


def _write_service(
    session: Session, company: Company, customers: Sequence[int], orders: Sequence[int], import_id: int
) -> None:
    refunds = _records(company.refunds.rename(columns={"day": "refunded_on"}))
    for position, row in enumerate(refunds):
        row |= {"source": DEMO_SOURCE, "source_id": f"R{position + 1:04d}", "currency": DEMO_CURRENCY}
        row["order_id"] = orders[row.pop("order")]
    kinds: tuple[tuple[Any, Rows], ...] = (
        (Refund, refunds),
        (Interaction, _records(company.interactions.rename(columns={"day": "happened_on"}))),
        (Ticket, _records(company.tickets.rename(columns={"day": "opened_on"}))),
        (SurveyAnswer, _records(company.answers.rename(columns={"day": "answered_on"}))),
    )
    for table, rows in kinds:
        for row in rows:
            row["customer_id"] = customers[row.pop("customer")]
        _insert(session, table, import_id, rows)


def _write_offers(
    session: Session, company: Company, customers: Sequence[int], products: Sequence[int], last_day: date
) -> None:
    """What was offered in the last half year, said on the same day."""
    rows = _records(draw_offers(company, last_day=last_day))
    first = next_id(session, Base.metadata.tables[Offer.__tablename__])
    for place, row in enumerate(rows):
        row |= {"id": first + place, "customer_id": customers[row.pop("customer")]}
        row["product_id"] = products[row.pop("product")]
        said = row["state"] != OfferState.SHOWN.value
        row["decided_at"] = datetime.combine(row["shown_on"], time(12)) if said else None
    session.execute(insert(Offer), rows)


def _insert(session: Session, table: Any, import_id: int, rows: Rows) -> None:
    rows = [row | {"import_id": import_id} for row in rows]
    if "id" in table.__table__.c:
        first = next_id(session, table.__table__)
        rows = [{"id": first + place, **row} for place, row in enumerate(rows)]
    session.execute(insert(table), rows)


def _insert_and_number(session: Session, table: Any, import_id: int, rows: Rows) -> list[int]:
    """Insert rows that have a source_id; their keys, in the same order."""
    _insert(session, table, import_id, [row | {"source": DEMO_SOURCE} for row in rows])
    stored = session.execute(select(table.source_id, table.id).where(table.source == DEMO_SOURCE))
    key: dict[str, int] = {row.source_id: row.id for row in stored}
    return [key[row["source_id"]] for row in rows]


def _records(frame: pd.DataFrame) -> Rows:
    """Rows of plain Python values, with None for whatever is missing."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]
