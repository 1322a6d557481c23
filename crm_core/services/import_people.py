"""Customers that a file brings: found again, filled in or overwritten, or new."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy.orm import Session

from crm_core.importing.choices import Existing
from crm_core.importing.phones import as_number
from crm_core.importing.report import ChangeCount
from crm_core.services.import_identities import Recognised, recognise_people
from crm_core.services.import_policy import PolicyChanges, changes_by_policy
from crm_core.services.person_groups import NOBODY
from crm_core.store.bulk import insert_columns, next_id
from crm_core.store.edit_queries import hand_edited, row_labels
from crm_core.store.identity_queries import names_in_use
from crm_core.store.import_queries import known_customers
from crm_core.store.journal import apply_changes, confirm_changes
from crm_core.store.tables import Base, Customer, Identity, RepeatedRow
from crm_core.wording import plural

__all__ = ["Keys", "StoredPeople", "store_customers"]

TABLES = Base.metadata.tables
Keys = npt.NDArray[np.int64]
FIELDS = ("name", "email", "phone", "postcode", "country", "birthday", "channel")
EXAMPLES = 3


@dataclass(frozen=True)
class StoredPeople:
    """``ids``: each staged customer's id; ``fresh``: those of them that are new; ``touched``: stored ones that changed
    or got another number."""

    ids: Keys
    counts: ChangeCount
    fresh: frozenset[int]
    touched: frozenset[int]
    notes: tuple[str, ...] = ()

    def with_more(self, touched: Iterable[int]) -> ChangeCount:
        """The counts when something else of some customers changed too."""
        more = len(frozenset(touched) - self.fresh - self.touched)
        return ChangeCount(self.counts.new, self.counts.updated + more, self.counts.unchanged - more)


def store_customers(
    session: Session,
    staged: pd.DataFrame,
    *,
    import_id: int,
    source: str,
    existing: Existing = Existing.FILL,
    of_people: bool = False,
) -> StoredPeople:
    """Store people, each known again by number, e-mail or telephone (see ``import_identities``).

    ``existing``: what the file does to those who are in already. ``of_people``: the file is about them, so that they
    stay when an earlier import that brought them is taken back.
    In: staged[source_id, name, email, phone, postcode, country, channel, birthday: or no such column], source_ids
    distinct.
    """
    who = recognise_people(session, staged, source)
    ids, is_new, leads = _number_new(session, staged, who)
    _insert_new(session, _people(staged, who.tops, leads), ids[leads], import_id, source)
    told = _changes_of_known(session, staged, ids, ~is_new, existing)
    confirmed = confirm_changes(session, told.confirmed) if of_people else []
    apply_changes(session, import_id, [*told.changes, *confirmed])
    attach = ~who.has_number & ~is_new if existing is not Existing.SKIP else np.zeros(len(ids), bool)
    _insert_identities(session, staged, ids, who, is_new, attach, told, import_id=import_id, source=source)
    fresh = frozenset(ids[leads].tolist())
    known = frozenset(ids[~is_new].tolist())
    if of_people and existing is not Existing.SKIP:
        _note_repeated(session, known, import_id)
    touched = frozenset({change.row_id for change in told.changes} | set(ids[attach].tolist()))
    counts = ChangeCount(len(fresh), len(touched), len(known) - len(touched))
    notes = (*who.notes, *_double_notes(session, who), *_name_notes(session, staged, leads, import_id), *told.notes)
    return StoredPeople(ids, counts, fresh, touched, notes)


def _number_new(
    session: Session, staged: pd.DataFrame, who: Recognised
) -> tuple[Keys, npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Ids for all; which rows are of new people; per new person the row that names them, one with a number of its own
    where there is one, else one with an e-mail."""
    ids, is_new = who.ids.copy(), who.ids == NOBODY
    rows = np.flatnonzero(is_new)
    order = np.lexsort((rows, _rank_of_numbers(staged)[rows], who.tops[rows]))
    first = np.ones(len(rows), bool)
    first[1:] = who.tops[rows][order][1:] != who.tops[rows][order][:-1]
    leads = np.sort(rows[order][first])
    numbers = next_id(session, TABLES[Customer.__tablename__]) + np.arange(len(leads))
    by_top = np.full(len(ids), NOBODY, np.int64)
    by_top[who.tops[leads]] = numbers
    ids[is_new] = by_top[who.tops[is_new]]
    return ids, is_new, leads


def _rank_of_numbers(staged: pd.DataFrame) -> Keys:
    """How well each row's number tells who it is: 0 a number of its own, 1 an e-mail, 2 a telephone."""
    number = staged["source_id"].to_numpy(object)
    is_phone = number == np.array([*map(as_number, staged["phone"]), None], object)[:-1]
    is_email = number == staged["email"].to_numpy(object)
    return np.where(is_email, 1, np.where(is_phone, 2, 0)).astype(np.int64)


def _people(staged: pd.DataFrame, tops: Keys, leads: npt.NDArray[np.int64]) -> pd.DataFrame:
    """New people as their leading row names them, blanks filled from their other rows."""
    people = staged.iloc[leads]
    fields = [field for field in FIELDS if field in staged]
    several = pd.Series(tops).duplicated(keep=False).to_numpy()
    if not several[leads].any():
        return people
    rest = staged[several].groupby(tops[several])[fields].first().reindex(tops[leads]).set_axis(people.index)
    filled = people[fields].where(people[fields].notna(), rest)
    return people.assign(**{field: _with_none(filled[field]) for field in fields})


def _insert_new(session: Session, people: pd.DataFrame, ids: Keys, import_id: int, source: str) -> None:
    columns = {name: people[name].to_numpy(object) for name in ("source_id", *FIELDS) if name in people}
    insert_columns(
        session, TABLES[Customer.__tablename__], {"id": ids, "source": source, "import_id": import_id, **columns}
    )


def _changes_of_known(
    session: Session, staged: pd.DataFrame, ids: Keys, known: npt.NDArray[np.bool_], existing: Existing
) -> PolicyChanges:
    """What the file says of stored customers and the store does not, or otherwise."""
    fields = [field for field in FIELDS if field in staged]
    brought = staged[known].assign(id=ids[known]).groupby("id")[fields].first()
    brought = brought[brought.notna().any(axis=1)]
    stored = known_customers(session, brought.index)
    by_hand = hand_edited(session, Customer.__tablename__)
    return changes_by_policy(Customer.__tablename__, brought, stored, existing=existing, by_hand=by_hand)


def _insert_identities(
    session: Session,
    staged: pd.DataFrame,
    ids: Keys,
    who: Recognised,
    is_new: npt.NDArray[np.bool_],
    attach: npt.NDArray[np.bool_],
    told: PolicyChanges,
    *,
    import_id: int,
    source: str,
) -> None:
    """The ways to recognise people that nobody holds yet; of two who share one, the first holds it."""
    emails = staged["email"].to_numpy(object)
    given = {field: _given(told, field) for field in ("email", "phone")}
    e_mail = who.email_tells & (is_new | np.isin(ids, given["email"]))
    phone = who.phone_tells & (is_new | np.isin(ids, given["phone"]))
    numbers = is_new | attach
    rows = [
        *_ways("source", source, staged["source_id"].to_numpy(object)[numbers], ids[numbers], {}),
        *_ways("email", "", emails[e_mail], ids[e_mail], who.taken["email"]),
        *_ways("phone", "", who.phones[phone], ids[phone], who.taken["phone"]),
    ]
    table = TABLES[Identity.__tablename__]
    first = next_id(session, table)
    columns = {
        name: np.array([*(row[at] for row in rows), None], object)[:-1]
        for at, name in enumerate(("customer_id", "kind", "issuer", "value"))
    }
    insert_columns(session, table, {"id": np.arange(first, first + len(rows)), **columns, "import_id": import_id})


def _given(told: PolicyChanges, field: str) -> list[int]:
    return [change.row_id for change in told.changes if change.field == field]


def _ways(
    kind: str, issuer: str, values: Iterable[str], ids: Keys, taken: Mapping[str, int]
) -> list[tuple[int, str, str, str]]:
    free: dict[str, int] = {}
    for value, owner in zip(values, ids.tolist(), strict=True):
        if value not in taken:
            free.setdefault(value, owner)
    return [(owner, kind, issuer, value) for value, owner in free.items()]


def _note_repeated(session: Session, known: Iterable[int], import_id: int) -> None:
    rows = {"import_id": import_id, "table_name": Customer.__tablename__, "row_id": np.array(sorted(known), np.int64)}
    insert_columns(session, TABLES[RepeatedRow.__tablename__], rows)


def _double_notes(session: Session, who: Recognised) -> tuple[str, ...]:
    """Numbers that belong to one stored customer beside e-mails or telephones that belong to another."""
    pairs = who.doubles[:EXAMPLES]
    if not pairs:
        return ()
    labels = row_labels(session, Customer.__tablename__, {key for pair in pairs for key in pair})
    named = ", ".join(f"{labels.get(one, one)} and {labels.get(other, other)}" for one, other in pairs)
    more = f" and {plural(len(who.doubles) - EXAMPLES, 'more pair')}" if len(who.doubles) > EXAMPLES else ""
    return (
        f"The number of one customer stands beside the e-mail of another: {named}{more}. "
        "The number was believed; Customers → Merge makes one of two.",
    )


def _name_notes(
    session: Session, staged: pd.DataFrame, leads: npt.NDArray[np.int64], import_id: int
) -> tuple[str, ...]:
    """New people who are called like somebody who is in already: a name alone joins nobody."""
    names = [name for name in staged["name"].iloc[leads] if name]
    in_use = names_in_use(session, but_of=import_id) if names else set()
    alike = [name for name in names if name.casefold() in in_use]
    if not alike:
        return ()
    shown = ", ".join(dict.fromkeys(alike[:EXAMPLES])) + (", …" if len(alike) > EXAMPLES else "")
    have = "person has" if len(alike) == 1 else "people have"
    return (f"{len(alike)} {have} the name of somebody who is in already ({shown}); Customers → Merge shows them.",)


def _with_none(column: pd.Series) -> pd.Series:
    """Cells as the database takes them; pandas would make NaN of None."""
    cells: npt.NDArray[np.object_] = column.to_numpy(object, copy=True)
    cells[column.isna().to_numpy()] = None
    return pd.Series(cells, column.index, dtype=object)
