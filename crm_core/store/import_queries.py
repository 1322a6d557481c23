"""What is stored already of the things a file brings. Asked inside the import's writing unit."""

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from crm_core.store.tables import Customer, ImportRun, Order, OrderLine, Product, Refund, RejectedRow
from crm_core.vocabulary import MORE_CELLS, REPORT_COLUMNS

__all__ = [
    "IDS_AT_ONCE",
    "batches",
    "import_history",
    "known_customers",
    "known_lines",
    "known_orders",
    "known_products",
    "known_refunds",
    "rejected_rows_of",
]

IDS_AT_ONCE = 500  # keys in one IN list
CUSTOMER_COLUMNS = ("id", "source", "source_id", "name", "email", "phone", "postcode", "country", "birthday", "channel")


def known_customers(session: Session, ids: Iterable[int]) -> pd.DataFrame:
    """Customers by id. Out: index id, [source, source_id, name, email, phone, postcode, country, birthday,
    channel]."""
    columns = [getattr(Customer, name) for name in CUSTOMER_COLUMNS]
    parts = [_frame(session, select(*columns).where(Customer.id.in_(batch))) for batch in batches(ids)]
    table = pd.concat(parts) if parts else pd.DataFrame(columns=list(CUSTOMER_COLUMNS), dtype=object)
    return table.set_index("id")


def known_products(session: Session, source: str) -> pd.DataFrame:
    """A source's products. Out: index source_id, [id, name]."""
    query = select(Product.source_id, Product.id, Product.name).where(Product.source == source)
    return _frame(session, query).set_index("source_id")


def known_orders(session: Session, source: str) -> pd.DataFrame:
    """A source's orders. Out: index source_id, [id, customer_id, ordered_on: date, currency, status, status_raw]."""
    query = select(
        Order.source_id,
        Order.id,
        Order.customer_id,
        Order.ordered_on,
        Order.currency,
        Order.status,
        Order.status_raw,
    ).where(Order.source == source)
    return _frame(session, query).set_index("source_id")


def known_refunds(session: Session, source: str) -> dict[str, int]:
    """A source's refunds: source_id -> id."""
    query = select(Refund.source_id, Refund.id).where(Refund.source == source)
    return {row.source_id: row.id for row in session.execute(query)}


def known_lines(session: Session, order_ids: Iterable[int]) -> pd.DataFrame:
    """The lines of some orders. Out: [order_id, fingerprint, occurrence], one row per line."""
    numbers: list[npt.NDArray[np.int64]] = []
    for batch in batches(order_ids):
        query = select(OrderLine.order_id, OrderLine.fingerprint, OrderLine.occurrence)
        cells = chain.from_iterable(session.execute(query.where(OrderLine.order_id.in_(batch))))
        numbers.append(np.fromiter(cells, np.int64))
    flat = np.concatenate(numbers) if numbers else np.zeros(0, np.int64)
    return pd.DataFrame(flat.reshape(-1, 3), columns=["order_id", "fingerprint", "occurrence"])


def import_history(session: Session) -> pd.DataFrame:
    """Every import, newest first. Out: [import_id, file_name, source, kind, finished_at, rows, accepted, duplicates,
    rejected, undone_at]."""
    query = select(
        ImportRun.id.label("import_id"),
        ImportRun.file_name,
        ImportRun.source,
        ImportRun.kind,
        ImportRun.finished_at,
        ImportRun.row_count.label("rows"),
        ImportRun.accepted_count.label("accepted"),
        ImportRun.duplicate_count.label("duplicates"),
        ImportRun.rejected_count.label("rejected"),
        ImportRun.undone_at,
    ).order_by(ImportRun.id.desc())
    return _frame(session, query)


def rejected_rows_of(session: Session, import_id: int) -> pd.DataFrame:
    """An import's rejected rows. Out: [row, reason, and the file's own columns], in the file's order.

    The first two have longer names where the file has columns of these names.
    """
    query = select(RejectedRow).where(RejectedRow.import_id == import_id).order_by(RejectedRow.row_number)
    found = list(session.scalars(query))
    own = {name for row in found for name in row.cells}
    number, reason = next((pair for pair in REPORT_COLUMNS if not own & set(pair)), REPORT_COLUMNS[-1])
    rows = [{number: row.row_number, reason: row.reason, **row.cells} for row in found]
    table = pd.DataFrame(rows, columns=None if rows else [number, reason])
    last = [name for name in table.columns if name == MORE_CELLS]
    return table[[name for name in table.columns if name not in last] + last]


def batches(ids: Iterable[int]) -> Iterator[list[int]]:
    """Keys in lists short enough for every database.

    >>> [len(batch) for batch in batches(range(1200))]
    [500, 500, 200]
    """
    everything = [int(key) for key in ids]
    for start in range(0, len(everything), IDS_AT_ONCE):
        yield everything[start : start + IDS_AT_ONCE]


def _frame(session: Session, query: Select[*tuple[object, ...]]) -> pd.DataFrame:
    """A query's rows, cells as the database gives them."""
    result = session.execute(query)
    return pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object)
