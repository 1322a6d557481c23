"""Files of conversations, tickets and survey answers: staged, stored, shown beforehand."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from crm_core.importing.choices import ImportChoices, Reading
from crm_core.importing.columns import ColumnMapping
from crm_core.importing.interactions import stage_interactions
from crm_core.importing.kept_columns import columns_to_keep
from crm_core.importing.record_rows import StagedRecords
from crm_core.importing.sources import Source
from crm_core.importing.surveys import stage_surveys
from crm_core.importing.text_table import TextTable
from crm_core.importing.tickets import stage_tickets
from crm_core.services.import_figures import PREVIEW_ROWS, notes_on_reading
from crm_core.services.import_people import store_customers
from crm_core.services.import_records import INTERACTIONS, SURVEY_ANSWERS, TICKETS, RecordRules, store_records
from crm_core.services.import_task import ImportTask, StoredFile, StoredView
from crm_core.wording import plural

__all__ = [
    "show_record_file",
    "stage_interaction_file",
    "stage_survey_file",
    "stage_ticket_file",
    "store_interaction_file",
    "store_survey_file",
    "store_ticket_file",
]

Stage = Callable[[TextTable, ColumnMapping, Reading], StagedRecords]
SHOWN = {
    "happened_on": "day", "opened_on": "opened", "answered_on": "day", "channel": "channel", "minutes": "minutes",
    "note": "note", "subject": "subject", "first_response_minutes": "first answer after (minutes)",
    "resolved_on": "resolved", "status": "status", "question": "question", "score": "score from 0 to 1",
}  # fmt: skip


def stage_interaction_file(source: Source, reading: Reading, choices: ImportChoices) -> StagedRecords:
    """The file's conversations, typed and checked."""
    return _stage(stage_interactions, source, reading, choices)


def stage_ticket_file(source: Source, reading: Reading, choices: ImportChoices) -> StagedRecords:
    """The file's tickets, typed and checked."""
    return _stage(stage_tickets, source, reading, choices)


def stage_survey_file(source: Source, reading: Reading, choices: ImportChoices) -> StagedRecords:
    """The file's answers, typed and checked."""
    return _stage(stage_surveys, source, reading, choices)


def store_interaction_file(session: Session, staged: StagedRecords, task: ImportTask) -> StoredFile:
    """Write people and their conversations in the session's transaction."""
    return _store(session, staged, task, INTERACTIONS)


def store_ticket_file(session: Session, staged: StagedRecords, task: ImportTask) -> StoredFile:
    """Write people and their tickets in the session's transaction."""
    return _store(session, staged, task, TICKETS)


def store_survey_file(session: Session, staged: StagedRecords, task: ImportTask) -> StoredFile:
    """Write people and their answers in the session's transaction."""
    return _store(session, staged, task, SURVEY_ANSWERS)


def show_record_file(staged: StagedRecords) -> StoredView:
    """The first rows as they would be stored, [row, customer, and what the kind has]."""
    first = staged.records.head(PREVIEW_ROWS)
    names = staged.customers["source_id"].to_numpy(object)
    lines = pd.DataFrame({"row": first["row_number"], "customer": names[first["customer"].to_numpy(np.int64)]})
    for name, word in SHOWN.items():
        if name in first:
            lines[word] = first[name]
    day = next(name for name in SHOWN if name in first)
    first, last = _span(staged.records[day])
    return StoredView(lines.reset_index(drop=True), first_day=first, last_day=last)


def _stage(stage: Stage, source: Source, reading: Reading, choices: ImportChoices) -> StagedRecords:
    columns_to_keep(source.table, source.mapping, ImportChoices(keep_columns=choices.keep_columns))
    return stage(source.table, source.mapping, reading)


def _store(session: Session, staged: StagedRecords, task: ImportTask, rules: RecordRules) -> StoredFile:
    """A row is accepted where it brings something new or something new of what is in already."""
    task.tell(0.3, "Storing customers")
    people = store_customers(
        session, staged.customers, import_id=task.import_id, source=task.source, existing=task.choices.existing
    )
    owners = people.ids[staged.records["customer"].to_numpy(np.int64)]
    task.tell(0.5, f"Storing {rules.noun}s")
    stored = store_records(session, staged.records.assign(customer_id=owners), rules, task)
    accepted = staged.records[stored.brings]
    first_day, last_day = _span(accepted[rules.day])
    return StoredFile(
        accepted=int(accepted["row"].nunique()),
        rejected=staged.rejected,
        customers=people.counts,
        changes={rules.table: stored.counts},
        first_day=first_day,
        last_day=last_day,
        dates_read_as=staged.dates_read_as,
        decimals_read_as=staged.decimals_read_as,
        notes=(
            *notes_on_reading(staged),
            *_future_note(staged, rules, task.today),
            *_not_kept_note(task.choices, rules),
            *people.notes,
            *stored.notes,
        ),
    )


def _future_note(staged: StagedRecords, rules: RecordRules, today: date) -> tuple[str, ...]:
    later = int((staged.records[rules.day].to_numpy().astype("datetime64[D]") > np.datetime64(today)).sum())
    return (f"{plural(later, rules.noun)} dated after today: no figure counts it before its day.",) if later else ()


def _not_kept_note(choices: ImportChoices, rules: RecordRules) -> tuple[str, ...]:
    if not choices.keep_columns and not choices.keep_all:
        return ()
    return (f"Further columns are kept of customers, products and orders, not of {rules.noun}s: they were left out.",)


def _span(days: pd.Series) -> tuple[date | None, date | None]:
    known = days.to_numpy().astype("datetime64[D]")
    if not len(known):
        return None, None
    return known.min().astype(object), known.max().astype(object)
