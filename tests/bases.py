"""The customer base of a test's store; of the demonstration company that nobody has changed, worked out once."""

from datetime import date

from crm_core.services import customers
from crm_core.services.customers import CustomerBase
from crm_core.services.preferences import Preferences, load_preferences
from crm_core.store.session import Store

_COPIES: dict[str, tuple[str, int]] = {}  # by address, what it was copied from and the revision at that time
_KNOWN: dict[tuple[str, date, Preferences, int], CustomerBase] = {}


def remember_copy(store: Store, of: str) -> None:
    """As long as its revision stays the same, ``store`` holds what every copy of ``of`` holds."""
    _COPIES[store.url] = (of, store.revision())


def base_of(store: Store, as_of: date, preferences: Preferences | None = None) -> CustomerBase:
    """The base as of a day, with the stored choices or others. It may be shared: never change its tables."""
    return customer_base(store, as_of=as_of, preferences=preferences or load_preferences(store))


def customer_base(store: Store, *, as_of: date, preferences: Preferences) -> CustomerBase:
    """As the service of that name."""
    copied, revision = _COPIES.get(store.url, ("", -1))
    if store.revision() != revision:
        return customers.customer_base(store, as_of=as_of, preferences=preferences)
    key = (copied, as_of, preferences, customers.LARGE)
    if key not in _KNOWN:
        _KNOWN[key] = customers.customer_base(store, as_of=as_of, preferences=preferences)
    return _KNOWN[key]
