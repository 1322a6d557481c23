"""Taking back a file that Regulars wrote: looked at first, stored in one transaction, undone like any other import."""

from collections import Counter

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from crm_core.importing.apostrophes import rearm_table
from crm_core.importing.choices import Existing
from crm_core.importing.columns import ColumnMapping
from crm_core.importing.kinds import ImportKind
from crm_core.importing.own_rows import StagedOwn, stage_own_rows
from crm_core.importing.own_tables import OwnTable
from crm_core.importing.rejections import RejectedRow
from crm_core.importing.report import ImportReport
from crm_core.importing.text_table import TextTable
from crm_core.services.import_figures import exact_amount
from crm_core.services.import_frame import ImportFrame
from crm_core.services.import_own import OwnStored, day_span, store_own
from crm_core.services.import_preview import ImportPreview
from crm_core.services.import_runs import begin_run
from crm_core.store.session import Store

__all__ = ["import_own_file", "preview_own_file"]

SOURCE = "regulars"  # of a file with rows of several; every row keeps its own
PREVIEW_ROWS = 20


def import_own_file(
    store: Store, frame: ImportFrame, own: OwnTable, existing: Existing = Existing.FILL
) -> ImportReport:
    """Store the rows of an export of ours that are not stored yet; ``existing``: what a stored row takes of it."""
    frame.tell(0.15, "Checking every row")
    table = rearm_table(frame.table)
    staged = stage_own_rows(table, own)
    sources = set(staged.frame["source"].dropna()) if "source" in staged.frame else set()
    source = sources.pop() if len(sources) == 1 else SOURCE

    def write(session: Session) -> ImportReport:
        import_id = begin_run(session, table, ImportKind(own.kind), source, frame.now)
        stored = store_own(session, staged, import_id=import_id, existing=str(existing), tell=frame.tell)
        return _report(table, staged, stored, import_id, source)

    return frame.run(store, staged, write)


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
