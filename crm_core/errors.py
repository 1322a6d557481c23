"""The errors an owner may see. Each message is one sentence that names the way out."""

__all__ = ["CrmError", "ImportFileError", "ImportRowError", "NotFoundError", "StoreError", "TooLittleDataError"]


class CrmError(Exception):
    """An expected failure; its text is shown to the owner as it stands."""


class ImportFileError(CrmError):
    """A file can't be read at all, or lacks something that every row needs."""


class ImportRowError(CrmError):
    """One row can't be accepted; the text names file, row, column, value and the way out."""


class StoreError(CrmError):
    """The database can't be opened, read or written."""


class NotFoundError(CrmError):
    """What was asked for is not there."""


class TooLittleDataError(CrmError):
    """A model needs more customers or orders than there are; the text says how many."""
