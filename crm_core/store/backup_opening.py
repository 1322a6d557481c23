"""Opening a backup that may come from anywhere: in a private copy, which is checked, brought up to date and then read.

Nothing beside the given file is looked into, so a log that somebody laid there is never replayed.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crm_core.errors import StoreError
from crm_core.store.backup_checks import BackupContents, check_backup, check_header
from crm_core.store.backup_files import leave_one_file
from crm_core.store.backup_values import check_values
from crm_core.store.engines import make_engine
from crm_core.store.migrate import HEAD, upgrade_schema

__all__ = ["drop_upload", "opened_backup", "write_upload"]

LEFT_BESIDE = ("-wal", "-journal")
OPENED = "restoring-"  # how private folders are called
ABANDONED_SECONDS = 86_400


@contextmanager
def opened_backup(file: Path, folder: Path) -> Iterator[tuple[Path, BackupContents]]:
    """A private copy of a backup in the newest schema, with all checks passed, and what is in it.

    The copy lies in the folder while the block lasts; the file itself is read once and never changed.
    """
    shown = Path(file.name) if _is_upload(file) else file
    _refuse_what_is_no_file(file, shown)
    try:
        _make_folder(folder)
        with tempfile.TemporaryDirectory(dir=folder, prefix=OPENED) as private:
            copy = Path(private) / "backup.db"
            _require_space(file, shown, folder)
            shutil.copyfile(file, copy)
            yield copy, _check(copy, shown)
    except OSError as error:
        raise StoreError(
            f"{shown} can't be opened ({error.strerror}). Choose another file, or free some space."
        ) from None


def write_upload(folder: Path, data: bytes, name: str) -> Path:
    """A file on disk for bytes that came with a name of their sender's choice, alone in a private folder."""
    harmless = re.sub(r"[^\w .-]", "_", name)[-80:].lstrip(". ") or "uploaded.db"
    try:
        _make_folder(folder)
        file = Path(tempfile.mkdtemp(dir=folder, prefix=OPENED)) / harmless
        file.write_bytes(data)
    except OSError as error:
        raise StoreError(f"The file can't be kept in {folder} ({error.strerror}). Free some space.") from None
    return file


def drop_upload(file: Path) -> None:
    """Remove what ``write_upload`` put there; any other file stays."""
    if _is_upload(file):
        shutil.rmtree(file.parent, ignore_errors=True)


def _is_upload(file: Path) -> bool:
    return file.parent.name.startswith(OPENED)


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _remove_abandoned(folder)


def _check(copy: Path, shown: Path) -> BackupContents:
    contents = check_backup(copy, shown_as=shown)
    if contents.version != HEAD:
        _bring_up_to_date(copy, shown)
    check_values(copy, shown_as=shown)
    return contents


def _bring_up_to_date(copy: Path, shown: Path) -> None:
    """Migrate the private copy of an older backup."""
    engine = make_engine(f"sqlite:///{copy}")
    try:
        upgrade_schema(engine, keep_copy=False)
    finally:
        engine.dispose()
    leave_one_file(copy)
    check_backup(copy, shown_as=shown)


def _refuse_what_is_no_file(file: Path, shown: Path) -> None:
    if file.is_symlink():
        raise StoreError(f"{shown} is a link to another file. Name that file itself.")
    if not file.exists():
        raise StoreError(f"There is no file {shown}. Check its name and folder.")
    if not file.is_file():
        raise StoreError(
            f"{shown} is no file. Name a backup that Regulars made: on the page Data, or by the command backup."
        )
    check_header(file, shown_as=shown)
    for suffix in LEFT_BESIDE:
        beside = Path(f"{file}{suffix}")
        if beside.exists() and beside.stat().st_size:
            raise StoreError(
                f"{shown} is a database in use ({beside.name} lies beside it), no backup. "
                "Make a backup of it, on the page Data or by the command backup, then restore that."
            )


def _require_space(file: Path, shown: Path, folder: Path) -> None:
    needed, free = file.stat().st_size, shutil.disk_usage(folder).free
    if needed > free:
        raise StoreError(
            f"Restoring {shown} needs {needed / 1e6:,.0f} MB beside your data, and {free / 1e6:,.0f} MB are free. "
            "Free some space, then try again."
        )


def _remove_abandoned(folder: Path) -> None:
    """What a program left that was killed while it restored, a day ago or longer."""
    now = folder.stat().st_mtime
    for left in folder.glob(f"{OPENED}*"):
        if now - left.stat().st_mtime > ABANDONED_SECONDS and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
