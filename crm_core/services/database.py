"""The owner's database as pages, API and command line hold it: they open it and hand it to the other services."""

from crm_core.store.session import Store, open_store

__all__ = ["Store", "open_store"]
