"""A look at a file before it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from crm_core.errors import ImportFileError
from crm_core.importing.choices import ImportChoices, Reading
from crm_core.importing.column_content import Evidence
from crm_core.importing.columns import ColumnMapping
from crm_core.importing.dates import DATE_ORDERS, DateOrder
from crm_core.importing.kinds import AUTO, ImportKind, known_kind
from crm_core.importing.order_rows import KNOWN_CURRENCIES
from crm_core.importing.own_tables import OwnTable, find_own_table
from crm_core.importing.reader import read_table
from crm_core.importing.sources import recognise_source
from crm_core.services.import_figures import exact_amount, totals_in_words
from crm_core.services.import_kinds import STEPS
from crm_core.services.time_zones import zone_of

__all__ = [
    "ImportPreview",
    "exact_amount",
    "known_currency",
    "known_date_order",
    "preview_import",
    "totals_in_words",
]

NO_CHOICES = ImportChoices()


@dataclass(frozen=True)
class ImportPreview:
    """What a file would bring, seen by itself. ``staged`` is None while a needed column is missing, and is what the
    kind's ``stage`` gives (of orders, StagedOrders).

    ``lines``: the first 20 rows as they would be stored, one column per field; the first is [row].
    """

    file_name: str
    mapping: ColumnMapping
    staged: Any
    lines: pd.DataFrame
    totals: dict[str, str]
    first_day: date | None
    last_day: date | None
    source: str = ""  # which platform's export it is, and by which rules it is read
    evidence: Mapping[str, Evidence] = field(default_factory=dict)  # per field why its column was taken
    status_groups: Mapping[str, int] = field(default_factory=dict)  # how many orders are cancelled, pending, …
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # what the totals are made of
    own: OwnTable | None = None  # which export of ours it is

    @property
    def kind(self) -> ImportKind:
        """What the rows are."""
        return self.mapping.kind


def preview_import(
    file: bytes | str | Path,
    *,
    file_name: str,
    kind: str = AUTO,
    mapping: Mapping[str, str | None] | None = None,
    currency: str | None = None,
    default_currency: str = "EUR",
    dates: str | None = None,
    time_zone: str = "",
    choices: ImportChoices = NO_CHOICES,
) -> ImportPreview:
    """Read a file without storing anything; a missing column is shown, not raised."""
    table = read_table(file, file_name=file_name)
    if own := find_own_table(table.header):
        from crm_core.services.import_own_file import preview_own_file  # which needs what is above

        return preview_own_file(table, own)
    source = recognise_source(table, mapping, known_kind(kind))
    columns = source.mapping
    if columns.missing:
        return ImportPreview(file_name, columns, None, pd.DataFrame(), {}, None, None, source.words, source.evidence)
    steps = STEPS[source.kind]
    reading = Reading(known_currency(currency), default_currency, known_date_order(dates), zone_of(time_zone))
    staged = steps.stage(source, reading, choices)
    seen = steps.show(staged)
    return ImportPreview(
        file_name,
        columns,
        staged,
        seen.lines,
        dict(seen.totals),
        seen.first_day,
        seen.last_day,
        source.words,
        source.evidence,
        dict(seen.status_groups),
        seen.parts,
    )


def known_currency(currency: str | None) -> str | None:
    """The code in capitals; ImportFileError when there is no such currency."""
    if currency is None:
        return None
    code = currency.strip().upper()
    if code not in KNOWN_CURRENCIES:
        raise ImportFileError(f"'{currency}' is not a currency code; write it like EUR, GBP or USD.")
    return code


def known_date_order(dates: str | None) -> DateOrder | None:
    """The order of day, month and year as asked; ImportFileError for any other word."""
    if dates is None:
        return None
    for order in DATE_ORDERS:
        if order == dates:
            return order
    raise ImportFileError(f"Dates can be read as {', '.join(DATE_ORDERS[:-1])} or {DATE_ORDERS[-1]}, not as '{dates}'.")
