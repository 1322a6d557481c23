"""Tables for spreadsheets and other programs: the stored facts, and what was worked out from them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import func, select

from crm_core.errors import NotFoundError
from crm_core.services.spreadsheets import table_as_csv
from crm_core.services.stored_exports import STORED
from crm_core.services.workbook_files import MOST_ROWS, table_as_xlsx, tables_as_xlsx
from crm_core.store.session import Store
from crm_core.store.tables import Base

__all__ = [
    "EXPORTS",
    "MOST_ROWS",
    "Export",
    "export_file",
    "export_table",
    "stored_workbook",
    "table_as_csv",
    "too_large_for_excel",
]

SIZED = {  # the exports that may have more rows than an Excel sheet: their tables
    "customers": "customers",
    "identities": "customer_identities",
    "orders": "orders",
    "order_lines": "order_lines",
}


@dataclass(frozen=True)
class Export:
    """A table that can be taken out. title: what it is called; is_stored: else it was worked out, as of a day."""

    title: str
    is_stored: bool
    make: Callable[[Store, date], pd.DataFrame]


def _worked_out(name: str) -> Callable[[Store, date], pd.DataFrame]:
    """How an analysis is made; what it takes is imported by then, for a stored table needs none of it."""

    def make(store: Store, as_of: date) -> pd.DataFrame:
        from crm_core.services.analysis_exports import ANALYSES

        return ANALYSES[name](store, as_of)

    return make


ANALYSES = {
    "features": "Facts per customer",
    "scores": "Loyalty and value",
    "value_tiers": "Value tiers and shares",
    "segments": "RFM segments",
    "segment_groups": "RFM groups in sum",
    "natural_groups": "Natural groups",
    "subscriptions": "Subscribers",
    "today": "Today's list",
    "recommendations": "What to offer to whom",
}
EXPORTS: dict[str, Export] = {
    **{name: Export(title, True, make) for name, (title, make) in STORED.items()},
    **{name: Export(title, False, _worked_out(name)) for name, title in ANALYSES.items()},
}


def export_table(store: Store, name: str, *, as_of: date) -> pd.DataFrame:
    """One of EXPORTS. Stored tables are whole; the others are as of a day.

    Out of "orders": [order_id, customer_id, email, name, day, amount: exact, received less refunds, currency, lines,
    status, …]. Numbers of customers, orders and products are those the source gave, money is exact (Decimal).
    """
    if name not in EXPORTS:
        raise NotFoundError(f"There is no table '{name}' to export; there are {', '.join(EXPORTS)}.")
    return EXPORTS[name].make(store, as_of)


def too_large_for_excel(store: Store) -> dict[str, int]:
    """The stored tables that have more rows than an Excel sheet, and how many."""
    large = {}
    with store.read() as session:
        for name, table in SIZED.items():
            size = session.scalar(select(func.count()).select_from(Base.metadata.tables[table])) or 0
            if size > MOST_ROWS:
                large[name] = int(size)
    return large


def export_file(table: pd.DataFrame, name: str, *, ending: str) -> bytes:
    """A table as the kind of file that an ending says: an Excel workbook for .xlsx, else CSV."""
    return table_as_xlsx(table, sheet=name) if ending.lower() == ".xlsx" else table_as_csv(table)


def stored_workbook(store: Store, *, as_of: date) -> bytes:
    """Every stored table as one Excel workbook, a sheet each."""
    stored = {name: export for name, export in EXPORTS.items() if export.is_stored}
    return tables_as_xlsx({name: _maker(store, export, as_of) for name, export in stored.items()})


def _maker(store: Store, export: Export, as_of: date) -> Callable[[], pd.DataFrame]:
    return lambda: export.make(store, as_of)
