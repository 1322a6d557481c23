"""Which column is which, as the owner said it once: kept for files with the same columns."""

import hashlib
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_core.importing.presets import plain_name
from crm_core.store.session import Store
from crm_core.store.tables import Setting

__all__ = ["REMEMBERED", "header_key", "remember_mapping", "remembered_mapping"]

REMEMBERED = "Columns are read as you chose them for a file with the same columns."
DIGITS = 40


def header_key(header: Iterable[str]) -> str:
    """What files with the same columns have in common, in whatever order these stand.

    >>> header_key(["Day", "who"]) == header_key(["Who ", "day"])
    True
    """
    names = "\n".join(sorted(map(plain_name, header)))
    return f"mapping:{hashlib.sha256(names.encode()).hexdigest()[:DIGITS]}"


def remembered_mapping(store: Store, header: Iterable[str]) -> dict[str, str | None]:
    """What the owner chose for such a file: field -> column, None: no column; nothing where they chose nothing."""
    there = {plain_name(name): name for name in header}
    with store.read() as session:
        value = session.scalar(select(Setting.value).where(Setting.key == header_key(there)))
    return {
        field: there.get(plain_name(column)) if column else None
        for field, column in (value or {}).items()
        if not column or plain_name(column) in there
    }


def remember_mapping(session: Session, header: Iterable[str], mapping: Mapping[str, str | None]) -> None:
    """Keep a choice in the caller's transaction; the revision stays, for it is no fact."""
    session.merge(Setting(key=header_key(header), value=dict(mapping)))
