"""Settings of the installation, read once at the edge: pages, API and command line."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crm_core.errors import CrmError

__all__ = ["Settings"]

PROJECT_FOLDER = Path(__file__).resolve().parents[1]
SECRETS = PROJECT_FOLDER / ".streamlit" / "secrets.toml"
DATABASE = "REGULARS_DATABASE_URL"


@dataclass(frozen=True)
class Settings:
    """Where data and log live. The owner's own choices (currency, margin) are Preferences, kept in the store."""

    database_url: str
    log_file: Path = PROJECT_FOLDER / "data" / "regulars.log"
    backup_folder: Path = PROJECT_FOLDER / "data" / "backups"  # of servers' databases; a file's lie beside it
    tests_itself: bool = True  # predictions are tested on past days before Accuracy is opened
    takes_snapshots: bool = True  # how everybody stands is kept once a month

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ, *, secrets: Path = SECRETS) -> "Settings":
        """What the environment says; the database's address also from .streamlit/secrets.toml, which is never
        committed; else the files regulars.db and regulars.log in the project's folder data.

        >>> Settings.from_environment({"REGULARS_DATABASE_URL": "sqlite:///x.db"}).database_url
        'sqlite:///x.db'
        """
        default = f"sqlite:///{PROJECT_FOLDER / 'data' / 'regulars.db'}"
        log_file = environment.get("REGULARS_LOG_FILE", "").strip()
        backup_folder = environment.get("REGULARS_BACKUP_FOLDER", "").strip()
        return cls(
            database_url=environment.get(DATABASE, "").strip() or _secret_address(secrets) or default,
            log_file=Path(log_file) if log_file else cls.log_file,
            backup_folder=Path(backup_folder) if backup_folder else cls.backup_folder,
            tests_itself=_is_on(environment, "REGULARS_TEST_MODELS"),
            takes_snapshots=_is_on(environment, "REGULARS_SNAPSHOTS"),
        )


def _is_on(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "").strip().lower() not in ("no", "off", "0")


def _secret_address(secrets: Path) -> str:
    """The database's address in the secrets, "" without one. What stands there is never repeated in an error."""
    try:
        text = secrets.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise CrmError(f"{secrets} can't be read. Allow reading it, or take it away.") from None
    try:
        address = tomllib.loads(text).get(DATABASE, "")
    except tomllib.TOMLDecodeError:
        raise CrmError(f'{secrets} is no TOML. Write a line like {DATABASE} = "postgresql://user@host/shop".') from None
    if not isinstance(address, str):
        raise CrmError(f"{DATABASE} in {secrets} is no text. Put the address in quotes.")
    return address.strip()
