"""Customers and products that a file brings: found again, filled in, or new."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy.orm import Session

from crm_core.importing.report import ChangeCount
from crm_core.store.bulk import insert_columns, next_id
from crm_core.store.edit_queries import hand_edited
from crm_core.store.import_queries import known_customers, known_identities, known_products
from crm_core.store.journal import FieldChange, apply_changes
from crm_core.store.tables import Base, Customer, Identity, Product

__all__ = ["Keys", "store_customers", "store_products"]

Keys = npt.NDArray[np.int64]
FIELDS = ("name", "email", "phone", "postcode", "country", "channel")
NOBODY = -1


@dataclass(frozen=True)
class _Matches:
    """Per staged customer: the stored id or -1; which of them need this source's id as a further identity."""

    ids: Keys
    attach: list[int]
    emails: frozenset[str]


def store_customers(session: Session, staged: pd.DataFrame, *, import_id: int, source: str) -> tuple[Keys, ChangeCount]:
    """Each staged customer's id, and how many were new, filled in or as they were.

    Someone is found by the source's id, else by e-mail. Only blank fields are filled; what is stored stays.
    In: staged[source_id, name, email, phone, postcode, country, channel], source_ids distinct.
    """
    found = _match(session, staged, source)
    ids, is_new = _number_new(session, staged, found.ids)
    _insert_new(session, staged[is_new], ids[is_new], import_id, source)
    changes = _blank_fields(session, staged[~is_new], ids[~is_new])
    apply_changes(session, import_id, changes)
    people = np.append(np.flatnonzero(is_new), found.attach).astype(int)
    _insert_identities(session, staged.iloc[people], ids[people], import_id, source)
    given = {change.row_id for change in changes if change.field == "email"}
    _insert_emails(session, staged, ids, is_new | np.isin(ids, list(given)), found.emails, import_id)
    fresh = set(ids[is_new].tolist())
    touched = ({change.row_id for change in changes} | set(ids[found.attach].tolist())) - fresh
    return ids, ChangeCount(len(fresh), len(touched), len(set(ids.tolist())) - len(fresh) - len(touched))


def store_products(session: Session, staged: pd.DataFrame, *, import_id: int, source: str) -> Keys:
    """Each staged product's id. In: staged[source_id, name], source_ids distinct."""
    known = known_products(session, source)
    place = known.index.get_indexer(pd.Index(staged["source_id"], dtype=object))
    ids: Keys = np.append(known["id"].to_numpy(np.int64), NOBODY)[place]
    is_new = ids == NOBODY
    table = Base.metadata.tables[Product.__tablename__]
    ids[is_new] = next_id(session, table) + np.arange(is_new.sum())
    new = {name: staged[name].to_numpy(object)[is_new] for name in ("source_id", "name")}
    insert_columns(session, table, {"id": ids[is_new], "source": source, "import_id": import_id, **new})
    blank = np.append(known["name"].isna().to_numpy(), False)[place] & ~is_new & staged["name"].notna().to_numpy()
    names, cleared = staged["name"].to_numpy(object), hand_edited(session, table.name)
    changes = [
        FieldChange(table.name, int(ids[at]), "name", None, names[at])
        for at in np.flatnonzero(blank)
        if (int(ids[at]), "name") not in cleared
    ]
    apply_changes(session, import_id, changes)
    return ids


def _match(session: Session, staged: pd.DataFrame, source: str) -> _Matches:
    identities = known_identities(session, source)
    ours: dict[str, int] = identities[identities["kind"] == "source"].set_index("value")["customer_id"].to_dict()
    by_email: dict[str, int] = identities[identities["kind"] == "email"].set_index("value")["customer_id"].to_dict()
    ids = np.array([ours.get(key, NOBODY) for key in staged["source_id"]], np.int64)
    only_email = _known_by_email_only(session, staged, ids, by_email) if by_email else set()
    attach = []
    keys, emails = staged["source_id"].to_numpy(object), staged["email"].to_numpy(object)
    for at in np.flatnonzero((ids == NOBODY) & staged["email"].notna().to_numpy()):
        key, email = keys[at], emails[at]
        known = by_email.get(email, NOBODY)
        if known != NOBODY and (key == email or known in only_email):
            ids[at] = known
            only_email.discard(known)
            attach.append(int(at))
    return _Matches(ids, attach, frozenset(by_email))


def _known_by_email_only(session: Session, staged: pd.DataFrame, ids: Keys, by_email: Mapping[str, int]) -> set[int]:
    """Customers whom no source knows by another id than their e-mail."""
    asked = {by_email[email] for email in staged["email"][ids == NOBODY] if email in by_email}
    known = known_customers(session, asked)
    return set(known.index[known["source_id"] == known["email"]].astype(int))


def _number_new(session: Session, staged: pd.DataFrame, found: Keys) -> tuple[Keys, npt.NDArray[np.bool_]]:
    """Ids for all, and who gets a row. A row known by e-mail alone is the numbered customer with that e-mail."""
    ids = found.copy()
    numbered = {
        email: at
        for at, (key, email) in enumerate(zip(staged["source_id"], staged["email"], strict=True))
        if key != email
    }
    same = {
        at: numbered[key]
        for at, (key, email) in enumerate(zip(staged["source_id"], staged["email"], strict=True))
        if ids[at] == NOBODY and key == email and key in numbered
    }
    is_new = ids == NOBODY
    is_new[list(same)] = False
    ids[is_new] = next_id(session, Base.metadata.tables[Customer.__tablename__]) + np.arange(is_new.sum())
    for at, owner in same.items():
        ids[at] = ids[owner]
    return ids, is_new


def _insert_new(session: Session, staged: pd.DataFrame, ids: Keys, import_id: int, source: str) -> None:
    columns = {name: staged[name].to_numpy(object) for name in ("source_id", *FIELDS)}
    table = Base.metadata.tables[Customer.__tablename__]
    insert_columns(session, table, {"id": ids, "source": source, "import_id": import_id, **columns})


def _blank_fields(session: Session, staged: pd.DataFrame, ids: Keys) -> list[FieldChange]:
    """What the file knows of stored customers that the store does not; what the owner cleared by hand stays blank."""
    if not len(staged):
        return []
    brought = staged.assign(id=ids).groupby("id")[list(FIELDS)].first()
    brought = brought[brought.notna().any(axis=1)]
    stored = known_customers(session, brought.index)
    cleared = hand_edited(session, Customer.__tablename__)
    changes = []
    for field in FIELDS:
        news, old = brought[field].dropna(), stored[field].reindex(brought.index)
        changes += [
            FieldChange(Customer.__tablename__, int(key), field, None, value)
            for key, value in news.items()
            if key in stored.index and old[key] is None and (key, field) not in cleared
        ]
    return changes


def _insert_identities(session: Session, staged: pd.DataFrame, ids: Keys, import_id: int, source: str) -> None:
    table = Base.metadata.tables[Identity.__tablename__]
    first = next_id(session, table)
    columns = {
        "id": np.arange(first, first + len(ids)),
        "customer_id": ids,
        "kind": "source",
        "issuer": source,
        "value": staged["source_id"].to_numpy(object),
        "import_id": import_id,
    }
    insert_columns(session, table, columns)


def _insert_emails(
    session: Session,
    staged: pd.DataFrame,
    ids: Keys,
    who: npt.NDArray[np.bool_],
    taken: frozenset[str],
    import_id: int,
) -> None:
    """The e-mails nobody holds yet; two customers with one e-mail: the first by source_id holds it."""
    emails = staged.assign(id=ids)[who & staged["email"].notna().to_numpy()]
    emails = emails[~emails["email"].isin(taken)].drop_duplicates("email")
    table = Base.metadata.tables[Identity.__tablename__]
    first = next_id(session, table)
    columns = {
        "id": np.arange(first, first + len(emails)),
        "customer_id": emails["id"].to_numpy(np.int64),
        "kind": "email",
        "issuer": "",
        "value": emails["email"].to_numpy(object),
        "import_id": import_id,
    }
    insert_columns(session, table, columns)
