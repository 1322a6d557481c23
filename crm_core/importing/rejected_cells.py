"""The cells that a rejected row is shown and downloaded with: its own, and those of its order that it needs."""

from dataclasses import replace

import numpy as np

from crm_core.importing.columns import ColumnMapping
from crm_core.importing.preset_cells import filled_down
from crm_core.importing.preset_rows import ORDER_FIELDS
from crm_core.importing.presets import Preset, plain_name
from crm_core.importing.rejections import RejectedRow
from crm_core.importing.text_table import Codes, TextTable

__all__ = ["as_downloaded"]


def as_downloaded(
    rejected: list[RejectedRow], table: TextTable, mapping: ColumnMapping, preset: Preset | None
) -> list[RejectedRow]:
    """The rows with the file's own cells; a row of an order that the file states above it gets what it left to it.

    So each can be mended and brought again by itself. Where an order's first row is rejected too, they stand together
    again and need nothing.
    """
    if not rejected:
        return []
    order = _orders(table, mapping, preset)
    shared = _columns_of_orders(table, mapping, preset)
    begun = _first_rows(order)
    places = np.searchsorted(table.row_numbers, [row.row_number for row in rejected]).tolist()
    own = [
        at < len(table) and table.row_numbers[at] == row.row_number for at, row in zip(places, rejected, strict=True)
    ]
    out = {at for at, there in zip(places, own, strict=True) if there}
    complete = []
    for row, at, there in zip(rejected, places, own, strict=True):
        cells = table.cells(at) if there else row.cells
        if there and begun[at] >= 0 and begun[at] not in out:
            cells |= {name: table.columns[name].word(int(begun[at])) for name in shared if not cells[name]}
        complete.append(replace(row, cells=cells))
    return complete


def _orders(table: TextTable, mapping: ColumnMapping, preset: Preset | None) -> Codes:
    """Per row its order, -1 for none."""
    if "order_id" not in mapping.columns:
        return np.full(len(table), -1, np.int64)
    column = table.columns[mapping.columns["order_id"]]
    return filled_down(column).codes if preset and preset.fill_down else column.codes


def _first_rows(order: Codes) -> Codes:
    """Per row the place of its order's first row, -1 for none."""
    _, first, which = np.unique(order, return_index=True, return_inverse=True)
    return np.where(order >= 0, first[which], -1)


def _columns_of_orders(table: TextTable, mapping: ColumnMapping, preset: Preset | None) -> list[str]:
    """The columns whose cells hold for a whole order."""
    fields = ("order_id", *ORDER_FIELDS)
    names = [mapping.columns[field] for field in fields if field in mapping.columns]
    if preset:
        wanted = [preset.columns.get(field, ()) for field in fields]
        names += [name for each in wanted for name in ((each,) if isinstance(each, str) else each)]
        names += [name for name in (preset.total, preset.refunded, preset.after_refunds) if name]
        names += [rows.column for rows, _ in preset.marks]
    there = {plain_name(name): name for name in reversed(table.header)}
    return list(dict.fromkeys(there[plain_name(name)] for name in names if plain_name(name) in there))
