"""Backups of the whole database: make one, look into one, restore one.

A restore replaces everything at one go: until its last moment every window sees the old data, and whatever stops it
leaves them. What it replaces is backed up first, so it can be undone by restoring that.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from crm_core.logs import log_work
from crm_core.progress import Progress
from crm_core.store.automatic_backups import (
    MadeBackup,
    back_up_automatically,
    backup_folder,
    list_backups,
    new_backup_file,
)
from crm_core.store.backup_checks import BackupContents
from crm_core.store.backup_files import write_backup
from crm_core.store.backup_opening import drop_upload, opened_backup, write_upload
from crm_core.store.copying import (
    copy_rows,
    count_rows,
    delete_rows,
    raise_revision_above,
)
from crm_core.store.engines import make_engine
from crm_core.store.session import Store
from crm_core.store.tables import Customer, Order, Revision
from crm_core.wording import plural

__all__ = [
    "BackupContents",
    "Held",
    "MadeBackup",
    "RestoreReport",
    "back_up_before_import",
    "backups_of",
    "drop_upload",
    "folder_of",
    "keep_upload",
    "look_into",
    "make_backup",
    "restore_backup",
    "state_of",
]

LARGE_IMPORT_ROWS = 20_000  # an import of more is preceded by a backup


@dataclass(frozen=True)
class Held:
    """How much is in a database, and the day of its last order."""

    customers: int
    orders: int
    last_day: date | None


@dataclass(frozen=True)
class RestoreReport:
    """What is in now, and the backup of what was in before."""

    contents: BackupContents
    before: Path

    def as_words(self) -> str:
        """What happened, in two lines."""
        return f"{words_of(self.contents)} are in now. What was in before lies in {self.before}."

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**self.contents.as_dict(), "before": str(self.before)}


def words_of(contents: BackupContents) -> str:
    """Customers and orders in words."""
    return f"{plural(contents.customers, 'customer')} and {plural(contents.orders, 'order')}"


def make_backup(
    store: Store,
    file: Path | None = None,
    *,
    now: datetime,
    replace: bool = False,
    progress: Progress | None = None,
) -> BackupContents:
    """Back everything up while it is in use: into a file, or into a new one in the database's folder of backups."""
    wanted = file or new_backup_file(store.engine, "by-hand", now)
    store.revision()  # StoreError where there is nothing to back up: the file is gone, the server away
    with log_work("backup") as counts:
        made = write_backup(store.engine, wanted, replace=replace, progress=progress)
        counts["rows"] = made.rows
    return made


def back_up_before_import(store: Store, rows: int, *, now: datetime | None, tell: Progress) -> None:
    """Back up what is in before much is added to it; an empty database has nothing to lose."""
    if rows <= LARGE_IMPORT_ROWS:
        return
    with store.read() as session:
        held = count_rows(session.connection())
    if any(number for name, number in held.items() if name != "revision"):
        tell(0.25, "Backing up what is in already")
        back_up_automatically(store.engine, "before-import", now=now)


def backups_of(store: Store) -> list[MadeBackup]:
    """The backups in the database's folder, newest first."""
    return list_backups(store.engine)


def folder_of(store: Store) -> Path:
    """Where the database's backups lie."""
    return backup_folder(store.engine)


def state_of(store: Store) -> Held:
    """What is in now, to be set beside a backup."""
    with store.read() as session:
        customers = session.scalar(select(func.count()).select_from(Customer)) or 0
        orders, last_day = session.execute(select(func.count(), func.max(Order.ordered_on)).select_from(Order)).one()
    return Held(customers, orders, last_day)


def keep_upload(store: Store, data: bytes, name: str) -> Path:
    """An uploaded file on disk until ``drop_upload``."""
    return write_upload(backup_folder(store.engine), data, name)


def look_into(store: Store, file: Path) -> BackupContents:
    """What a backup holds; StoreError says why it can't be restored. Nothing is changed."""
    with opened_backup(file, backup_folder(store.engine)) as (_, contents):
        return contents


def restore_backup(store: Store, file: Path, *, now: datetime, progress: Progress | None = None) -> RestoreReport:
    """Replace everything by what a backup holds: all of it, or nothing when anything is wrong with it."""
    tell = progress or (lambda _share, _words: None)
    store.revision()  # StoreError where it can't go: the file is gone, the server away
    with log_work("restore") as counts:
        tell(0.02, "Checking the backup")
        with opened_backup(file, backup_folder(store.engine)) as (opened, contents):
            tell(0.15, "Backing up what is in now")
            before = back_up_automatically(store.engine, "before-restore", now=now, keep=file)
            tell(0.3, "Making room")
            rows = _replace_everything(store, opened, tell)
        counts["rows"] = sum(rows.values())
    return RestoreReport(contents.at(file), before)


def _replace_everything(store: Store, opened: Path, tell: Progress) -> dict[str, int]:
    source = make_engine(f"sqlite:///{opened}")
    try:
        with store.begin() as session, source.connect() as backup:
            target = session.connection()
            revision = session.scalar(select(Revision.number)) or 0
            delete_rows(target, progress=lambda share: tell(0.3 + 0.2 * share, "Making room"))
            rows = copy_rows(backup, target, progress=lambda share: tell(0.5 + 0.45 * share, "Restoring"))
            raise_revision_above(target, revision)
            tell(0.97, "Saving")
    finally:
        source.dispose()
    return rows
