"""Two customers become one: whatever belonged to the other belongs to the kept one, every step written down."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Table, UniqueConstraint, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from crm_core.store.edits import LINKS, RowChange, add_row, change_field, read_image
from crm_core.store.queries import read_frame
from crm_core.store.tables import Base, Customer, DifferentPeople, Identity

__all__ = ["MERGED_FIELDS", "add_known_as", "different_pairs", "merge_rows", "people_to_compare", "tell_apart"]

TABLES = Base.metadata.tables
MERGED_FIELDS = ("name", "email", "phone", "postcode", "country", "birthday", "channel")
APART = DifferentPeople.__tablename__
DECIDED = {"actions": ("state", "snoozed_until", "decided_at"), "offers": ("state", "decided_at")}


def people_to_compare(session: Session) -> pd.DataFrame:
    """Everybody who is not put away. Out: [customer_id, name, email, phone, postcode, birthday: date or None]."""
    columns = (Customer.name, Customer.email, Customer.phone, Customer.postcode, Customer.birthday)
    statement = select(Customer.id.label("customer_id"), *columns).where(Customer.archived_at.is_(None))
    return read_frame(session, statement.order_by(Customer.id))


def different_pairs(session: Session) -> set[tuple[int, int]]:
    """The pairs that the owner said are two people, the smaller number first."""
    return {
        (row.first_id, row.second_id)
        for row in session.execute(select(DifferentPeople.first_id, DifferentPeople.second_id))
    }


def tell_apart(session: Session, first_id: int, second_id: int) -> RowChange | None:
    """Note that two customers are not the same; None where that is known already."""
    low, high = sorted((first_id, second_id))
    table = TABLES[APART]
    if session.execute(select(table.c.id).where(table.c.first_id == low, table.c.second_id == high)).first():
        return None
    return add_row(session, APART, {"first_id": low, "second_id": high})


def merge_rows(session: Session, keep_id: int, other_id: int, values: Mapping[str, Any]) -> list[RowChange]:
    """Give the kept customer all that the other has, and these values; the other's row goes and comes last."""
    first = RowChange("customers", keep_id, "id", keep_id, keep_id)  # says whom the others were merged into
    changes = [first, *_move_said_apart(session, keep_id, other_id)]
    for name, column, _ in LINKS["customers"]:
        if name != APART:
            changes += _settle_rivals(session, TABLES[name], column, keep_id, other_id)
            changes += _move(session, TABLES[name], column, keep_id, other_id)
    image = read_image(session, "customers", other_id)
    session.execute(delete(Customer).where(Customer.id == other_id))
    changes += [change_field(session, "customers", keep_id, field, value) for field, value in values.items()]
    return [*changes, RowChange("customers", other_id, None, image, None)]


def add_known_as(session: Session, customer_id: int, ways: list[tuple[str, str, str]]) -> list[RowChange]:
    """Let a customer be recognised by (kind, issuer, value) too, where nobody is yet."""
    changes = []
    for kind, issuer, value in ways:
        same = and_(Identity.kind == kind, Identity.issuer == issuer, Identity.value == value)
        if session.execute(select(Identity.id).where(same)).first() is None:
            way = {"customer_id": customer_id, "kind": kind, "issuer": issuer, "value": value}
            changes.append(add_row(session, Identity.__tablename__, way))
    return changes


def _move(session: Session, table: Table, column: str, keep_id: int, other_id: int) -> list[RowChange]:
    ids = session.scalars(select(table.c.id).where(table.c[column] == other_id).order_by(table.c.id)).all()
    session.execute(update(table).where(table.c[column] == other_id).values({column: keep_id}))
    return [RowChange(table.name, row_id, column, other_id, keep_id) for row_id in ids]


def _settle_rivals(session: Session, table: Table, column: str, keep_id: int, other_id: int) -> list[RowChange]:
    """Where both have what one can have once, the kept one's stays; of two decisions on one suggestion the later."""
    changes: list[RowChange] = []
    for rule in table.constraints:
        if not isinstance(rule, UniqueConstraint) or column not in rule.columns:
            continue
        mine, theirs = table.alias(), table.alias()
        same = [mine.c[part.name] == theirs.c[part.name] for part in rule.columns if part.name != column]
        rivals = select(mine.c.id, theirs.c.id).where(mine.c[column] == keep_id, theirs.c[column] == other_id, *same)
        for kept, gone in session.execute(rivals.order_by(theirs.c.id)).all():
            if table.name in DECIDED:
                changes += _take_later(session, table, kept, gone)
            changes.append(RowChange(table.name, gone, None, read_image(session, table.name, gone), None))
            session.execute(delete(table).where(table.c.id == gone))
    return changes


def _take_later(session: Session, table: Table, kept: int, gone: int) -> list[RowChange]:
    wanted = select(table.c.id, *(table.c[name] for name in DECIDED[table.name])).where(table.c.id.in_([kept, gone]))
    rows = {row["id"]: row for row in session.execute(wanted).mappings()}
    mine, theirs = (rows[row]["decided_at"] for row in (kept, gone))
    if theirs is None or (mine is not None and theirs <= mine):  # an offer may be undecided
        return []
    return [change_field(session, table.name, kept, name, rows[gone][name]) for name in DECIDED[table.name]]


def _move_said_apart(session: Session, keep_id: int, other_id: int) -> list[RowChange]:
    """Who is not the other person is not the kept one either. A pair has its smaller number first, so it is written
    anew."""
    table = TABLES[APART]
    names_other = or_(table.c.first_id == other_id, table.c.second_id == other_id)
    rows = session.execute(select(table).where(names_other).order_by(table.c.id)).mappings().all()
    changes = [RowChange(APART, row["id"], None, dict(row), None) for row in rows]
    third = {row["first_id"] + row["second_id"] - other_id for row in rows} - {keep_id}
    added = [tell_apart(session, keep_id, person) for person in sorted(third)]  # first, lest a number be given again
    session.execute(delete(table).where(names_other))
    return [*changes, *(change for change in added if change is not None)]
