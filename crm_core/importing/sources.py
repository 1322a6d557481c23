"""Where a file comes from and what its rows are: a platform's export that we know, or any table; and its orders."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo

from crm_core.errors import ImportFileError
from crm_core.importing.column_content import Evidence, evidence_of
from crm_core.importing.columns import ColumnMapping, check_mapping, recognise_columns
from crm_core.importing.dates import DateOrder
from crm_core.importing.kind_recognition import recognise_kind
from crm_core.importing.kinds import KINDS, ImportKind
from crm_core.importing.left_out import leave_out
from crm_core.importing.orders import StagedOrders, stage_orders
from crm_core.importing.preset_rows import PresetRows, prepare_rows
from crm_core.importing.presets import Preset, find_preset
from crm_core.importing.rejected_cells import as_downloaded
from crm_core.importing.status_choices import AS_USUAL, StatusChoices
from crm_core.importing.text_table import TextTable

__all__ = ["Source", "check_source", "recognise_source", "stage_source"]


@dataclass(frozen=True)
class Source:
    """A file, what its columns are and per field why. ``preset`` and ``rows``: None for a file of no known platform.

    ``is_told``: whether the columns or the owner say what the rows are; else they are looked at as orders.
    """

    table: TextTable
    mapping: ColumnMapping
    preset: Preset | None = None
    rows: PresetRows | None = None
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    is_told: bool = True

    @property
    def kind(self) -> ImportKind:
        """What the rows are."""
        return self.mapping.kind

    @property
    def name(self) -> str | None:
        """What keeps this platform's numbers apart from those of others."""
        return self.preset.source if self.preset else None

    @property
    def words(self) -> str:
        """Which export it is and by which rules it is read; nothing for an unknown file.

        >>> import numpy as np
        >>> Source(TextTable("a.csv", "", {}, np.empty(0, np.int64)), recognise_columns(())).words
        ''
        """
        return f"Read as {self.preset.title}. {' '.join(self.preset.rules)}" if self.preset else ""


def recognise_source(
    table: TextTable, given: Mapping[str, str | None] | None = None, kind: ImportKind | None = None
) -> Source:
    """What a file is, by its columns' names, else by what they hold; ``given``: fields whose column the owner chose.

    ``kind``: what the owner says its rows are.
    """
    asked = dict(given or {})
    preset = find_preset(table.header)
    if preset is None or kind not in (None, preset.kind):
        mapping, by_content, is_told = recognise_kind(table, asked, kind)
        return Source(table, mapping, evidence=evidence_of(table, mapping, by_content), is_told=is_told)
    recognise_columns(table.header, asked, preset.kind)  # checks what was asked for
    rows = prepare_rows(table, preset, asked)
    return Source(table, ColumnMapping(table.header, rows.columns, guests=True, kind=preset.kind), preset, rows)


def check_source(source: Source) -> None:
    """ImportFileError when nothing says what the rows are, or a column is missing that every row needs."""
    looks_like_orders = {"day", "amount", "order_id"} & set(source.mapping.columns)
    if source.is_told or looks_like_orders:
        check_mapping(source.mapping, file_name=source.table.file_name)
        return
    there = ", ".join(f"'{name}'" for name in source.table.header)
    *kinds, last = KINDS
    raise ImportFileError(
        f"{source.table.file_name} has {there}, which does not tell whether its rows are {', '.join(kinds)} or {last}. "
        f"Say it with --as {'|'.join(KINDS)}, and which column is which on the import page or with --mapping FILE.json."
    )


def stage_source(
    source: Source,
    *,
    currency: str | None = None,
    default_currency: str = "EUR",
    dates: DateOrder | None = None,
    zone: tzinfo | None = None,
    choices: StatusChoices = AS_USUAL,
) -> StagedOrders:
    """The file's orders, ready to be stored; what the owner says of currency and days goes before the platform's."""
    preset, rows = source.preset, source.rows
    staged = stage_orders(
        rows.table if rows else source.table,
        source.mapping,
        currency=currency or (preset.currency if preset else None),
        default_currency=default_currency,
        dates=dates or (preset.dates if preset else None),
        zone=zone,
        facts=rows.facts if rows else None,
        statuses=preset.statuses if preset else None,
        choices=choices,
    )
    staged = leave_out(staged, choices, source.table)
    return replace(staged, rejected=as_downloaded(staged.rejected, source.table, source.mapping, preset))
