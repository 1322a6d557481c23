"""Taking a file in: look at it first, store it in one transaction, see what was taken in, take it back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm_core.errors import ImportFileError, NotFoundError
from crm_core.importing.orders import StagedOrders
from crm_core.importing.reader import read_table
from crm_core.importing.rejections import RejectedRow
from crm_core.importing.report import ChangeCount, ImportReport
from crm_core.importing.sources import recognise_source, stage_source
from crm_core.importing.text_table import TextTable
from crm_core.logs import log_work
from crm_core.services.backups import back_up_before_import
from crm_core.services.import_mappings import REMEMBERED, remember_mapping, remembered_mapping
from crm_core.services.import_orders import StoredOrders, store_orders
from crm_core.services.import_people import store_customers, store_products
from crm_core.services.import_preview import (
    ImportPreview,
    day_span,
    known_currency,
    known_date_order,
    notes_on_days,
    preview_import,
    totals_of,
)
from crm_core.services.import_undo import UndoReport, undo_import
from crm_core.services.preferences import load_preferences, zone_of
from crm_core.store.bulk import insert_columns, next_id, note_sizes
from crm_core.store.import_queries import import_history, rejected_rows_of
from crm_core.store.session import Store, raise_revision
from crm_core.store.tables import Base, ImportRun
from crm_core.store.tables import RejectedRow as RejectedRowTable
from crm_core.wording import plural

__all__ = [
    "ImportPreview",
    "UndoReport",
    "import_file",
    "list_imports",
    "preview_import",
    "rejected_rows",
    "undo_import",
]

Progress = Callable[[float, str], None]
KIND = "orders"
UNKNOWN_SOURCE = "shop"
MANY_ROWS = 1_000  # a file that changes how the database should look things up


class _OnlyTried(Exception):  # noqa: N818 -- no error: it ends a dry run, so that nothing of it is kept
    pass


def import_file(
    store: Store,
    file: bytes | str | Path,
    *,
    file_name: str,
    source: str | None = None,
    mapping: Mapping[str, str | None] | None = None,
    currency: str | None = None,
    dates: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> ImportReport:
    """Take an orders file in: all of it that can be read, or nothing when none can.

    ``source`` keeps two shops' numbers apart; None: the platform's name where the file is one's export that we know,
    else "shop". ``mapping``: field -> column, kept for files with the same columns; None: as kept. ``currency`` None:
    as the file says, else the owner's preference.
    A row that an earlier import stored is a duplicate, so the same file twice adds nothing.
    """
    tell = progress or (lambda _share, _words: None)
    choices = load_preferences(store)
    zone = zone_of(choices.time_zone)
    with log_work("import tried out" if dry_run else "import") as counts:
        tell(0.02, "Reading the file")
        table = read_table(file, file_name=file_name)
        chosen = remembered_mapping(store, table.header) if mapping is None else dict(mapping)
        recognised = recognise_source(table, chosen)
        tell(0.15, "Checking every row")
        staged = stage_source(
            recognised,
            currency=known_currency(currency),
            default_currency=choices.currency,
            dates=known_date_order(dates),
            zone=zone,
        )
        told = [recognised.words, REMEMBERED if chosen and mapping is None else ""]
        staged = replace(staged, notes=(*[words for words in told if words], *staged.notes))
        _require_rows(table, staged.rejected, staged.rows)
        source = source or recognised.name or UNKNOWN_SOURCE
        if not dry_run:
            back_up_before_import(store, staged.rows, now=now, tell=tell)
        try:
            with store.begin() as session:
                report = _store(session, table, staged, source, (now or datetime.now(UTC)).astimezone(zone), tell)
                if dry_run:
                    raise _OnlyTried
                if mapping:
                    remember_mapping(session, table.header, chosen)
                tell(0.97, "Saving")
        except _OnlyTried:
            return replace(report, import_id=None)
        except IntegrityError as error:
            raise ImportFileError(
                f"{file_name} was not stored: another import was storing the same orders. Import it again."
            ) from error
        counts |= {"import": report.import_id or 0, "rows": report.rows, "stored": report.accepted}
        counts |= {"duplicates": report.duplicates, "rejected": len(report.rejected)}
    return report


def list_imports(store: Store) -> pd.DataFrame:
    """Every import, newest first: [import_id, file_name, source, kind, finished_at, rows, accepted, duplicates,
    rejected, undone_at]."""
    with store.read() as session:
        return import_history(session)


def rejected_rows(store: Store, import_id: int) -> pd.DataFrame:
    """The rows of an import that were not accepted: [row, reason, and the file's own columns]."""
    with store.read() as session:
        if session.get(ImportRun, import_id) is None:
            raise NotFoundError(f"There is no import {import_id}; the page Data lists them.")
        return rejected_rows_of(session, import_id)


def _store(
    session: Session, table: TextTable, staged: StagedOrders, source: str, now: datetime, tell: Progress
) -> ImportReport:
    """Write everything in the session's transaction."""
    import_id = _begin_run(session, table, source, now)
    tell(0.3, "Storing customers and products")
    customer_ids, customers = store_customers(session, staged.customers, import_id=import_id, source=source)
    product_ids = store_products(session, staged.products, import_id=import_id, source=source)
    orders = staged.orders.assign(customer_id=_ids_at(customer_ids, staged.orders["customer"]))
    lines = staged.lines.assign(product_id=_ids_at(product_ids, staged.lines["product"]))
    tell(0.35, "Storing orders")
    stored = store_orders(
        session,
        orders,
        lines,
        staged.stated,
        import_id=import_id,
        source=source,
        progress=lambda share: tell(0.4 + 0.5 * share, "Storing order lines"),
    )
    rejected = sorted([*staged.rejected, *_contradicting(table, staged, stored)], key=lambda row: row.row_number)
    _require_rows(table, rejected, staged.rows)
    report = _report(table, staged, stored, customers, rejected, import_id, source, now.date())
    _finish_run(session, report)
    if report.rows >= MANY_ROWS:
        note_sizes(session, Base.metadata.tables[ImportRun.__tablename__])
    raise_revision(session)
    return report


def _begin_run(session: Session, table: TextTable, source: str, now: datetime) -> int:
    """The import's row, so that others can name it; its counts follow."""
    runs = Base.metadata.tables[ImportRun.__tablename__]
    import_id = next_id(session, runs)
    session.execute(
        insert(runs).values(
            id=import_id,
            file_name=table.file_name[:255],
            file_sha256=table.sha256,
            source=source,
            kind=KIND,
            finished_at=now.astimezone(UTC).replace(tzinfo=None),
            row_count=0,
            accepted_count=0,
            duplicate_count=0,
            rejected_count=0,
            report={},
        )
    )
    return import_id


def _finish_run(session: Session, report: ImportReport) -> None:
    runs = Base.metadata.tables[ImportRun.__tablename__]
    summary = {key: value for key, value in report.as_dict().items() if key != "rejected"}
    session.execute(
        update(runs)
        .where(runs.c.id == report.import_id)
        .values(
            row_count=report.rows,
            accepted_count=report.accepted,
            duplicate_count=report.duplicates,
            rejected_count=len(report.rejected),
            report=summary,
        )
    )
    columns = {
        "import_id": report.import_id,
        "row_number": np.array([row.row_number for row in report.rejected], np.int64),
        "reason": np.array([row.reason for row in report.rejected], object),
        "cells": np.array([*[row.cells for row in report.rejected], None], object)[:-1],
    }
    insert_columns(session, Base.metadata.tables[RejectedRowTable.__tablename__], columns)


def _report(
    table: TextTable,
    staged: StagedOrders,
    stored: StoredOrders,
    customers: ChangeCount,
    rejected: list[RejectedRow],
    import_id: int,
    source: str,
    today: date,
) -> ImportReport:
    first_day, last_day = day_span(staged, stored.is_new)
    accepted = int(stored.is_new.sum())
    return ImportReport(
        import_id=import_id,
        file_name=table.file_name,
        source=source,
        kind=KIND,
        rows=staged.rows,
        accepted=accepted,
        duplicates=staged.rows - accepted - len(rejected),
        rejected=tuple(rejected),
        customers=customers,
        orders=stored.orders,
        refunds=stored.refunds,
        totals=totals_of(staged, stored.is_new, stored.beyond_lines),
        first_day=first_day,
        last_day=last_day,
        dates_read_as=staged.dates_read_as,
        decimals_read_as=staged.decimals_read_as,
        notes=(*staged.notes, *notes_on_days(staged, today=today), *stored.notes),
    )


def _contradicting(table: TextTable, staged: StagedOrders, stored: StoredOrders) -> list[RejectedRow]:
    """The rows of orders that the store knows otherwise."""
    found = staged.lines[stored.contradicts]
    places = np.searchsorted(table.row_numbers, found["row_number"])
    return [
        RejectedRow(number, f"{table.file_name}, row {number}{stored.reasons[order]}", table.cells(int(place)))
        for number, order, place in zip(found["row_number"].tolist(), found["order"].tolist(), places, strict=True)
    ]


def _require_rows(table: TextTable, rejected: list[RejectedRow], rows: int) -> None:
    if len(rejected) == rows:
        number = "The only row" if rows == 1 else f"None of the {plural(rows, 'row')}"
        raise ImportFileError(f"{number} of {table.file_name} can be stored, so nothing was: {rejected[0].reason}")


def _ids_at(ids: npt.NDArray[np.int64], positions: pd.Series) -> npt.NDArray[np.int64]:
    """Ids by position; position -1 has none."""
    found: npt.NDArray[np.int64] = np.append(ids, -1)[positions.to_numpy()]
    return found
