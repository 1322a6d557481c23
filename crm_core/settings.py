"""Settings of the installation, read once at the edge: pages, API and command line."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Settings"]

PROJECT_FOLDER = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Settings:
    """Where data and log live. The owner's own choices (currency, margin) are Preferences, kept in the store."""

    database_url: str
    log_file: Path = PROJECT_FOLDER / "data" / "regulars.log"
    backup_folder: Path = PROJECT_FOLDER / "data" / "backups"  # of servers' databases; a file's lie beside it

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The database at REGULARS_DATABASE_URL, else the file data/regulars.db of the project; the log likewise.

        >>> Settings.from_environment({"REGULARS_DATABASE_URL": "sqlite:///x.db"}).database_url
        'sqlite:///x.db'
        """
        default = f"sqlite:///{PROJECT_FOLDER / 'data' / 'regulars.db'}"
        log_file = environment.get("REGULARS_LOG_FILE", "").strip()
        backup_folder = environment.get("REGULARS_BACKUP_FOLDER", "").strip()
        return cls(
            database_url=environment.get("REGULARS_DATABASE_URL", "").strip() or default,
            log_file=Path(log_file) if log_file else cls.log_file,
            backup_folder=Path(backup_folder) if backup_folder else cls.backup_folder,
        )
