"""Exports of known platforms, recognised by their column names in whatever order.

A new one is a `Preset` in the table of its family; `data/README.md` tells how.
"""

from collections.abc import Iterable

from crm_core.importing.presets.accounts import ACCOUNTS
from crm_core.importing.presets.chinese import CHINESE
from crm_core.importing.presets.contacts import CONTACTS
from crm_core.importing.presets.payments import PAYMENTS
from crm_core.importing.presets.preset import Preset, Rows, Sum, plain_name
from crm_core.importing.presets.shops import SHOPS

__all__ = ["PRESETS", "Preset", "Rows", "Sum", "find_preset", "plain_name"]

PRESETS: tuple[Preset, ...] = (*SHOPS, *PAYMENTS, *ACCOUNTS, *CHINESE, *CONTACTS)


def find_preset(header: Iterable[str]) -> Preset | None:
    """The export that a file with these columns is; of several, the one that needs most of them.

    >>> found = find_preset(["*ItemAmount", "*Customer", "*InvoiceDate", "*InvoiceNo", "Notes of mine"])
    >>> found.source
    'quickbooks'
    >>> find_preset(["customer_id", "date", "amount"]) is None
    True
    """
    there = {plain_name(column) for column in header}
    fits = [
        preset
        for preset in PRESETS
        if all(there & {plain_name(name) for name in _either(need)} for need in preset.needs)
    ]
    return max(fits, key=lambda preset: len(preset.needs), default=None)


def _either(need: str | tuple[str, ...]) -> tuple[str, ...]:
    return (need,) if isinstance(need, str) else need
