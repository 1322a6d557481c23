"""Taking a file in: look at it first, store it in one transaction, see what was taken in, take it back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from sqlalchemy.orm import Session

from crm_core.errors import NotFoundError
from crm_core.importing.choices import ImportChoices, Reading
from crm_core.importing.kinds import AUTO, ImportKind, known_kind
from crm_core.importing.own_tables import find_own_table
from crm_core.importing.reader import read_table
from crm_core.importing.report import ImportReport
from crm_core.importing.sources import Source, check_source, recognise_source
from crm_core.importing.text_table import TextTable
from crm_core.logs import log_work
from crm_core.progress import Progress
from crm_core.services.import_frame import ImportFrame
from crm_core.services.import_kinds import STEPS
from crm_core.services.import_mappings import REMEMBERED, Remembered, remember_mapping, remembered_choice
from crm_core.services.import_own_file import import_own_file
from crm_core.services.import_preview import ImportPreview, known_currency, known_date_order, preview_import
from crm_core.services.import_runs import begin_run
from crm_core.services.import_task import ImportTask, Staged, StoredFile
from crm_core.services.import_undo import UndoReport, undo_import
from crm_core.services.preferences import load_preferences
from crm_core.services.time_zones import zone_of
from crm_core.store.import_queries import import_history, rejected_rows_of
from crm_core.store.session import Store
from crm_core.store.tables import ImportRun

__all__ = [
    "ImportPreview",
    "UndoReport",
    "import_file",
    "list_imports",
    "preview_import",
    "rejected_rows",
    "undo_import",
]

UNKNOWN_SOURCE = "shop"
NO_CHOICES = ImportChoices()


def import_file(
    store: Store,
    file: bytes | str | Path,
    *,
    file_name: str,
    kind: str = AUTO,
    source: str | None = None,
    mapping: Mapping[str, str | None] | None = None,
    currency: str | None = None,
    dates: str | None = None,
    choices: ImportChoices = NO_CHOICES,
    dry_run: bool = False,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> ImportReport:
    """Take a file in: all of it that can be read, or nothing when none can.

    ``kind``: what its rows are; "auto": as its columns say. ``source`` keeps two shops' numbers apart; None: the
    platform's name where the file is one's export that we know, else "shop". ``mapping``: field -> column, kept for
    files with the same columns; None: as kept. ``currency`` None: as the file says, else the owner's preference.
    A row that an earlier import stored is a duplicate, so the same file twice adds nothing.
    """
    tell = progress or (lambda _share, _words: None)
    wanted = known_kind(kind)
    usual = load_preferences(store)
    reading = Reading(known_currency(currency), usual.currency, known_date_order(dates), zone_of(usual.time_zone))
    with log_work("import tried out" if dry_run else "import") as counts:
        tell(0.02, "Reading the file")
        table = read_table(file, file_name=file_name)
        when = (now or datetime.now(UTC)).astimezone(reading.zone)
        if own := find_own_table(table.header):
            report = import_own_file(store, ImportFrame(table, "rows", dry_run, when, tell), own, choices.existing)
        else:
            recognised, told = _recognise(store, table, wanted, mapping)
            frame = ImportFrame(table, str(recognised.kind), dry_run, when, tell)
            tell(0.15, "Checking every row")
            staged = STEPS[recognised.kind].stage(recognised, reading, choices)
            source = source or recognised.name or UNKNOWN_SOURCE

            def write(session: Session) -> ImportReport:
                import_id = begin_run(session, table, recognised.kind, source, when)
                task = ImportTask(table, import_id, source, choices, when.date(), tell)
                stored = STEPS[recognised.kind].store(session, staged, task)
                if mapping:
                    remember_mapping(session, table.header, mapping, recognised.kind)
                return _report(recognised.kind, staged, stored, task, told)

            report = frame.run(store, staged, write)
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


def _recognise(
    store: Store, table: TextTable, kind: ImportKind | None, mapping: Mapping[str, str | None] | None
) -> tuple[Source, list[str]]:
    """What the file is, as the owner says, else as they said of such a file before; and what to tell of that."""
    kept = remembered_choice(store, table.header) if mapping is None else None
    if kept and kind not in (None, kept.kind):
        kept = None
    chosen = kept or Remembered(columns=mapping or {})
    source = recognise_source(table, chosen.columns, kind or (kept.kind if kept else None))
    check_source(source)
    told = [source.words, REMEMBERED if kept and kept.columns else ""]
    return source, [words for words in told if words]


def _report(kind: ImportKind, staged: Staged, stored: StoredFile, task: ImportTask, told: list[str]) -> ImportReport:
    rejected = sorted(stored.rejected, key=lambda row: row.row_number)
    return ImportReport(
        import_id=task.import_id,
        file_name=task.table.file_name,
        source=task.source,
        kind=str(kind),
        rows=staged.rows,
        accepted=stored.accepted,
        duplicates=staged.rows - stored.accepted - len(rejected),
        rejected=tuple(rejected),
        customers=stored.customers,
        orders=stored.orders,
        refunds=stored.refunds,
        changes=dict(stored.changes),
        totals=dict(stored.totals),
        parts={code: dict(parts) for code, parts in stored.parts.items()},
        first_day=stored.first_day,
        last_day=stored.last_day,
        dates_read_as=stored.dates_read_as,
        decimals_read_as=stored.decimals_read_as,
        notes=(*told, *staged.notes, *stored.notes),
    )
