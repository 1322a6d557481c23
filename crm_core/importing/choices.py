"""What the owner chooses for one import, and what is known of how the file is to be read."""

from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from crm_core.errors import ImportFileError
from crm_core.importing.dates import DateOrder
from crm_core.importing.status_choices import AS_USUAL, StatusChoices

__all__ = ["Existing", "ImportChoices", "Reading", "known_policy"]


class Existing(StrEnum):
    """What a file does to somebody or something that is in already."""

    FILL = "fill"  # blanks only
    OVERWRITE = "overwrite"  # what the file says replaces what is stored, but for what the owner edited by hand
    SKIP = "skip"  # nothing of them is touched


@dataclass(frozen=True)
class ImportChoices:
    """The owner's choices. ``keep_columns``: columns that mean nothing to us and are kept with their rows all the same;
    ``keep_all``: all such columns. ``statuses``: what is done with orders that are not plainly paid."""

    existing: Existing = Existing.FILL
    keep_columns: tuple[str, ...] = ()
    keep_all: bool = False
    statuses: StatusChoices = AS_USUAL


@dataclass(frozen=True)
class Reading:
    """How a file is read where it does not say: the owner's currency, order of day and month, and time zone.

    ``currency``: what the owner says amounts are in; ``default_currency``: what they are where nothing says it.
    """

    currency: str | None = None
    default_currency: str = "EUR"
    dates: DateOrder | None = None
    zone: tzinfo | None = None


def known_policy(word: str) -> Existing:
    """The policy that a word names; ImportFileError for any other.

    >>> known_policy("skip")
    <Existing.SKIP: 'skip'>
    """
    if word not in set(Existing):
        raise ImportFileError(f"What is in already can be treated as {', '.join(Existing)}, not as '{word}'.")
    return Existing(word)
