"""Moving to another database, of the same kind or another: everything is copied into an empty one and compared."""

from dataclasses import dataclass
from typing import Any

from crm_core.errors import StoreError
from crm_core.logs import log_work
from crm_core.progress import Progress
from crm_core.store.copying import compare_copies, copy_rows, count_rows, delete_rows, snapshot_of
from crm_core.store.failures import explained
from crm_core.store.session import Store
from crm_core.wording import count, plural

__all__ = ["CopyReport", "copy_store"]


@dataclass(frozen=True)
class CopyReport:
    """What was copied and where it lies, without the password."""

    place: str
    rows_by_table: dict[str, int]

    def as_words(self) -> str:
        """What happened, and how to use it."""
        customers, orders = self.rows_by_table["customers"], self.rows_by_table["orders"]
        return (
            f"{plural(customers, 'customer')} and {plural(orders, 'order')} were copied to {self.place} and compared. "
            "Set REGULARS_DATABASE_URL to that address and start Regulars again to work there."
        )

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "to": self.place,
            "rows": sum(self.rows_by_table.values()),
            "customers": self.rows_by_table["customers"],
            "orders": self.rows_by_table["orders"],
        }


def copy_store(store: Store, target: Store, *, progress: Progress | None = None) -> CopyReport:
    """Copy everything into an empty database of any kind and compare; StoreError when it holds anything."""
    tell = progress or (lambda _share, _words: None)
    store.revision()  # StoreError where there is nothing to copy: the file is gone, the server away
    with log_work("copy") as counts, explained(store.place), snapshot_of(store.engine) as source:
        with target.begin() as session:
            copy = session.connection()
            _require_empty(count_rows(copy), target.place)
            delete_rows(copy)
            rows = copy_rows(source, copy, progress=lambda share: tell(0.95 * share, "Copying"))
            tell(0.96, "Comparing")
            compare_copies(source, copy)
        counts["rows"] = sum(rows.values())
    return CopyReport(target.place, rows)


def _require_empty(rows: dict[str, int], place: str) -> None:
    held = {name: number for name, number in rows.items() if number and name != "revision"}
    if held:
        largest = sorted(held.items(), key=lambda item: -item[1])[:3]
        shown = ", ".join(f"{count(number)} in {name}" for name, number in largest)
        raise StoreError(f"{place} is not empty (rows: {shown}), so nothing was copied. Name an empty database.")
