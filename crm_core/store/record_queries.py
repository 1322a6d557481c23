"""What is stored already of conversations, tickets, answers and products. Asked inside the import's writing unit."""

from collections.abc import Iterable, Iterator

import pandas as pd
from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from crm_core.store.import_queries import IDS_AT_ONCE, batches

__all__ = ["records_by_id", "records_by_number", "records_of_people", "records_of_source"]


def records_by_id(session: Session, table: Table, ids: Iterable[int]) -> pd.DataFrame:
    """Rows by our own key. Out: index id, the table's columns."""
    return _frame(session, table, (table.c.id.in_(batch) for batch in batches(ids)))


def records_by_number(session: Session, table: Table, source: str, numbers: Iterable[str]) -> pd.DataFrame:
    """A source's rows by their numbers there. Out: index id, the table's columns."""
    asked = list(numbers)
    parts = (asked[start : start + IDS_AT_ONCE] for start in range(0, len(asked), IDS_AT_ONCE))
    return _frame(session, table, ((table.c.source == source) & table.c.source_id.in_(part) for part in parts))


def records_of_people(session: Session, table: Table, customer_ids: Iterable[int]) -> pd.DataFrame:
    """Everything in a table that is some customers'. Out: index id, the table's columns."""
    return _frame(session, table, (table.c.customer_id.in_(batch) for batch in batches(customer_ids)))


def records_of_source(session: Session, table: Table, source: str) -> pd.DataFrame:
    """Everything that one source brought. Out: index id, the table's columns."""
    return _frame(session, table, iter([table.c.source == source]))


def _frame(session: Session, table: Table, wanted: Iterator[ColumnElement[bool]]) -> pd.DataFrame:
    rows = [row for condition in wanted for row in session.execute(select(table).where(condition).order_by(table.c.id))]
    return pd.DataFrame(rows, columns=[column.name for column in table.c], dtype=object).set_index("id")
