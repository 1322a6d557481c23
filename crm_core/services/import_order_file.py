"""A file of orders: staged, stored, shown beforehand."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy.orm import Session

from crm_core.importing.choices import ImportChoices, Reading
from crm_core.importing.kept_columns import columns_to_keep, keep_values
from crm_core.importing.orders import StagedOrders
from crm_core.importing.rejections import RejectedRow
from crm_core.importing.sources import Source, stage_source
from crm_core.services.custom_fields import ToldFields, store_custom_fields
from crm_core.services.import_figures import (
    beyond_lines,
    day_span,
    first_lines,
    notes_on_days,
    parts_of,
    sums_of,
    totals_of,
)
from crm_core.services.import_orders import StoredOrders, store_orders
from crm_core.services.import_people import store_customers
from crm_core.services.import_products import store_products
from crm_core.services.import_task import ImportTask, StoredFile, StoredView

__all__ = ["show_order_file", "stage_order_file", "store_order_file"]


def stage_order_file(source: Source, reading: Reading, choices: ImportChoices) -> StagedOrders:
    """The file's orders, typed and checked."""
    staged = stage_source(
        source,
        currency=reading.currency,
        default_currency=reading.default_currency,
        dates=reading.dates,
        zone=reading.zone,
        choices=choices.statuses,
    )
    return _with_kept(staged, source, choices)


def store_order_file(session: Session, staged: StagedOrders, task: ImportTask) -> StoredFile:
    """Write customers, products, orders, lines and refunds in the session's transaction."""
    import_id, source = task.import_id, task.source
    task.tell(0.3, "Storing customers and products")
    existing = task.choices.existing
    people = store_customers(session, staged.customers, import_id=import_id, source=source, existing=existing)
    product_ids, named = store_products(session, staged.products, import_id=import_id, source=source, existing=existing)
    orders = staged.orders.assign(customer_id=_ids_at(people.ids, staged.orders["customer"]))
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
    kept = _store_kept(session, staged, stored, task)
    first_day, last_day = day_span(staged, stored.is_new)
    sums = sums_of(staged, stored.is_new, stored.beyond_lines)
    return StoredFile(
        accepted=int(stored.is_new.sum()),
        rejected=[*staged.rejected, *_contradicting(staged, stored, task)],
        customers=people.counts,
        orders=stored.with_more(kept.owners),
        refunds=stored.refunds,
        totals=totals_of(sums),
        parts=parts_of(sums),
        first_day=first_day,
        last_day=last_day,
        dates_read_as=staged.dates_read_as,
        decimals_read_as=staged.decimals_read_as,
        notes=(
            *_currency_notes(staged),
            *notes_on_days(staged, today=task.today),
            *people.notes,
            *named.notes,
            *stored.notes,
        ),
    )


def _currency_notes(staged: StagedOrders) -> tuple[str, ...]:
    """Which currency amounts were taken for where neither the file nor the owner named one."""
    if staged.currency_is_stated or staged.orders.empty:
        return ()
    code = staged.orders["currency"].mode().iloc[0]
    return (f"Nothing says what its amounts are in, so they count as {code}; --currency names another.",)


def show_order_file(staged: StagedOrders) -> StoredView:
    """The first lines as they would be stored, [row, customer, order, day, status, product, quantity, amount,
    currency]."""
    counted = np.ones(len(staged.lines), bool)
    first_day, last_day = day_span(staged, counted)
    sums = sums_of(staged, counted, beyond_lines(staged))
    lines = first_lines(staged)
    return StoredView(lines, totals_of(sums), parts_of(sums), first_day, last_day, staged.status_groups)


def _with_kept(staged: StagedOrders, source: Source, choices: ImportChoices) -> StagedOrders:
    """The file's orders with the columns that are kept: of an order's rows the first filled cell."""
    names = columns_to_keep(source.table, source.mapping, choices)
    if not names:
        return staged
    numbers = source.table.row_numbers
    owners = np.full(len(numbers), -1, np.int64)
    owners[np.searchsorted(numbers, staged.lines["row_number"])] = staged.lines["order"]
    kept = keep_values(source.table, names, owners).rename(columns={"owner": "order"})
    return replace(staged, kept=kept)


def _store_kept(session: Session, staged: StagedOrders, stored: StoredOrders, task: ImportTask) -> ToldFields:
    if staged.kept is None:
        return ToldFields()
    return store_custom_fields(
        session,
        staged.kept.assign(owner=stored.order_ids[staged.kept["order"].to_numpy(np.int64)]),
        owner="order_id",
        import_id=task.import_id,
        existing=task.choices.existing,
        fresh=stored.fresh,
    )


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
