"""A small shop for tests of faults: an import of many kinds of rows, its undo, a restore; and what is stored."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from crm_core.importing.choices import Existing, ImportChoices
from crm_core.services.backups import make_backup, restore_backup
from crm_core.services.edit_history import undo_edit
from crm_core.services.exports import export_file, export_table
from crm_core.services.imports import import_file, undo_import
from crm_core.services.merging import merge_customers, not_the_same
from crm_core.store.session import Store
from crm_core.store.tables import Base, Setting

NOW = datetime(2026, 3, 14, 10, 15, tzinfo=UTC)
HEADER = "customer_id,email,name,order_id,date,product_id,description,quantity,amount,currency,status"
FIRST = f"""{HEADER}
c1,ana@example.org,,o1,2026-01-05,p1,Tea,1,10.00,EUR,paid
c1,ana@example.org,,o1,2026-01-05,p2,Cup,2,8.00,EUR,paid
c2,ben@example.org,Ben,o2,2026-01-09,p1,Tea,1,10.00,EUR,paid
,,,o3,2026-01-10,p2,Cup,1,4.00,EUR,paid
"""
SECOND = f"""{HEADER}
c1,ana@example.org,Ana Example,o1,2026-01-05,p1,Tea,1,10.00,EUR,paid
c1,ana@example.org,Ana Example,o4,2026-02-05,p3,"Jar, 50 g",1,12.50,EUR,paid
c3,cem@example.org,Cem,o5,2026-02-06,p3,"Jar, 50 g",3,37.50,EUR,paid
c3,cem@example.org,Cem,o5,2026-02-07,p1,Tea,-1,-10.00,EUR,refunded
c3,cem@example.org,Cem,o6,not a day,p1,Tea,1,10.00,EUR,paid
"""

PEOPLE = """customer_id,email,name,phone,country,shoe size
c1,,Ana,+4930901820,Germany,38
c2,ben@example.org,Benny,,,41
c9,dan@example.org,Dan,030 901821,Germany,
,,Eve,,,36
,,,,,
"""
TICKETS = """ticket_id,customer_id,email,name,subject,opened,first response,resolved,status
T1,c1,ana@example.org,Ana Example,Broken cup,2026-01-06 10:00,,,open
T2,c9,dee@example.org,Dee,Where is it,2026-01-08 09:00,,,open
"""
LATER_TICKETS = """ticket_id,customer_id,email,name,subject,opened,first response,resolved,status
T1,c1,ana@example.org,Ana Example,Broken cup,2026-01-06 10:00,45,2026-01-07,solved
T2,c9,dee@example.org,Dee,Where is it,2026-01-08 09:00,,,open
T3,c8,eve@example.org,Eve,Which tea,2026-02-08 09:00,,,open
T4,,,,Who,2026-02-09 09:00,,,open
"""

Work = Callable[[Store], Any]


def bring(store: Store, rows: str) -> int:
    """Import a file; its number."""
    return import_file(store, rows.encode(), file_name="orders.csv", now=NOW).import_id or 0


def bring_second(store: Store) -> None:
    """The import that the faults hit."""
    bring(store, SECOND)


def bring_people(store: Store) -> None:
    """The import of people that the faults hit: it fills, overwrites, adds, keeps further columns."""
    choices = ImportChoices(existing=Existing.OVERWRITE, keep_all=True)
    import_file(store, PEOPLE.encode(), file_name="people.csv", now=NOW, choices=choices)


def undo_last(store: Store) -> None:
    """The undo that the faults hit: of the newest import."""
    undo_import(store, 2, now=NOW)


def bring_tickets(store: Store) -> None:
    """What there is before the import of tickets that the faults hit."""
    bring(store, TICKETS)


def bring_later_tickets(store: Store) -> None:
    """The import of tickets that the faults hit: people, new tickets, and one that is brought up to date."""
    bring(store, LATER_TICKETS)


def undo_tickets(store: Store) -> None:
    """The undo that the faults hit: of that import."""
    undo_import(store, 3, now=NOW)


def bring_both(store: Store) -> None:
    """The second file, and what the owner said of its Cem, that a merge has to carry over."""
    bring_second(store)
    for person in (1, 2):
        not_the_same(store, person, 3, now=NOW, by="owner")


def merge_two(store: Store) -> None:
    """The merge that the faults hit: of the first file's Ana and the second one's Cem."""
    merge_customers(store, 1, 3, choices={"name": 3, "email": 3}, now=NOW, by="owner")


def undo_merge(store: Store) -> None:
    """The undo that the faults hit: of that merge."""
    undo_edit(store, 3, now=NOW, by="owner")


def restore_from(file: Path) -> Work:
    """The restore that the faults hit."""
    return lambda store: restore_backup(store, file, now=NOW)


def bring_back_from(folder: Path, open_it: Callable[[str], Store]) -> Work:
    """The import of an export of ours that the faults hit: of another shop's lines, with who bought and what."""
    other = open_it(f"sqlite:///{folder / 'exported.db'}")
    bring(other, SECOND)
    file = export_file(export_table(other, "order_lines", as_of=NOW.date()), "order_lines", ending=".csv")
    other.close()
    return lambda store: import_file(store, file, file_name="order_lines.csv", now=NOW)


def snapshot(store: Store) -> dict[str, list[str]]:
    """Every row of every table, alike on every database."""
    with store.read() as session:
        return {
            table.name: sorted(repr(tuple(row)) for row in session.execute(select(table)))
            for table in Base.metadata.sorted_tables
        }


def revision_in(stored: dict[str, list[str]]) -> int:
    """The count of changes in a snapshot."""
    (row,) = stored["revision"]
    return int(row.strip("()").split(", ")[1])


def without_revision(stored: dict[str, list[str]]) -> dict[str, list[str]]:
    """What is stored, but for the count of changes, which never goes back."""
    return {name: rows for name, rows in stored.items() if name != "revision"}


def backup_of_another_shop(folder: Path, open_it: Callable[[str], Store]) -> Path:
    """A backup with other data: the second file alone, and a setting."""
    other = open_it(f"sqlite:///{folder / 'other.db'}")
    bring(other, SECOND)
    with other.begin() as session:
        session.add(Setting(key="alpha", value=0.25))
    file = folder / "other-backup.db"
    make_backup(other, file, now=NOW)
    other.close()
    return file


def address(store: Store) -> str:
    """The whole address, for another program that opens the same database."""
    return store.engine.url.render_as_string(hide_password=False)


def version_of(store_or_engine: Any) -> str:
    """The schema that the database says it has."""
    engine = getattr(store_or_engine, "engine", store_or_engine)
    with engine.connect() as connection:
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")))
