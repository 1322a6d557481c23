"""Which column is which, as the owner said it once: kept for files with the same columns."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_core.importing.kinds import ImportKind
from crm_core.importing.presets import plain_name
from crm_core.store.session import Store
from crm_core.store.tables import Setting

__all__ = [
    "REMEMBERED",
    "Remembered",
    "header_key",
    "remember_mapping",
    "remembered_choice",
    "remembered_mapping",
]

REMEMBERED = "Columns are read as you chose them for a file with the same columns."
DIGITS = 40
COLUMNS = "columns"


def header_key(header: Iterable[str]) -> str:
    """What files with the same columns have in common, in whatever order these stand.

    >>> header_key(["Day", "who"]) == header_key(["Who ", "day"])
    True
    """
    names = "\n".join(sorted(map(plain_name, header)))
    return f"mapping:{hashlib.sha256(names.encode()).hexdigest()[:DIGITS]}"


@dataclass(frozen=True)
class Remembered:
    """What the owner chose for files with the same columns: what the rows are, field -> column (None: no column)."""

    kind: ImportKind = ImportKind.ORDERS
    columns: Mapping[str, str | None] = field(default_factory=dict)


def remembered_choice(store: Store, header: Iterable[str]) -> Remembered | None:
    """What the owner chose for such a file; None where they chose nothing."""
    there = {plain_name(name): name for name in header}
    with store.read() as session:
        value = session.scalar(select(Setting.value).where(Setting.key == header_key(there)))
    if not value:
        return None
    kind, columns = ImportKind.ORDERS, value
    if isinstance(value.get(COLUMNS), dict):  # before there were kinds, the columns alone were kept
        kind, columns = ImportKind(value["kind"]), value[COLUMNS]
    found = {
        name: there.get(plain_name(column)) if column else None
        for name, column in columns.items()
        if not column or plain_name(column) in there
    }
    return Remembered(kind, found)


def remembered_mapping(store: Store, header: Iterable[str], kind: ImportKind | None = None) -> dict[str, str | None]:
    """The columns the owner chose for such a file, if they chose them for this kind of rows."""
    found = remembered_choice(store, header)
    return dict(found.columns) if found and kind in (None, found.kind) else {}


def remember_mapping(
    session: Session, header: Iterable[str], mapping: Mapping[str, str | None], kind: ImportKind
) -> None:
    """Keep a choice in the caller's transaction; the revision stays, for it is no fact."""
    session.merge(Setting(key=header_key(header), value={"kind": str(kind), COLUMNS: dict(mapping)}))
