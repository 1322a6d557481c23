"""What an import did, in the words and the JSON that page, API and command line share."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm_core.importing.rejections import RejectedRow
from crm_core.literal import without_line_ends
from crm_core.vocabulary import OrderStatus
from crm_core.wording import count, plural

__all__ = ["GIVEN_BACK", "ChangeCount", "ImportReport"]

GIVEN_BACK = "given back"  # a part of totals, beside the statuses of orders
REASONS_SHOWN = 5


@dataclass(frozen=True)
class ChangeCount:
    """How many customers or orders a file brought."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0

    def as_dict(self) -> dict[str, int]:
        """For JSON.

        >>> ChangeCount(2).as_dict()
        {'new': 2, 'updated': 0, 'unchanged': 0}
        """
        return {"new": self.new, "updated": self.updated, "unchanged": self.unchanged}


@dataclass(frozen=True)
class ImportReport:
    """accepted + duplicates + rejected = rows. ``totals``: what the accepted rows come to, exact text per currency.

    ``parts``: per currency what the totals are made of, [paid, pending, cancelled, test, given back]; only what is
    paid, less what was given back, counts as sales.

    ``import_id`` is None when nothing was stored, because it was only tried.
    """

    import_id: int | None
    file_name: str
    source: str
    kind: str
    rows: int
    accepted: int
    duplicates: int
    rejected: tuple[RejectedRow, ...]
    customers: ChangeCount
    orders: ChangeCount
    refunds: int
    totals: dict[str, str]
    first_day: date | None
    last_day: date | None
    dates_read_as: str
    decimals_read_as: str
    notes: tuple[str, ...] = field(default=())
    parts: dict[str, dict[str, str]] = field(default_factory=dict)
    changes: dict[str, ChangeCount] = field(default_factory=dict)  # by table: what is neither customer nor order

    @property
    def changes_anything(self) -> bool:
        """Whether something is new or not as it was; a row may be known and say that its order is paid by now."""
        changes = (self.customers, self.orders, *self.changes.values())
        return bool(self.accepted or self.refunds or any(change.new or change.updated for change in changes))

    def brought_in_words(self) -> list[str]:
        """What is new or filled in, table by table."""
        tables = {"customers": self.customers, "orders": self.orders, **self.changes}
        found = []
        for table, change in tables.items():
            one = table.replace("_", " ").removesuffix("s")
            found += [plural(change.new, f"new {one}")] if change.new else []
            found += [plural(change.updated, f"updated {one}")] if change.updated else []
        found += [plural(self.refunds, "refund")] if self.refunds else []
        return found or ["Nothing new"]

    def as_words(self) -> str:
        """What happened, in a few lines."""
        taken = "would be stored" if self.import_id is None else "stored"
        lines = [
            f"{self.file_name}: {plural(self.rows, 'row')} read, {count(self.accepted)} {taken}, "
            f"{plural(self.duplicates, 'duplicate')}, {count(len(self.rejected))} rejected.",
            f"{', '.join(self.brought_in_words())}.{self._totals_in_words()}",
        ]
        lines += self.notes
        lines += [without_line_ends(row.reason) for row in self.rejected[:REASONS_SHOWN]]
        if len(self.rejected) > REASONS_SHOWN:
            lines.append(f"… and {count(len(self.rejected) - REASONS_SHOWN)} more rejected rows.")
        if self.import_id is not None:
            lines.append(f"`undo {self.import_id}` takes it back.")
        return "\n".join(lines)

    def _totals_in_words(self) -> str:
        if not self.totals:
            return ""
        words = []
        for code, total in self.totals.items():
            made_of = self.parts.get(code, {})
            beside = ", ".join(f"{amount} {part}" for part, amount in made_of.items())
            words.append(f"{total} {code}" + ("" if set(made_of) <= {OrderStatus.PAID} else f" ({beside})"))
        return f" Total {', '.join(words)}."

    def as_dict(self) -> dict[str, Any]:
        """The one JSON object of the command line."""
        return {
            "import_id": self.import_id,
            "file_name": self.file_name,
            "source": self.source,
            "kind": self.kind,
            "rows": self.rows,
            "accepted": self.accepted,
            "duplicates": self.duplicates,
            "rejected": [{"row": row.row_number, "reason": row.reason} for row in self.rejected],
            "customers": self.customers.as_dict(),
            "orders": self.orders.as_dict(),
            **{table: change.as_dict() for table, change in self.changes.items()},
            "refunds": self.refunds,
            "totals": self.totals,
            "parts": self.parts,
            "first_day": self.first_day.isoformat() if self.first_day else None,
            "last_day": self.last_day.isoformat() if self.last_day else None,
            "dates_read_as": self.dates_read_as,
            "decimals_read_as": self.decimals_read_as,
            "notes": list(self.notes),
        }
