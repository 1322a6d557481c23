"""Taking an edit back, exactly: every field that still has the value it wrote, every row that is still missing."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, UniqueConstraint, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from crm_core.store.bulk import next_id
from crm_core.store.edits import LINKS, RowChange, as_typed, from_image, read_image, the_row
from crm_core.store.import_queries import batches
from crm_core.store.tables import Base, Edit, EditChange, ImportRun

__all__ = ["Kept", "TakenBack", "changes_of", "mark_undone", "take_back"]

TABLES = Base.metadata.tables
# what was shown and said of a row: it goes with a row that goes
OPINIONS = {"predictions", "standings", "different_people", "offers", "never_offered"}
FIELD_OF_IDENTITY = {"email": "email", "phone": "phone"}


@dataclass(frozen=True)
class Kept:
    """A change that could not be taken back: "changed" since, "gone" since, "there again", or "in use"."""

    change: RowChange
    why: str


@dataclass(frozen=True)
class TakenBack:
    """What an undo did: how many changes it took back, and those that stay."""

    done: int
    kept: tuple[Kept, ...]


def changes_of(session: Session, edit_id: int) -> list[RowChange]:
    """An edit's changes, in the order they were made."""
    columns = (EditChange.table_name, EditChange.row_id, EditChange.field, EditChange.before, EditChange.after)
    query = select(*columns).where(EditChange.edit_id == edit_id).order_by(EditChange.id)
    return [RowChange(*row) for row in session.connection().execute(query)]


def mark_undone(session: Session, edit_id: int, *, now: datetime, by: str) -> None:
    """Note that an edit was taken back."""
    session.execute(update(Edit).where(Edit.id == edit_id).values(undone_at=now, undone_by=by))


def take_back(session: Session, edit_id: int) -> TakenBack:
    """Undo one edit's changes, latest first: rows taken out return, fields get their value back, rows added go."""
    changes = changes_of(session, edit_id)[::-1]
    returning = [change for change in changes if change.field is None and change.after is None]
    fields = [change for change in changes if change.field is not None]
    added = [change for change in changes if change.field is None and change.before is None]
    done, kept = _return_rows(session, returning, fields)
    missing = {(stay.change.table, stay.change.row_id) for stay in kept}
    restored, stay = _put_back(session, fields)
    kept += [left for left in stay if _target(left.change) not in missing]
    removed, stay = _remove_added(session, added, {(k.change.row_id, k.change.field) for k in kept})
    return TakenBack(done + restored + removed, (*kept, *stay))


def _return_rows(session: Session, rows: list[RowChange], fields: list[RowChange]) -> tuple[int, list[Kept]]:
    """Insert what was deleted, rows before what belongs to them: how many, and those that can't return."""
    kept: list[Kept] = []
    done = 0
    for change in rows:
        table = TABLES[change.table]
        image = dict(change.before)
        main = change.table in LINKS
        if main and read_image(session, change.table, change.row_id) is not None:
            kept.append(Kept(change, "there again"))
            continue
        if _import_is_undone(session, image):
            if not (_is_needed(session, change, rows, fields) if main else change.table == "customer_identities"):
                kept += [Kept(change, "gone")] if main else []
                continue
            image["import_id"] = None
        if not _has_its_place(session, table, image, lenient=main or change.table == "order_lines"):
            continue  # what it belongs to is not back either
        if _is_taken(session, table, image):
            kept.append(Kept(change, "there again"))
            continue
        if "id" in table.c and not main and _is_there(session, table, image):
            image["id"] = next_id(session, table)
        session.execute(insert(table).values(from_image(table, image)))
        done += 1
    _sum_lines(session, rows)
    return done, kept


def _sum_lines(session: Session, rows: list[RowChange]) -> None:
    """An order that came back without some line (its file was taken back) is worth what is left."""
    orders, lines = TABLES["orders"], TABLES["order_lines"]
    for change in rows:
        if change.table == "orders":
            mine = lines.c.order_id == change.row_id
            left = session.scalar(select(func.count()).where(mine)) or 0
            if left < sum(1 for row in rows if row.table == "order_lines" and row.row_id == change.row_id):
                total = select(func.coalesce(func.sum(lines.c.amount_minor), 0)).where(mine).scalar_subquery()
                session.execute(update(orders).where(orders.c.id == change.row_id).values(amount_minor=total))


def _put_back(session: Session, fields: list[RowChange]) -> tuple[int, list[Kept]]:
    """Set fields to what they were where they still have what was written; how many, and those that stay."""
    groups: dict[tuple[str, str], list[RowChange]] = defaultdict(list)
    for change in fields:
        groups[change.table, str(change.field)].append(change)
    done, kept = 0, []
    for (name, field), changes in groups.items():
        table, current = TABLES[name], _current_values(session, name, field, changes)
        places: dict[Any, bool] = {}
        fitting = []
        for change in changes:
            key, old, written = _key_of(change), *_values_of(table, change)
            if old not in places:
                places[old] = _has_its_place(session, table, {field: old}, lenient=False)
            if key not in current or not places[old]:
                kept.append(Kept(change, "gone"))
            elif current[key] != written:
                kept.append(Kept(change, "changed"))
            else:
                fitting.append({f"key_{at}": part for at, part in enumerate(key)} | {"old": old})
        if fitting:
            here = [column == bindparam(f"key_{at}") for at, column in enumerate(table.primary_key)]
            session.connection().execute(update(table).where(*here).values({field: bindparam("old")}), fitting)
        done += len(fitting)
    return done, kept


def _current_values(session: Session, name: str, field: str, changes: list[RowChange]) -> dict[tuple[int, ...], Any]:
    """What rows hold now, by their key."""
    table = TABLES[name]
    keys = list(table.primary_key)
    found: dict[tuple[int, ...], Any] = {}
    for batch in batches(dict.fromkeys(change.row_id for change in changes)):
        rows = session.execute(select(*keys, table.c[field]).where(keys[0].in_(batch)))
        found |= {tuple(row[:-1]): row[-1] for row in rows}
    return found


def _key_of(change: RowChange) -> tuple[int, ...]:
    if change.table != "order_lines":
        return (change.row_id,)
    return (change.row_id, change.before["fingerprint"], change.before["occurrence"])


def _values_of(table: Table, change: RowChange) -> tuple[Any, Any]:
    """The old value and the written one, as the database has them."""
    sides = (change.before, change.after)
    before, after = [side["value"] for side in sides] if change.table == "order_lines" else sides
    return as_typed(table.c[str(change.field)], before), as_typed(table.c[str(change.field)], after)


def _remove_added(
    session: Session, added: list[RowChange], stay: set[tuple[int, str | None]]
) -> tuple[int, list[Kept]]:
    """Delete rows that an edit added, all or none where they belong together: how many, and what stays."""
    main = next((change for change in added if change.table in LINKS), None)
    if main is not None and (why := _still_needed(session, main, added)):
        return 0, [Kept(main, why)]
    done = 0
    for change in added:
        table = TABLES[change.table]
        if change.table == "customer_identities":
            field = FIELD_OF_IDENTITY.get(change.after["kind"])
            if (change.after["customer_id"], field) in stay:
                continue
        session.execute(delete(table).where(the_row(table, change.row_id, _key(table, change.after))))
        done += 1
    return done, []


def _still_needed(session: Session, main: RowChange, added: list[RowChange]) -> str:
    """Why a row that was added by hand can't go: changed, or used by something that came later."""
    now = read_image(session, main.table, main.row_id)
    if now is None:
        return "gone"
    if now != main.after:
        return "changed"
    for name, column, _ in LINKS[main.table]:
        own = sum(1 for change in added if change.table == name)
        used = session.scalar(select(func.count()).where(TABLES[name].c[column] == main.row_id)) or 0
        if name not in OPINIONS and used > own:
            return "in use"
    return ""


def _is_needed(session: Session, main: RowChange, rows: list[RowChange], fields: list[RowChange]) -> bool:
    """Whether something of a later file still belongs to a row whose own file was taken back."""
    if main.table == "orders":
        lines = [row for row in rows if row.table == "order_lines" and row.row_id == main.row_id]
        return any(not _import_is_undone(session, row.before) for row in lines)
    for change in fields:
        if _target(change) == (main.table, main.row_id) and change.table != "customer_identities":
            table = TABLES[change.table]
            key = change.before if change.table == "order_lines" else None
            if session.scalar(select(func.count()).select_from(table).where(the_row(table, change.row_id, key))):
                return True
    return False


def _target(change: RowChange) -> tuple[str, int | None]:
    """The row that a field pointed to before."""
    links = {"customer_id": "customers", "order_id": "orders", "product_id": "products"}
    value = change.before["value"] if change.table == "order_lines" and change.field else change.before
    return links.get(change.field or "", ""), value if change.field in links else None


def _import_is_undone(session: Session, image: dict[str, Any]) -> bool:
    if image.get("import_id") is None:
        return False
    undone = select(func.count()).where(ImportRun.id == image["import_id"], ImportRun.undone_at.is_not(None))
    return bool(session.scalar(undone))


def _has_its_place(session: Session, table: Table, image: dict[str, Any], *, lenient: bool) -> bool:
    """Whether all it points to is there. ``lenient``: what it need not point to, it then points to nobody."""
    for name, value in image.items():
        for key in table.c[name].foreign_keys:
            parent = key.column.table
            if value is None or session.scalar(select(func.count()).select_from(parent).where(key.column == value)):
                continue
            if not (lenient and table.c[name].nullable):
                return False
            image[name] = None
    return True


def _is_taken(session: Session, table: Table, image: dict[str, Any]) -> bool:
    """Whether another row has what only one may have: a source's number, an e-mail, a line's place."""
    values = from_image(table, image)
    unique = [list(rule.columns) for rule in table.constraints if isinstance(rule, UniqueConstraint)]
    if "id" not in table.c:
        unique.append(list(table.primary_key))
    for columns in unique:
        same = [column == values[column.name] for column in columns]
        if session.scalar(select(func.count()).select_from(table).where(*same)):
            return True
    return False


def _is_there(session: Session, table: Table, image: dict[str, Any]) -> bool:
    return bool(session.scalar(select(func.count()).select_from(table).where(table.c.id == image["id"])))


def _key(table: Table, image: dict[str, Any]) -> dict[str, Any] | None:
    return None if "id" in table.c else {column.name: image[column.name] for column in table.primary_key}
