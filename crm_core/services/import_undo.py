"""Taking an import back, exactly."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from crm_core.errors import NotFoundError
from crm_core.logs import log_work
from crm_core.services.import_orders import recompute_amounts
from crm_core.store import import_undo as undo
from crm_core.store.journal import FieldChange, put_back
from crm_core.store.session import Store, raise_revision
from crm_core.store.tables import Base, ImportRun
from crm_core.wording import plural

__all__ = ["UndoReport", "undo_import"]

TABLES = Base.metadata.tables
PEOPLE_TABLES = ("orders", "refunds", "interactions", "tickets", "survey_answers")
REPEATED = (*PEOPLE_TABLES[1:], "customers", "products", "custom_fields")  # whose rows a later import may bring again


@dataclass(frozen=True)
class UndoReport:
    """What went, and what had to stay and why."""

    import_id: int
    file_name: str
    removed: dict[str, int]
    kept: tuple[str, ...]
    put_back: int = 0  # fields that it had changed

    def as_words(self) -> str:
        """What happened, in a few lines."""
        counted = {name.replace("_", " ").removesuffix("s"): number for name, number in self.removed.items() if number}
        gone = ", ".join(plural(number, name) for name, number in counted.items())
        back = f"{plural(self.put_back, 'changed field')} put back as before" if self.put_back else ""
        parts = [f"{gone} removed" if gone else "", back]
        what = " and ".join(part for part in parts if part) or "nothing of it was left"
        return "\n".join([f"{self.file_name} was taken back: {what}.", *self.kept])

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "import_id": self.import_id,
            "file_name": self.file_name,
            "removed": self.removed,
            "put_back": self.put_back,
            "kept": list(self.kept),
        }


def undo_import(
    store: Store, import_id: int, *, now: datetime, progress: Callable[[float, str], None] | None = None
) -> UndoReport:
    """Take one import back; NotFoundError when there is none with that number or it was undone before.

    What a later import brought as well stays and is handed to that import. A field that was changed since stays.
    """
    tell = progress or (lambda _share, _words: None)
    with log_work("undo") as counts, store.begin() as session:
        counts["import"] = import_id
        run = _open_run(session, import_id)
        file_name = run.file_name
        session.execute(update(ImportRun).where(ImportRun.id == import_id).values(undone_at=now))
        tell(0.1, "Looking for what later files brought too")
        undo.forget_repeated(session, import_id)
        handed = {"lines": undo.hand_over_lines(session, import_id)}
        handed |= {name: undo.hand_over_rows(session, TABLES[name], import_id) for name in REPEATED}
        edited = undo.keep_edited(session, import_id)
        tell(0.3, "Taking the rows out")
        removed, touched = _remove(session, import_id)
        recompute_amounts(session, touched)
        tell(0.8, "Putting changed fields back")
        kept, restored = put_back(session, import_id)
        _remove_people(session, import_id, removed)
        raise_revision(session)
        words = (
            *_edited_words(edited),
            *_handed_words(session, handed["lines"] + handed["refunds"], "line"),
            *_more_handed_words(session, handed),
            *_changed_words(kept),
        )
        tell(1.0, "Saving")
    return UndoReport(import_id, file_name, removed, words, restored)


def _open_run(session: Session, import_id: int) -> ImportRun:
    run = session.get(ImportRun, import_id)
    if run is None:
        raise NotFoundError(f"There is no import {import_id}; the verb `imports` and the page Data list them.")
    if run.undone_at is not None:
        raise NotFoundError(f"Import {import_id} ({run.file_name}) was taken back already.")
    return run


def _remove(session: Session, import_id: int) -> tuple[dict[str, int], set[int]]:
    kept_fields = undo.remove_rows(session, TABLES["custom_fields"], import_id)
    lines, touched = undo.remove_lines(session, import_id)
    removed = {"custom_fields": kept_fields, "lines": lines, "orders": undo.remove_orders(session, import_id)}
    for name in PEOPLE_TABLES[1:]:
        removed[name] = undo.remove_rows(session, TABLES[name], import_id)
    return removed, touched


def _remove_people(session: Session, import_id: int, removed: dict[str, int]) -> None:
    """Customers, after changed fields are back: an order may have been given to one of them."""
    people = tuple(TABLES[name] for name in PEOPLE_TABLES)
    customers, products, lines = TABLES["customers"], TABLES["products"], (TABLES["order_lines"],)
    removed["customers"] = undo.remove_unused(session, customers, import_id, "customer_id", people)
    undo.remove_attached_identities(session, import_id)
    undo.hand_on(session, customers, import_id, "customer_id", people)
    undo.hand_on_identities(session, import_id)
    removed["products"] = undo.remove_unused(session, products, import_id, "product_id", lines)
    undo.hand_on(session, products, import_id, "product_id", lines)


def _edited_words(edited: dict[str, int]) -> list[str]:
    by_hand = [plural(number, name.removesuffix("s")) for name, number in edited.items() if number]
    stay = "stays" if sum(edited.values()) == 1 else "stay"
    return [f"{' and '.join(by_hand)} {stay}, because you edited them by hand."] if by_hand else []


def _more_handed_words(session: Session, handed: dict[str, Counter[int]]) -> list[str]:
    counted = [(handed[name], name.replace("_", " ").removesuffix("s")) for name in REPEATED if name != "refunds"]
    return [words for each, noun in counted for words in _handed_words(session, each, noun)]


def _handed_words(session: Session, handed: Counter[int], noun: str) -> list[str]:
    """Which later imports hold the rows that stay, and how these go too."""
    if not handed:
        return []
    number, heirs = handed.total(), sorted(handed)
    named = " and ".join(f"import {heir} ({session.get_one(ImportRun, heir).file_name})" for heir in heirs)
    stay, them = ("stays", "it") if number == 1 else ("stay", "them")
    way = f"import{'s' if len(heirs) > 1 else ''} {' and '.join(map(str, heirs))}"
    return [f"{plural(number, noun)} {stay}, because {named} brought {them} too. To take {them} back, undo {way}."]


def _changed_words(kept: list[FieldChange]) -> list[str]:
    counted = sorted(Counter((change.table, change.field) for change in kept).items())
    return [
        f"{plural(number, f'{field} of {of}', f'{field}s of {of}')} stay, changed or brought again since that import."
        for (table, field), number in counted
        for of in [table.replace("_", " ")]
    ]
