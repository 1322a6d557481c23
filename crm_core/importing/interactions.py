"""A file of conversations, ready to be stored."""

import numpy as np
import pandas as pd

from crm_core.importing.choices import Reading
from crm_core.importing.columns import ColumnMapping
from crm_core.importing.durations import CLOCK, read_durations
from crm_core.importing.record_rows import RecordRows, StagedRecords, per_row
from crm_core.importing.text_table import TextTable
from crm_core.wording import plural

__all__ = ["UNKNOWN_CHANNEL", "stage_interactions"]

UNKNOWN_CHANNEL = "other"
NO_LENGTH = "is no length of time. Write minutes like 15, or hours and minutes like 1:30, and import the file again."
LONGEST_NOTE = 10_000


def stage_interactions(table: TextTable, mapping: ColumnMapping, reading: Reading) -> StagedRecords:
    """Type and check the rows. Its records: [happened_on, channel, minutes: NaN where not written down, note]."""
    rows = RecordRows(table, mapping, reading, "day")
    minutes = np.full(len(table), np.nan)
    notes: tuple[str, ...] = ()
    if "minutes" in rows.columns:
        column = rows.columns["minutes"]
        minutes = per_row(read_durations(column, column_name=rows.names["minutes"]), column)
        rows.reject_unreadable("minutes", ~np.isnan(minutes), NO_LENGTH)
        if any(CLOCK.fullmatch(str(word)) for word in column.words):
            notes = ("Lengths like 1:30 were read as hours and minutes.",)
    kept = rows.kept
    longer = sum(len(str(word)) > LONGEST_NOTE for word in rows.column("note").words)
    if longer:
        notes += (f"{plural(longer, 'note is', 'notes are')} longer than {LONGEST_NOTE} characters, and cut there.",)
    channel, note = rows.words("channel", 64), rows.words("note", LONGEST_NOTE)
    numbers, has_number = rows.numbers(
        kept,
        "interaction_id",
        lambda at: (rows.person.word(at), rows.day[at], channel[at], f"{minutes[at]:.6g}", note[at]),
    )
    records = pd.DataFrame(
        {
            "source_id": pd.Series(numbers, dtype=object),
            "has_number": has_number,
            "happened_on": rows.day[kept],
            "channel": pd.Series([word or UNKNOWN_CHANNEL for word in channel[kept]], dtype=object),
            "minutes": minutes[kept],
            "note": pd.Series(note[kept], dtype=object),
            "row": kept,
        }
    )
    return rows.staged(records, kept, notes)
