"""Pages of an editable table, what of it was edited by hand, and the history of edits."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from crm_core.store.import_queries import batches
from crm_core.store.queries import read_frame
from crm_core.store.tables import Base, Customer, Edit, EditChange, Identity, Order, OrderLine, Product

__all__ = [
    "archived_ids",
    "changed_by_hand",
    "customers_by_number",
    "edit_list",
    "editable_rows",
    "find_rows",
    "hand_edited",
    "holder_of",
    "last_edit_of",
    "list_changes",
    "merge_that_took",
    "merged_by_hand",
    "merged_into",
    "row_labels",
]

TABLES = Base.metadata.tables
_NAME = func.coalesce(func.nullif(Customer.name, ""), literal("Customer ").concat(Customer.source_id))
_PRODUCT = func.coalesce(func.nullif(Product.name, ""), Product.source_id)


def find_rows(
    session: Session, table_name: str, *, text: str, archived: bool, offset: int, limit: int
) -> tuple[list[int], int]:
    """The rows of one page, as ids, and how many match in all: customers and products by name, orders latest first;
    ties go by id. A search reads every row, so it is made once for both answers."""
    orders: dict[str, tuple[Any, ...]] = {
        "customers": (func.lower(_NAME), Customer.id),
        "products": (func.lower(_PRODUCT), Product.id),
        "orders": (Order.ordered_on.desc(), Order.id.desc()),
    }
    table = TABLES[table_name]
    wanted = _wanted(table_name, text, archived)
    found = select(table.c.id).where(*wanted).order_by(*orders[table_name])
    if text.strip():
        ids = list(session.scalars(found))
        return ids[offset : offset + limit], len(ids)
    total = session.scalar(select(func.count()).select_from(table).where(*wanted)) or 0
    return list(session.scalars(found.offset(offset).limit(limit))), int(total)


def editable_rows(session: Session, table_name: str, ids: Iterable[int]) -> pd.DataFrame:
    """Rows by id, in the order asked; those that are gone are left out. Out: index id, the table's own columns, label;
    of orders also customer (their number), email, lines: count."""
    wanted = [int(row_id) for row_id in ids]
    cells: list[Any] = []
    for batch in [*batches(wanted)] or [[]]:
        result = session.connection().execute(_rows_statement(table_name, batch))
        columns = list(result.keys())
        cells += [tuple(row) for row in result]
    rows = pd.DataFrame(cells, columns=columns, dtype=object).set_index("id")  # cells as the database gives them
    return rows.loc[[row_id for row_id in wanted if row_id in rows.index]]


def row_labels(session: Session, table_name: str, ids: Iterable[int]) -> dict[int, str]:
    """How rows that are there are called."""
    names: dict[str, Any] = {
        "customers": _NAME,
        "products": _PRODUCT,
        "orders": literal("order ").concat(Order.source_id),
    }
    table = TABLES[table_name]
    found: dict[int, str] = {}
    for batch in batches(set(ids)):
        rows = session.execute(select(table.c.id, names[table_name].label("label")).where(table.c.id.in_(batch)))
        found |= {row.id: row.label for row in rows}
    return found


def holder_of(session: Session, kind: str, value: str) -> tuple[int, str] | None:
    """Who is recognised by an e-mail or a phone: number and name."""
    statement = (
        select(Customer.id, _NAME.label("label"))
        .join(Identity, Identity.customer_id == Customer.id)
        .where(Identity.kind == kind, Identity.issuer == "", Identity.value == value)
    )
    row = session.execute(statement).first()
    return None if row is None else (row.id, row.label)


def customers_by_number(session: Session, number: str) -> list[tuple[int, str]]:
    """The customers whom a source knows by a number: id and source."""
    statement = select(Customer.id, Customer.source).where(Customer.source_id == number).order_by(Customer.id)
    return [(row.id, row.source) for row in session.execute(statement)]


def archived_ids(session: Session, table_name: str) -> set[int]:
    """The customers or products that are put away."""
    table = TABLES[table_name]
    return set(session.scalars(select(table.c.id).where(table.c.archived_at.is_not(None))))


def hand_edited(session: Session, table_name: str) -> set[tuple[int, str]]:
    """Row and field of everything in a table that the owner changed by hand and did not take back."""
    statement = (
        select(EditChange.row_id, EditChange.field)
        .join(Edit, Edit.id == EditChange.edit_id)
        .where(Edit.undone_at.is_(None), Edit.table_name == table_name, EditChange.table_name == table_name)
        .where(EditChange.field.is_not(None))
    )
    return {(row.row_id, row.field) for row in session.execute(statement)}


def changed_by_hand(table_name: str, row_id: Any) -> ColumnElement[bool]:
    """Whether the owner changed a row, or merged one into it, and did not take that back; to be asked beside it."""
    return _touched_by_hand(("change", "merge"), table_name, row_id)


def merged_by_hand(customer_id: Any) -> ColumnElement[bool]:
    """Whether the owner merged somebody into a customer and did not take that back; to be asked beside the row."""
    return _touched_by_hand(("merge",), "customers", customer_id)


def _touched_by_hand(kinds: tuple[str, ...], table_name: str, row_id: Any) -> ColumnElement[bool]:
    return (
        select(EditChange.id)
        .join(Edit, Edit.id == EditChange.edit_id)
        .where(Edit.undone_at.is_(None), Edit.kind.in_(kinds), Edit.table_name == table_name)
        .where(EditChange.table_name == table_name, EditChange.row_id == row_id)
        .exists()
    )


def merge_that_took(session: Session, customer_id: int) -> Edit | None:
    """The merge that holds and made a customer a part of another one."""
    statement = (
        select(Edit)
        .join(EditChange, EditChange.edit_id == Edit.id)
        .where(EditChange.table_name == "customers", EditChange.row_id == customer_id, EditChange.field.is_(None))
        .where(Edit.kind == "merge", Edit.undone_at.is_(None))
        .order_by(Edit.id.desc())
    )
    return session.scalars(statement).first()


def merged_into(session: Session, customer_id: int) -> set[int]:
    """The numbers of all who became a part of a customer by merges that hold."""
    kept, gone = aliased(EditChange), aliased(EditChange)
    found: set[int] = set()
    asked = {customer_id}
    while asked:
        statement = (
            select(gone.row_id)
            .join(Edit, Edit.id == gone.edit_id)
            .join(kept, kept.edit_id == gone.edit_id)
            .where(Edit.kind == "merge", Edit.undone_at.is_(None))
            .where(gone.table_name == "customers", gone.field.is_(None))
            .where(kept.table_name == "customers", kept.field == "id", kept.row_id.in_(asked))
        )
        asked = set(session.scalars(statement)) - found
        found |= asked
    return found


def last_edit_of(session: Session, table_name: str, row_id: int) -> Edit | None:
    """The latest edit that deleted a row and still holds."""
    statement = (
        select(Edit)
        .join(EditChange, EditChange.edit_id == Edit.id)
        .where(EditChange.table_name == table_name, EditChange.row_id == row_id, EditChange.field.is_(None))
        .where(Edit.kind == "delete", Edit.undone_at.is_(None))
        .order_by(Edit.id.desc())
    )
    return session.scalars(statement).first()


def edit_list(session: Session, *, offset: int = 0, limit: int | None = None) -> pd.DataFrame:
    """Edits, newest first. Out: [edit_id, made_at: UTC, made_by, kind, table_name, row_count, undone_at, undone_by]."""
    columns = (Edit.made_at, Edit.made_by, Edit.kind, Edit.table_name, Edit.row_count, Edit.undone_at, Edit.undone_by)
    statement = select(Edit.id.label("edit_id"), *columns).order_by(Edit.id.desc()).offset(offset).limit(limit)
    table = read_frame(session, statement)
    return table.astype({"undone_at": object, "undone_by": object})


def list_changes(
    session: Session, edit_ids: list[int] | None, *, table_name: str | None = None, limit: int | None = None
) -> pd.DataFrame:
    """What edits did, in order, in one table or all; None: all edits. Out: [edit_id, table_name, row_id, field, before,
    after]."""
    columns = (EditChange.edit_id, EditChange.table_name, EditChange.row_id, EditChange.field)
    statement = select(*columns, EditChange.before, EditChange.after).order_by(EditChange.id).limit(limit)
    if edit_ids is not None:
        statement = statement.where(EditChange.edit_id.in_(edit_ids))
    if table_name is not None:
        statement = statement.where(EditChange.table_name == table_name)
    return read_frame(session, statement).astype({"field": object, "before": object, "after": object})


def _wanted(table_name: str, text: str, archived: bool) -> list[ColumnElement[bool]]:
    table = TABLES[table_name]
    found: list[ColumnElement[bool]] = []
    if "archived_at" in table.c:
        put_away = table.c.archived_at
        found.append(put_away.is_not(None) if archived else put_away.is_(None))
    if words := text.strip():
        person = _holds(words, func.coalesce(Customer.name, ""), func.coalesce(Customer.email, ""), Customer.source_id)
        found.append(
            {
                "customers": person,
                "products": _holds(words, func.coalesce(Product.name, ""), Product.source_id),
                "orders": or_(
                    *(Order.source_id.contains(form, autoescape=True) for form in _forms(words)),
                    Order.customer_id.in_(select(Customer.id).where(person)),
                ),
            }[table_name]
        )
    return found


def _holds(words: str, first: Any, *more: Any) -> ColumnElement[bool]:
    """Whether one of some texts contains words, in capitals or not. Put together they are made small at one go."""
    whole = first
    for part in more:
        whole = whole.concat("\n").concat(part)
    return func.lower(whole).contains(words.lower(), autoescape=True)


def _forms(words: str) -> list[str]:
    """A number as typed, in small letters and in capitals."""
    return list(dict.fromkeys([words, words.lower(), words.upper()]))


def _rows_statement(table_name: str, ids: list[int]) -> Select[Any]:
    table = TABLES[table_name]
    if table_name != "orders":
        label = _NAME if table_name == "customers" else _PRODUCT
        return select(table, label.label("label")).where(table.c.id.in_(ids))
    lines = select(func.count()).where(OrderLine.order_id == Order.id).correlate(Order).scalar_subquery().label("lines")
    people = (Customer.source_id.label("customer"), Customer.email.label("email"))
    person = func.coalesce(func.nullif(Customer.name, ""), Customer.source_id).label("label")
    return (
        select(table, *people, person, lines)
        .select_from(Order)
        .outerjoin(Customer, Customer.id == Order.customer_id)
        .where(Order.id.in_(ids))
    )
