"""What every kind of file has in common while it is stored: what it is given, and what it tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import pandas as pd

from crm_core.importing.choices import ImportChoices
from crm_core.importing.rejections import RejectedRow
from crm_core.importing.report import ChangeCount
from crm_core.importing.text_table import TextTable
from crm_core.progress import Progress

__all__ = ["ImportTask", "Staged", "StoredFile", "StoredView"]

NO_CHANGE = ChangeCount()


class Staged(Protocol):
    """A file's rows, typed and checked, whatever they are."""

    @property
    def rows(self) -> int:
        """How many records the file has."""

    @property
    def rejected(self) -> list[RejectedRow]:
        """Those that can't be stored."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was decided in reading them."""


@dataclass(frozen=True)
class ImportTask:
    """One file's import, under way: its number, the source that its numbers belong to, the owner's choices."""

    table: TextTable
    import_id: int
    source: str
    choices: ImportChoices
    today: date
    tell: Progress


@dataclass(frozen=True)
class StoredFile:
    """What was stored of a file. ``rejected``: all rows that were not, those included that could not be read.

    ``changes``: by table, for what is neither a customer nor an order.
    """

    accepted: int
    rejected: list[RejectedRow]
    customers: ChangeCount = NO_CHANGE
    orders: ChangeCount = NO_CHANGE
    refunds: int = 0
    changes: Mapping[str, ChangeCount] = field(default_factory=dict)
    totals: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # as the report has them
    first_day: date | None = None
    last_day: date | None = None
    dates_read_as: str = ""
    decimals_read_as: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class StoredView:
    """How a file's first rows would be stored, one row each, and what its rows come to."""

    lines: pd.DataFrame
    totals: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # as the report has them
    first_day: date | None = None
    last_day: date | None = None
    status_groups: Mapping[str, int] = field(default_factory=dict)  # of orders that are not plainly paid
