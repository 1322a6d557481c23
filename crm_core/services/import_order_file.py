"""A file of orders: staged, stored, shown beforehand."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy.orm import Session

from crm_core.importing.choices import ImportChoices, Reading
from crm_core.importing.orders import StagedOrders
from crm_core.importing.rejections import RejectedRow
from crm_core.importing.sources import Source, stage_source
from crm_core.services.import_figures import beyond_lines, day_span, first_lines, notes_on_days, totals_of
from crm_core.services.import_orders import StoredOrders, store_orders
from crm_core.services.import_people import store_customers, store_products
from crm_core.services.import_task import ImportTask, StoredFile, StoredView

__all__ = ["show_order_file", "stage_order_file", "store_order_file"]


def stage_order_file(source: Source, reading: Reading, choices: ImportChoices) -> StagedOrders:
    """The file's orders, typed and checked."""
    return stage_source(
        source,
        currency=reading.currency,
        default_currency=reading.default_currency,
        dates=reading.dates,
        zone=reading.zone,
        choices=choices.statuses,
    )


def store_order_file(session: Session, staged: StagedOrders, task: ImportTask) -> StoredFile:
    """Write customers, products, orders, lines and refunds in the session's transaction."""
    import_id, source = task.import_id, task.source
    task.tell(0.3, "Storing customers and products")
    customer_ids, customers = store_customers(session, staged.customers, import_id=import_id, source=source)
    product_ids = store_products(session, staged.products, import_id=import_id, source=source)
    orders = staged.orders.assign(customer_id=_ids_at(customer_ids, staged.orders["customer"]))
    lines = staged.lines.assign(product_id=_ids_at(product_ids, staged.lines["product"]))
    task.tell(0.35, "Storing orders")
    stored = store_orders(
        session,
        orders,
        lines,
        staged.stated,
        import_id=import_id,
        source=source,
        progress=lambda share: task.tell(0.4 + 0.5 * share, "Storing order lines"),
    )
    first_day, last_day = day_span(staged, stored.is_new)
    return StoredFile(
        accepted=int(stored.is_new.sum()),
        rejected=[*staged.rejected, *_contradicting(staged, stored, task)],
        customers=customers,
        orders=stored.orders,
        refunds=stored.refunds,
        totals=totals_of(staged, stored.is_new, stored.beyond_lines),
        first_day=first_day,
        last_day=last_day,
        dates_read_as=staged.dates_read_as,
        decimals_read_as=staged.decimals_read_as,
        notes=(*notes_on_days(staged, today=task.today), *stored.notes),
    )


def show_order_file(staged: StagedOrders) -> StoredView:
    """The first lines as they would be stored, [row, customer, order, day, product, quantity, amount, currency]."""
    counted = np.ones(len(staged.lines), bool)
    first_day, last_day = day_span(staged, counted)
    totals = totals_of(staged, counted, beyond_lines(staged))
    return StoredView(first_lines(staged), totals, first_day, last_day, staged.status_groups)


def _contradicting(staged: StagedOrders, stored: StoredOrders, task: ImportTask) -> list[RejectedRow]:
    """The rows of orders that the store knows otherwise."""
    table = task.table
    found = staged.lines[stored.contradicts]
    places = np.searchsorted(table.row_numbers, found["row_number"])
    return [
        RejectedRow(number, f"{table.file_name}, row {number}{stored.reasons[order]}", table.cells(int(place)))
        for number, order, place in zip(found["row_number"].tolist(), found["order"].tolist(), places, strict=True)
    ]


def _ids_at(ids: npt.NDArray[np.int64], positions: pd.Series) -> npt.NDArray[np.int64]:
    """Ids by position; position -1 has none."""
    found: npt.NDArray[np.int64] = np.append(ids, -1)[positions.to_numpy()]
    return found
