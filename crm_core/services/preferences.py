"""The owner's own choices: currency, margin, discount rate, horizon, loyalty weights and cut-offs."""

from dataclasses import asdict, dataclass, fields
from datetime import date

from sqlalchemy import delete, insert, select

from crm_core.errors import CrmError
from crm_core.store.queries import other_currencies
from crm_core.store.session import Store
from crm_core.store.tables import Setting

__all__ = ["Preferences", "load_preferences", "save_preferences"]

DEFAULT_CURRENCY = "EUR"
_LAST_DAY = date.max


@dataclass(frozen=True)
class Preferences:
    """What the owner decided, or how we start. Shares are 0..1, the discount rate is yearly."""

    currency: str = DEFAULT_CURRENCY
    margin_share: float = 1.0
    discount_rate: float = 0.10
    horizon_days: int = 365
    alpha: float = 0.6
    beta: float = 0.4
    low_cut: float = 40.0
    high_cut: float = 70.0
    share_saved: float = 0.2

    def __post_init__(self) -> None:
        for name, low, high in (
            ("margin_share", 0.0, 1.0),
            ("discount_rate", 0.0, 1.0),
            ("horizon_days", 30, 1830),
            ("alpha", 0.0, 1.0),
            ("beta", 0.0, 1.0),
            ("low_cut", 0.0, 100.0),
            ("high_cut", 0.0, 100.0),
            ("share_saved", 0.0, 1.0),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise CrmError(
                    f"{name.replace('_', ' ').capitalize()} is {value}; it must lie between {low} and {high}."
                )
        if self.low_cut > self.high_cut:
            raise CrmError(f"The lower cut-off {self.low_cut} lies above the upper one {self.high_cut}; swap them.")


def load_preferences(store: Store) -> Preferences:
    """What is saved, completed by defaults; the currency that most orders use where none was chosen."""
    known = {field.name for field in fields(Preferences)}
    with store.read() as session:
        saved = {key: value for key, value in session.execute(select(Setting.key, Setting.value)) if key in known}
        if "currency" not in saved:
            # far past any order: the currency of the shop does not depend on the day that is looked at
            currencies = other_currencies(session, as_of=_LAST_DAY)
            saved["currency"] = currencies["currency"].iloc[0] if len(currencies) else DEFAULT_CURRENCY
    # SQLite gives a JSON 1.0 back as 1
    return Preferences(**{key: type(getattr(Preferences, key))(value) for key, value in saved.items()})


def save_preferences(store: Store, preferences: Preferences) -> None:
    """Keep the owner's choices. They are no facts: the revision stays, caches are keyed by the choices themselves."""
    values = asdict(preferences)
    with store.begin() as session:
        session.execute(delete(Setting).where(Setting.key.in_(values)))
        session.execute(insert(Setting), [{"key": key, "value": value} for key, value in values.items()])
