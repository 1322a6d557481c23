"""A file of requests for help, ready to be stored."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm_core.importing.choices import Reading
from crm_core.importing.columns import ColumnMapping
from crm_core.importing.durations import read_durations
from crm_core.importing.instants import read_instants
from crm_core.importing.record_rows import NO_DAY, Floats, RecordRows, StagedRecords, per_row
from crm_core.importing.rejections import Mask
from crm_core.importing.text_table import TextTable, Words
from crm_core.vocabulary import TicketStatus
from crm_core.wording import plural

__all__ = ["read_ticket_status", "stage_tickets"]

LONGEST_SUBJECT = 255
NO_RESPONSE = (
    "is neither minutes until the first answer nor its day and time. Write it like 45 or like 2025-02-28 14:30, "
    "and import the file again."
)
TOO_EARLY = "is before the ticket was opened. Correct one of the two and import the file again."
WORDS = {
    TicketStatus.OPEN: "open new opened reopened pending waiting unanswered unassigned todo active in_progress "
    "inprogress in_bearbeitung on_hold offen neu wartend 待处理 处理中 未解决 新建 打开",
    TicketStatus.ANSWERED: "answered replied responded awaiting_reply waiting_on_customer waiting_for_customer "
    "awaiting_customer pending_customer beantwortet 已回复",
    TicketStatus.CLOSED: "closed resolved solved done completed complete finished spam archived geschlossen gelöst "
    "erledigt abgeschlossen 已解决 已关闭 已完成 关闭",
}
MEANING = {word: status for status, words in WORDS.items() for word in words.split()}


@dataclass(frozen=True)
class _Responses:
    """Per row the minutes until the first answer (NaN: unknown), and which rows have been answered."""

    minutes: Floats
    answered: Mask
    notes: tuple[str, ...] = ()


def stage_tickets(table: TextTable, mapping: ColumnMapping, reading: Reading) -> StagedRecords:
    """Type and check the rows of a file of tickets.

    Its records: [opened_on, subject, first_response_minutes: NaN unknown, resolved_on: NaT, status, channel]. A ticket
    that stands in several rows is known by the first; later ones fill what it leaves blank.
    """
    rows = RecordRows(table, mapping, reading, "opened", ("resolved", "first_response"))
    answers = _responses(rows)
    resolved = _resolved(rows)
    status, notes = _statuses(rows, answers, resolved)
    kept = rows.kept
    subject, channel = rows.words("subject", LONGEST_SUBJECT), rows.words("channel", 64)
    numbers, has_number = rows.numbers(
        kept, "ticket_id", lambda at: (rows.person.word(at), rows.columns["opened"].word(at), subject[at])
    )
    named = [word or f"Ticket {number}" for word, number in zip(subject[kept], numbers, strict=True)]
    records = pd.DataFrame(
        {
            "source_id": pd.Series(numbers, dtype=object),
            "has_number": has_number,
            "opened_on": rows.day[kept],
            "subject": pd.Series([words[:LONGEST_SUBJECT] for words in named], dtype=object),
            "first_response_minutes": answers.minutes[kept],
            "resolved_on": resolved[kept],
            "status": pd.Series(status[kept], dtype=object),
            "channel": pd.Series(channel[kept], dtype=object),
            "row": kept,
        }
    )
    return rows.staged(records, kept, (*answers.notes, *notes))


def read_ticket_status(word: str) -> TicketStatus | None:
    """What a word means; None for one that we don't know.

    >>> read_ticket_status("In Progress"), read_ticket_status("Solved"), read_ticket_status("?")
    (<TicketStatus.OPEN: 'open'>, <TicketStatus.CLOSED: 'closed'>, None)
    """
    return MEANING.get(word.strip().lower().replace(" ", "_").replace("-", "_"))


def _resolved(rows: RecordRows) -> npt.NDArray[np.datetime64]:
    if "resolved" not in rows.columns:
        return np.full(len(rows.table), np.datetime64("NaT", "D"))
    day = rows.day_of("resolved", rows.read_days("resolved", like=rows.days))
    rows.reject_unreadable("resolved", ~np.isnat(day), NO_DAY)
    rows.reject_unreadable("resolved", ~(day < rows.day), TOO_EARLY)
    return day


def _responses(rows: RecordRows) -> _Responses:
    """First answers, written as minutes or as the moment; a word that may be both is what most of the column is."""
    blank = np.full(len(rows.table), np.nan)
    if "first_response" not in rows.columns:
        return _Responses(blank, np.zeros(len(blank), bool))
    column = rows.columns["first_response"]
    lengths = read_durations(column, column_name=rows.names["first_response"])
    days = rows.read_days("first_response", like=rows.days)
    are_days = int((~np.isnat(days.days)).sum())
    mostly_lengths = sum(length is not None for length in lengths) >= are_days
    length = per_row(lengths, column)
    on = rows.day_of("first_response", days)
    is_length = ~np.isnan(length)
    if not mostly_lengths or (are_days and days.read_as == "unix"):
        is_length &= np.isnat(on)
    on[is_length] = np.datetime64("NaT")
    answered = is_length | ~np.isnat(on)
    rows.reject_unreadable("first_response", answered, NO_RESPONSE)
    since = _moments(rows, "first_response", days.read_as) - _moments(rows, "opened", rows.days.read_as)
    minutes = np.where(is_length, length, since)
    rows.reject_unreadable("first_response", ~((minutes < 0) | (np.isnan(minutes) & (on < rows.day))), TOO_EARLY)
    bare = int((answered & np.isnan(minutes) & ~rows.rejections.mask).sum())
    if not bare:
        return _Responses(minutes, answered)
    words = f"{plural(bare, 'first answer has', 'first answers have')} a day but no time"
    return _Responses(minutes, answered, (f"{words}, so how long they took is not known.",))


def _moments(rows: RecordRows, field: str, order: object) -> Floats:
    column = rows.columns[field]
    found = np.append(read_instants(column, order=order), np.nan)  # type: ignore[arg-type]
    return found[column.codes]


def _statuses(
    rows: RecordRows, answers: _Responses, resolved: npt.NDArray[np.datetime64]
) -> tuple[Words, tuple[str, ...]]:
    """Each row's status, by its word and by what it says of answers; and a note on the words that we don't know."""
    column = rows.column("status")
    meaning = [read_ticket_status(str(word)) for word in column.words]
    said = np.array([*(None if status is None else status.value for status in meaning), None], object)[column.codes]
    said[answers.answered & (said != TicketStatus.CLOSED.value)] = TicketStatus.ANSWERED.value
    said[~np.isnat(resolved)] = TicketStatus.CLOSED.value
    unknown = sorted(str(word) for word, status in zip(column.words, meaning, strict=True) if status is None)
    if not unknown:
        return said, ()
    words = ", ".join(repr(word) for word in unknown[:5])
    return said, (f"The status {words} says neither that a ticket is open nor that it is closed, and was left out.",)
