"""What columns hold, whatever they are called: how many of their cells are days, amounts or e-mail addresses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from crm_core.importing.amounts import read_numbers
from crm_core.importing.columns import ColumnMapping
from crm_core.importing.dates import read_days
from crm_core.importing.day_numbers import NUMBER_SYSTEMS
from crm_core.importing.text_table import TextColumn, TextTable

__all__ = ["MONEY_IS_SURE", "Evidence", "evidence_of", "fill_by_content", "share_of", "share_with_cents"]

EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
WORDS_LOOKED_AT = 500
SURE = MONEY_IS_SURE = 0.95
KIND_OF_FIELD = {"day": "day", "amount": "money", "unit_price": "money", "quantity": "money", "email": "email"}


@dataclass(frozen=True)
class Evidence:
    """Why a column is taken for a field: ``by_name`` or not, and the share of its filled cells that read as such."""

    column: str
    by_name: bool
    share: float | None

    def as_words(self) -> str:
        """For reading.

        >>> Evidence("Created at", True, 1.0).as_words(), Evidence("wann", False, 0.984).as_words()
        ('Created at (name and 100 % of cells)', 'wann (98 % of cells)')
        """
        cells = "" if self.share is None else f"{int(100 * self.share)} % of cells"
        why = " and ".join(part for part in ("name" if self.by_name else "", cells) if part)
        return f"{self.column} ({why})" if cells else self.column


def fill_by_content(table: TextTable, mapping: ColumnMapping, given: Mapping[str, str | None]) -> ColumnMapping:
    """The mapping with what every row needs and no name told: the one column whose cells are such.

    Money is looked for only beside an order number; else a customer's spending would pass for an order's.
    """
    found = dict(mapping.columns)
    wanted = {"customer_id": ("email", "email"), "day": ("day", "written day")}
    if "order_id" in found:
        wanted["amount"] = ("amount", "money")
    for missing in mapping.missing:
        field, kind = wanted.get(missing, ("", ""))
        free = [name for name in table.header if name not in found.values()]
        if field and field not in given and missing not in given:
            sure = [name for name in free if (share_of(table.columns[name], kind) or 0) >= SURE]
            sure = [name for name in sure if kind != "money" or _has_cents(table.columns[name])]
            if len(sure) == 1:
                found[field] = sure[0]
    return replace(mapping, columns=found)


def evidence_of(table: TextTable, mapping: ColumnMapping, by_content: frozenset[str]) -> dict[str, Evidence]:
    """Per field why its column was taken. ``by_content``: the fields that no name told."""
    return {
        field: Evidence(
            column,
            field not in by_content,
            share_of(table.columns[column], KIND_OF_FIELD[field]) if field in KIND_OF_FIELD else None,
        )
        for field, column in mapping.columns.items()
    }


def share_of(column: TextColumn, kind: str) -> float | None:
    """The share of filled cells that read as a "day", as "money" or as an "email"; None for an empty column.

    A "written day" is none that is a bare number, as order numbers and postcodes are as well.

    >>> share_of(TextColumn.of(["a@x.org", "", "nobody"]), "email")
    0.5
    """
    filled = column.codes[column.codes >= 0]
    if not len(filled):
        return None
    seen, counts = np.unique(filled, return_counts=True)
    most = np.sort(np.argsort(-counts, kind="stable")[:WORDS_LOOKED_AT])
    words = [str(word) for word in column.words[seen[most]]]
    fits = _fits(words, kind)
    return float((counts[most] * fits).sum() / counts[most].sum())


def _fits(words: list[str], kind: str) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    sample = TextColumn(np.arange(len(words)), np.array(words, object))
    if kind == "email":
        return np.array([EMAIL.fullmatch(word) is not None for word in words], bool)
    if kind in ("day", "written day"):
        reading = read_days(sample)
        return ~np.isnat(reading.days) & (kind == "day" or reading.read_as not in NUMBER_SYSTEMS)
    return np.array([number is not None for number in read_numbers(sample).numbers], bool)


def share_with_cents(column: TextColumn) -> float:
    """The share of filled cells that read as money, 0 where none has cents or a currency.

    >>> share_with_cents(TextColumn.of(["12.50", "3.00"])), share_with_cents(TextColumn.of(["12", "3"]))
    (1.0, 0.0)
    """
    return (share_of(column, "money") or 0.0) if _has_cents(column) else 0.0


def _has_cents(column: TextColumn) -> bool:
    """Whether some cell has two decimals or a currency sign: other numbers are counts or ids."""
    return any(re.search(r"[.,]\d{2}$|[€£$¥￥]", str(word)) for word in column.words[:WORDS_LOOKED_AT])
