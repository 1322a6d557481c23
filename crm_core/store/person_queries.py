"""Everything stored that concerns one person, whatever tables there are: found by what points to them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table, and_, func, or_, select
from sqlalchemy.orm import Session

from crm_core.store.import_queries import batches
from crm_core.store.tables import Base, Customer, Edit, EditChange, Identity, ImportRun, JournalEntry, RejectedRow

__all__ = [
    "BOOKKEEPING",
    "customers_called",
    "edits_of",
    "import_changes_of",
    "imports_of",
    "rejected_rows_with",
    "rows_of_orders",
    "rows_of_person",
    "tables_of_people",
]

TABLES = Base.metadata.tables
# which import brought a line again, which two customers are not one: nothing about a person but numbers of ours
BOOKKEEPING = frozenset({"import_repeated_lines", "different_people"})
Rows = list[dict[str, Any]]


def tables_of_people() -> dict[str, tuple[str, ...]]:
    """Every table that points to customers and tells of them, and by which columns.

    >>> tables_of_people()["orders"]
    ('customer_id',)
    """
    return {name: columns for name, columns in _pointing_to("customers").items() if name not in BOOKKEEPING}


def customers_called(session: Session, number: str, source: str | None = None) -> list[int]:
    """The customers whom a source knows by a number, in order of our own."""
    own = select(Customer.id).where(Customer.source_id == number)
    known = select(Identity.customer_id).where(Identity.kind == "source", Identity.value == number)
    if source is not None:
        own, known = own.where(Customer.source == source), known.where(Identity.issuer == source)
    return sorted({*session.scalars(own), *session.scalars(known)})


def rows_of_person(session: Session, customer_id: int) -> dict[str, Rows]:
    """Per table that points to customers the rows of one, in order of their key."""
    found = {}
    for name, columns in tables_of_people().items():
        table = TABLES[name]
        theirs = or_(*[table.c[column] == customer_id for column in columns])
        found[name] = _rows(session, table, theirs)
    return found


def rows_of_orders(session: Session, order_ids: Iterable[int]) -> dict[str, Rows]:
    """Per table that points to orders the rows of some that name no customer themselves, with products' numbers and
    names."""
    ids, people = list(order_ids), tables_of_people()
    found: dict[str, Rows] = {}
    for name, columns in _pointing_to("orders").items():
        if name in BOOKKEEPING:
            continue
        table, column = TABLES[name], TABLES[name].c[columns[0]]
        nobody = [table.c[person].is_(None) for person in people.get(name, ())]
        found[name] = [row for batch in batches(ids) for row in _rows(session, table, and_(column.in_(batch), *nobody))]
    return found


def edits_of(session: Session, rows: dict[str, set[int]]) -> Rows:
    """What was changed by hand in some rows: [made_at, made_by, kind, table_name, row_id, field, before, after,
    undone_at], oldest first."""
    change = EditChange
    columns = (Edit.made_at, Edit.made_by, Edit.kind, change.table_name, change.row_id, change.field)
    query = select(change.id, *columns, change.before, change.after, Edit.undone_at).join(
        Edit, Edit.id == change.edit_id
    )
    return _in_rows(session, query, change, rows)


def import_changes_of(session: Session, rows: dict[str, set[int]]) -> Rows:
    """What imports changed in some rows: [import_id, table_name, row_id, field, before, after], oldest first."""
    entry = JournalEntry
    columns = (entry.import_id, entry.table_name, entry.row_id, entry.field, entry.before, entry.after)
    return _in_rows(session, select(entry.id, *columns), entry, rows)


def imports_of(session: Session, import_ids: Iterable[int]) -> Rows:
    """Imports by number: [import_id, file_name, source, kind, finished_at, undone_at]."""
    run = ImportRun
    columns = (run.id.label("import_id"), run.file_name, run.source, run.kind, run.finished_at, run.undone_at)
    found: Rows = []
    for batch in batches(sorted(import_ids)):
        result = session.execute(select(*columns).where(run.id.in_(batch)).order_by(run.id))
        found += [dict(row) for row in result.mappings()]
    return found


def rejected_rows_with(session: Session, words: frozenset[str]) -> Rows:
    """Rejected rows one of whose cells is one of some words, in any case: [import_id, row_number, reason, cells]."""
    if not words or not session.scalar(select(func.count()).select_from(RejectedRow)):
        return []
    row = RejectedRow
    query = select(row.import_id, row.row_number, row.reason, row.cells).order_by(row.import_id, row.row_number)
    result = session.execute(query.execution_options(yield_per=1_000)).mappings()
    return [dict(found) for found in result if words & {str(cell).strip().lower() for cell in found["cells"].values()}]


def _pointing_to(target: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for table in Base.metadata.sorted_tables:
        keys = [key for key in table.foreign_keys if key.column.table.name == target]
        if keys:
            found[table.name] = tuple(sorted(key.parent.name for key in keys))
    return found


def _rows(session: Session, table: Table, wanted: Any) -> Rows:
    """Whole rows; a product that they point to by its number and name."""
    query = select(table).where(wanted).order_by(*table.primary_key)
    if "product_id" in table.c:
        products = TABLES["products"]
        named = (products.c.source_id.label("product"), products.c.name.label("product_name"))
        query = query.add_columns(*named).outerjoin(products, products.c.id == table.c.product_id)
    return [dict(row) for row in session.execute(query).mappings()]


def _in_rows(session: Session, query: Any, entry: Any, rows: dict[str, set[int]]) -> Rows:
    found: Rows = []
    for name, ids in rows.items():
        for batch in batches(sorted(ids)):
            mine = query.where(and_(entry.table_name == name, entry.row_id.in_(batch)))
            found += [dict(row) for row in session.execute(mine).mappings()]
    return sorted(found, key=lambda row: int(row["id"]))
