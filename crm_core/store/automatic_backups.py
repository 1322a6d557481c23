"""Backups that are made without being asked for: before an update, a large import and a restore. The last five stay.

They lie in the folder ``backups`` beside a SQLite file; those of a server's database in a folder with its name. The
owner's own lie there too and are never deleted.
"""

import filecmp
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from sqlalchemy import Engine

from crm_core.errors import StoreError
from crm_core.progress import Progress
from crm_core.settings import Settings
from crm_core.store.backup_files import write_backup
from crm_core.store.engines import database_file
from crm_core.store.migrate import HEAD

__all__ = ["KEPT", "MadeBackup", "Reason", "back_up_automatically", "backup_folder", "list_backups", "new_backup_file"]

KEPT = 5
BY_HAND = "by-hand"
Reason = Literal["before-update", "before-import", "before-restore", "by-hand"]
TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class MadeBackup:
    """A backup in the folder: when it was made (UTC), why, and how large it is."""

    file: Path
    made_at: datetime
    reason: Reason
    size_bytes: int

    @property
    def is_automatic(self) -> bool:
        """Whether it gives way to newer ones."""
        return self.reason != BY_HAND


def backup_folder(engine: Engine) -> Path:
    """Where a database's backups lie."""
    file = database_file(engine)
    if file is not None:
        return file.parent / "backups"
    place = engine.url
    parts = (engine.dialect.name, place.host, place.port, place.database)
    name = "-".join(re.sub(r"[^\w.]+", "_", str(part)) for part in parts if part)
    return Settings.from_environment().backup_folder / name


def new_backup_file(engine: Engine, reason: Reason, now: datetime) -> Path:
    """A free name for a new backup, like regulars-20260314T101500Z-before-import.db."""
    folder, name = backup_folder(engine), _name(engine)
    stem = f"{name}-{now.astimezone(UTC).strftime(TIME)}-{reason}"
    file, number = folder / f"{stem}.db", 1
    while file.exists():
        number += 1
        file = folder / f"{stem}-{number}.db"
    return file


def back_up_automatically(
    engine: Engine,
    reason: Reason,
    *,
    now: datetime | None = None,
    version: str = HEAD,
    keep: Path | None = None,
    progress: Progress | None = None,
) -> Path:
    """Back the database up and let the oldest automatic backups go, but never ``keep``. StoreError: nothing may go on.

    One that equals the one before it takes its place, so that trying again and again does not push older ones out.
    """
    file = new_backup_file(engine, reason, now or datetime.now(UTC))
    earlier = [made for made in list_backups(engine) if made.is_automatic]
    try:
        write_backup(engine, file, version=version, progress=progress)
    except StoreError as error:
        raise StoreError(f"Without a backup nothing was begun. {error}") from error
    if earlier and earlier[0].file != keep and filecmp.cmp(file, earlier[0].file, shallow=False):
        _remove(earlier.pop(0).file)
    for made in earlier[KEPT - 1 :]:
        if made.file != keep:
            _remove(made.file)
    return file


def list_backups(engine: Engine) -> list[MadeBackup]:
    """The backups in the database's folder, newest first; links and strangers' files are passed over."""
    return sorted(_find(engine), key=lambda made: (made.made_at, made.file.stat().st_mtime_ns), reverse=True)


def _find(engine: Engine) -> Iterator[MadeBackup]:
    reasons = "|".join(get_args(Reason))
    pattern = re.compile(rf"{re.escape(_name(engine))}-(\d{{8}}T\d{{6}}Z)-({reasons})(-\d+)?\.db")
    folder = backup_folder(engine)
    for file in folder.iterdir() if folder.is_dir() else ():
        match = pattern.fullmatch(file.name)
        if match is None or file.is_symlink() or not file.is_file():
            continue
        with suppress(ValueError):  # a day that does not exist
            made_at = datetime.strptime(match[1], TIME).replace(tzinfo=UTC)
            yield MadeBackup(file, made_at, match[2], file.stat().st_size)  # type: ignore[arg-type]


def _name(engine: Engine) -> str:
    """What a database's backups are called: as its file, else as the product."""
    file = database_file(engine)
    return "regulars" if file is None else file.stem if file.suffix == ".db" else file.name


def _remove(file: Path) -> None:
    with suppress(OSError):  # it stays one round longer
        file.unlink()
