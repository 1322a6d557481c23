"""What a database's refusal means to the owner: one sentence with the way out, without any of their data in it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from crm_core.errors import StoreError

__all__ = ["explain", "explained"]

# what drivers say -> what it means; {place} is the address without its password. The first that fits counts.
MEANINGS = (
    (
        r"database is locked|database table is locked|lock timeout|lock wait timeout|deadlock",
        "Another program is writing to {place} and did not finish in time, so nothing was changed. "
        "Try again when it is done.",
    ),
    (
        r"readonly database|read-only|read only|permission denied for|command denied",
        "{place} can only be read, so nothing was changed. Allow writing (to the file and its folder, or on the server "
        "to the user), or set REGULARS_DATABASE_URL to another place.",
    ),
    (
        r"disk is full|no space left|table .* is full|could not (?:extend|write)",
        "The disk of {place} is full, so nothing was changed. Free some space and try again.",
    ),
    (
        r"malformed|not a database|file is encrypted|corrupt",
        "{place} is damaged. Put it aside and restore the latest backup on the page Data, "
        "or with `python -m crm_core restore FILE`.",
    ),
    (
        r"disk i/o error",
        "The disk refused to read or write {place}, so nothing was changed. Check its free space and its cable, "
        "then try again.",
    ),
    (
        r"unable to open database file",
        "{place} can't be opened: the folder is missing or may not be written to. Make it available, "
        "or set REGULARS_DATABASE_URL to another place.",
    ),
    (
        r"no such table|relation .* does not exist|doesn't exist",
        "{place} holds no Regulars tables any more. Put the file back, or start Regulars again to begin afresh.",
    ),
    (
        r"password authentication|access denied|no password supplied|role .* does not exist",
        "The database server does not let us in at {place}. Check user and password in REGULARS_DATABASE_URL.",
    ),
    (
        r"unknown database|database .* does not exist",
        "There is no database at {place}. Create it on the server, or correct REGULARS_DATABASE_URL.",
    ),
    (
        r"too many (?:connections|clients)|connection slots",
        "The database server at {place} has no connection left. Close other programs that use it and try again.",
    ),
    (
        r"could not connect|connection refused|can't connect|connection failed|server closed|gone away|lost connection"
        r"|timed? ?out|translate host|name or service|terminating connection|the connection is (?:lost|closed)"
        r"|consuming input failed|connection reset|shutting down|starting up",
        "The database server at {place} does not answer. Check that it runs and that the address is right, "
        "then try again.",
    ),
)


def explain(error: DBAPIError, place: str) -> StoreError | None:
    """The sentence for a database's refusal; None for one that is a mistake of ours."""
    said = str(error.orig).lower()
    for pattern, meaning in MEANINGS:
        if re.search(pattern, said):
            return StoreError(meaning.format(place=place))
    return None


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turn a refusal that the owner can mend into its sentence. What the driver said is dropped: it may hold data."""
    try:
        yield
    except DBAPIError as error:
        meaning = explain(error, place)
        if meaning is None:
            raise
        raise meaning from None
