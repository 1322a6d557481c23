"""What a file changes in rows that are in already, by the owner's policy; what they edited by hand always stays."""

from collections.abc import Container
from dataclasses import dataclass

import pandas as pd

from crm_core.importing.choices import Existing
from crm_core.store.journal import FieldChange
from crm_core.wording import plural

__all__ = ["PolicyChanges", "changes_by_policy"]


@dataclass(frozen=True)
class PolicyChanges:
    """``confirmed``: fields that the file states as they are. ``by_hand``: cells that stay because the owner wrote
    them."""

    changes: list[FieldChange]
    confirmed: list[FieldChange]
    by_hand: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What the owner should know of their own edits."""
        if not self.by_hand:
            return ()
        stay = "stays" if self.by_hand == 1 else "stay"
        return (f"{plural(self.by_hand, 'cell')} that you edited by hand {stay}, though the file says otherwise.",)


def changes_by_policy(
    table: str, brought: pd.DataFrame, stored: pd.DataFrame, *, existing: Existing, by_hand: Container[tuple[int, str]]
) -> PolicyChanges:
    """The fields to change. In: brought, stored[a column per field], both indexed by id; blank cells None or NaN.

    >>> brought = pd.DataFrame({"name": ["Ana", "Ben"], "phone": ["1", None]}, index=[7, 8], dtype=object)
    >>> stored = pd.DataFrame({"name": [None, "B."], "phone": ["2", "3"]}, index=[7, 8], dtype=object)
    >>> told = changes_by_policy("customers", brought, stored, existing=Existing.FILL, by_hand=set())
    >>> [(change.row_id, change.field, change.after) for change in told.changes]
    [(7, 'name', 'Ana')]
    >>> told = changes_by_policy("customers", brought, stored, existing=Existing.OVERWRITE, by_hand={(8, "name")})
    >>> [(change.row_id, change.field, change.after) for change in told.changes], told.by_hand
    ([(7, 'name', 'Ana'), (7, 'phone', '1')], 1)
    """
    changes, confirmed, kept = [], [], 0
    if existing is Existing.SKIP:
        return PolicyChanges([], [])
    for field in brought.columns:
        news = brought[field].dropna()
        old = stored[field].reindex(news.index)
        for key, value, before in zip(news.index.tolist(), news.tolist(), old.tolist(), strict=True):
            blank = before is None or before == "" or before != before  # NaN is not itself
            change = FieldChange(table, int(key), field, None if blank else before, value)
            if change.before == value:
                confirmed.append(change)
            elif key in stored.index and (blank or existing is Existing.OVERWRITE):
                if (key, field) in by_hand:
                    kept += existing is Existing.OVERWRITE
                else:
                    changes.append(change)
    return PolicyChanges(changes, confirmed, kept)
