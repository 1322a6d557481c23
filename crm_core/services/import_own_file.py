"""Taking back a file that Regulars wrote: looked at first, stored in one transaction, undone like any other import."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm_core.errors import ImportFileError
from crm_core.importing.apostrophes import rearm_table
from crm_core.importing.choices import Existing
from crm_core.importing.columns import ColumnMapping
from crm_core.importing.kinds import ImportKind
from crm_core.importing.own_rows import StagedOwn, stage_own_rows
from crm_core.importing.own_tables import OwnTable
from crm_core.importing.rejections import RejectedRow
from crm_core.importing.report import ImportReport
from crm_core.importing.text_table import TextTable
from crm_core.services.backups import back_up_before_import
from crm_core.services.import_figures import exact_amount
from crm_core.services.import_own import OwnStored, day_span, store_own
from crm_core.services.import_preview import ImportPreview
from crm_core.services.import_runs import begin_run, finish_run
from crm_core.store.bulk import note_sizes
from crm_core.store.session import Store, raise_revision
from crm_core.store.tables import Base, ImportRun
from crm_core.wording import plural

__all__ = ["import_own_file", "preview_own_file"]

SOURCE = "regulars"  # of a file with rows of several; every row keeps its own
PREVIEW_ROWS = 20
MANY_ROWS = 1_000
Tell = Callable[[float, str], None]


class _OnlyTried(Exception):  # noqa: N818 -- no error: it ends a dry run, so that nothing of it is kept
    pass


def import_own_file(
    store: Store,
    table: TextTable,
    own: OwnTable,
    *,
    dry_run: bool,
    tell: Tell,
    now: datetime,
    existing: Existing = Existing.FILL,
) -> ImportReport:
    """Store the rows of an export of ours that are not stored yet; ``existing``: what a stored row takes of it."""
    tell(0.15, "Checking every row")
    table = rearm_table(table)
    staged = stage_own_rows(table, own)
    _require_rows(table, staged.rejected, staged.rows)
    if not dry_run:
        back_up_before_import(store, staged.rows, now=now, tell=tell)
    try:
        with store.begin() as session:
            report = _store(session, table, staged, now, existing, tell)
            if dry_run:
                raise _OnlyTried
            tell(0.97, "Saving")
    except _OnlyTried:
        return replace(report, import_id=None)
    except IntegrityError as error:
        raise ImportFileError(
            f"{table.file_name} was not stored: another import was storing the same rows. Import it again."
        ) from error
    return report


def preview_own_file(table: TextTable, own: OwnTable) -> ImportPreview:
    """The first rows of an export of ours, as they stand there, and what they come to."""
    table = rearm_table(table)
    staged = stage_own_rows(table, own)
    shown = [table.cells(int(at)) for at in staged.frame["position"].head(PREVIEW_ROWS)]
    lines = pd.DataFrame(shown, columns=list(table.header), dtype=object).replace("", None)
    lines.insert(0, "row", staged.frame["row_number"].head(PREVIEW_ROWS).to_numpy())
    mapping = ColumnMapping(
        table.header, {column.field: column.name for column in own.columns}, guests=True, kind=ImportKind(own.kind)
    )
    first, last = day_span(staged.frame)
    everything = frozenset(staged.frame["row_number"].tolist())
    totals = _totals(staged.frame, everything)
    return ImportPreview(table.file_name, mapping, staged, lines, totals, first, last, own=own)


def _store(
    session: Session, table: TextTable, staged: StagedOwn, now: datetime, existing: Existing, tell: Tell
) -> ImportReport:
    sources = set(staged.frame["source"].dropna()) if "source" in staged.frame else set()
    source = sources.pop() if len(sources) == 1 else SOURCE
    import_id = begin_run(session, table, ImportKind(staged.own.kind), source, now)
    stored = store_own(session, staged, import_id=import_id, existing=str(existing), tell=tell)
    report = _report(table, staged, stored, import_id, source)
    _require_rows(table, list(report.rejected), staged.rows)
    finish_run(session, report)
    if report.rows >= MANY_ROWS:
        note_sizes(session, Base.metadata.tables[ImportRun.__tablename__])
    raise_revision(session)
    return report


def _report(table: TextTable, staged: StagedOwn, stored: OwnStored, import_id: int, source: str) -> ImportReport:
    rejected = sorted([*staged.rejected, *_refused(table, stored)], key=lambda row: row.row_number)
    brought = staged.frame[staged.frame["row_number"].isin(stored.accepted_rows)]
    first, last = day_span(brought)
    return ImportReport(
        import_id=import_id,
        file_name=table.file_name,
        source=source,
        kind=staged.own.kind,
        rows=staged.rows,
        accepted=stored.accepted,
        duplicates=staged.rows - stored.accepted - len(rejected),
        rejected=tuple(rejected),
        customers=stored.customers,
        orders=stored.orders,
        refunds=stored.refunds,
        totals=_totals(staged.frame, stored.accepted_rows),
        first_day=first,
        last_day=last,
        dates_read_as="ymd",
        decimals_read_as="point",
        notes=staged.notes,
        changes=dict(stored.changes),
    )


def _refused(table: TextTable, stored: OwnStored) -> list[RejectedRow]:
    places = np.searchsorted(table.row_numbers, list(stored.refused))
    return [
        RejectedRow(number, f"{table.file_name}, row {number}{why}", table.cells(int(place)))
        for (number, why), place in zip(stored.refused.items(), places, strict=True)
    ]


def _totals(frame: pd.DataFrame, rows: frozenset[int]) -> dict[str, str]:
    """What some rows come to, by currency; refunds less."""
    if "amount_minor" not in frame:
        return {}
    sign = -1 if "refunded_on" in frame else 1
    sums: Counter[str] = Counter()
    for number, code, amount in zip(frame["row_number"], frame["currency"], frame["amount_minor"], strict=True):
        if number in rows:
            sums[code] += sign * int(amount or 0)
    return {code: exact_amount(total, code) for code, total in sorted(sums.items())}


def _require_rows(table: TextTable, rejected: list[RejectedRow], rows: int) -> None:
    if len(rejected) == rows:
        number = "The only row" if rows == 1 else f"None of the {plural(rows, 'row')}"
        raise ImportFileError(f"{number} of {table.file_name} can be stored, so nothing was: {rejected[0].reason}")
