"""The owner's own choices: money, what counts as late, loyalty's weights, days and times; kept, changed, taken back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from sqlalchemy import delete, insert, select

from crm_core.decisions.lifecycle import LONGEST_FIXED_DAYS, StageLimits
from crm_core.decisions.loyalty import check_weights
from crm_core.decisions.rfm_groups import GroupWords, called_groups
from crm_core.errors import CrmError
from crm_core.features.rfm import RfmLimits
from crm_core.services.time_zones import zone_of
from crm_core.store.currencies import Currencies
from crm_core.store.money_queries import other_currencies
from crm_core.store.session import Store
from crm_core.store.tables import Setting
from crm_core.vocabulary import LateBy, SubscriptionChoice, WeekStart

__all__ = [
    "Preferences",
    "change_preferences",
    "known_currencies",
    "load_preferences",
    "save_preferences",
    "usual_currency",
]

DEFAULT_CURRENCY = "EUR"
_LAST_DAY = date.max
_RATE = re.compile(r"\d{1,9}(?:\.\d{1,12})?")
_LIMITS = {
    "margin_share": (0.0, 1.0),
    "discount_rate": (0.0, 1.0),
    "horizon_days": (30, 1830),
    "alpha": (0.0, 1.0),
    "beta": (0.0, 1.0),
    "low_cut": (0.0, 100.0),
    "high_cut": (0.0, 100.0),
    "share_saved": (0.0, 1.0),
    "silence_days": (1, 3650),
    "churn_days": (7, 365),
    "at_risk_days": (1, LONGEST_FIXED_DAYS),
    "lapsed_days": (1, LONGEST_FIXED_DAYS),
    "lost_days": (1, LONGEST_FIXED_DAYS),
    "offer_days": (1, 365),
}
_IN_CURRENCY = ("rates", "spend_limits")  # say something in the base currency alone
Rates = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Preferences:
    """What the owner decided, or how we start. Shares are 0..1, the discount rate is yearly.

    rates: what one unit of another currency is worth in ours, as exact decimal text, by currency; stages in usual gaps,
    or, where late_by says so, in days since the last order; silence_days: how long no order may come before the data
    count as ended; churn_days: who does not order within so many counts as leaving in a churn risk; offer_days: within
    how many an offer counts as bought; time_zone: an IANA name, "" is the computer's own; subscriptions: whether their
    tab is shown; recency_limits, order_limits, spend_limits: as ``RfmLimits``, money in minor units of the base
    currency; group_words: as ``called_groups`` takes them, of the groups that the owner renamed or does something else
    about.
    """

    currency: str = DEFAULT_CURRENCY
    rates: Rates = ()
    margin_share: float = 1.0
    discount_rate: float = 0.10
    horizon_days: int = 365
    alpha: float = 0.6
    beta: float = 0.4
    low_cut: float = 40.0
    high_cut: float = 70.0
    share_saved: float = 0.2
    at_risk_from: float = 1.5
    lapsed_from: float = 3.0
    lost_from: float = 6.0
    loyal_from_days: int = 4
    late_by: str = LateBy.RHYTHM.value
    at_risk_days: int = 90
    lapsed_days: int = 180
    lost_days: int = 365
    silence_days: int = 60
    churn_days: int = 90
    offer_days: int = 30
    time_zone: str = ""
    week_start: str = WeekStart.MONDAY.value
    subscriptions: str = SubscriptionChoice.AUTO.value
    recency_limits: tuple[int, ...] = ()
    order_limits: tuple[int, ...] = ()
    spend_limits: tuple[int, ...] = ()
    group_words: tuple[GroupWords, ...] = ()

    def __post_init__(self) -> None:
        for name, (low, high) in _LIMITS.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise CrmError(
                    f"{name.replace('_', ' ').capitalize()} is {value}; it must lie between {low} and {high}."
                )
        if self.low_cut > self.high_cut:
            raise CrmError(f"The lower cut-off {self.low_cut} lies above the upper one {self.high_cut}; swap them.")
        if self.week_start not in set(WeekStart):
            raise CrmError(f"A week starts on {', '.join(WeekStart)}, not on '{self.week_start}'.")
        if self.late_by not in set(LateBy):
            raise CrmError(f"A customer is late by {' or '.join(LateBy)}, not by '{self.late_by}'.")
        if self.subscriptions not in set(SubscriptionChoice):
            raise CrmError(f"Subscriptions are {', '.join(SubscriptionChoice)}, not '{self.subscriptions}'.")
        _check_money(self.currency, self.rates)
        zone_of(self.time_zone)
        # which check themselves
        _ = self.currencies, self.stage_limits, self.rfm_limits, called_groups(self.group_words)

    @property
    def currencies(self) -> Currencies:
        """The base currency with its rates."""
        return Currencies(self.currency, self.rates)

    @property
    def rfm_limits(self) -> RfmLimits:
        """What parts the five scores of recency, orders and sales."""
        return RfmLimits(self.recency_limits, self.order_limits, self.spend_limits)

    @property
    def stage_limits(self) -> StageLimits:
        """From when on a customer is late or loyal."""
        by_days = (self.at_risk_days, self.lapsed_days, self.lost_days)
        fixed = by_days if self.late_by == LateBy.DAYS else None
        return StageLimits(self.at_risk_from, self.lapsed_from, self.lost_from, self.loyal_from_days, fixed)


def load_preferences(store: Store, *, usual: str | None = None) -> Preferences:
    """What is saved, completed by defaults; the currency that most orders use where none was chosen.

    ``usual``: that currency, where the caller has kept it; it takes a look at every order.
    """
    saved = _saved(store)
    if "currency" not in saved:
        saved["currency"] = usual or usual_currency(store)
    return _sound(saved)


def usual_currency(store: Store) -> str:
    """The currency that most paid orders are in."""
    with store.read() as session:
        # far past any order: the currency of the shop does not depend on the day that is looked at
        currencies = other_currencies(session, as_of=_LAST_DAY)
    return str(currencies["currency"].iloc[0]) if len(currencies) else DEFAULT_CURRENCY


def save_preferences(store: Store, preferences: Preferences) -> None:
    """Keep all the owner's choices. They are no facts: the revision stays, caches are keyed by the choices."""
    change_preferences(store, {field.name: getattr(preferences, field.name) for field in fields(Preferences)})


def change_preferences(store: Store, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Save some choices and leave the others; None puts one back to its default. All of them or none.

    Out: the changes that take this back. Rates and limits of sales belong to a base currency: they are saved with it,
    and go when it changes.
    """
    with store.begin() as session:
        before = {key: _typed(key, value) for key, value in session.execute(select(Setting.key, Setting.value))}
        changes = _with_currency(store, before, dict(changes))
        after = {key: value for key, value in {**before, **changes}.items() if key in _DEFAULTS and value is not None}
        wanted = Preferences(**after)
        check_weights(wanted.alpha, wanted.beta)
        session.execute(delete(Setting).where(Setting.key.in_(changes)))
        rows = [{"key": key, "value": _stored(key, after[key])} for key in changes if key in after]
        if rows:
            session.execute(insert(Setting), rows)
    return {key: before.get(key) for key in changes}


@lru_cache(maxsize=1)
def known_currencies() -> tuple[str, ...]:
    """Every currency code."""
    return tuple(sorted(Locale("en").currencies))


_DEFAULTS: dict[str, Any] = {field.name: field.default for field in fields(Preferences)}


def _saved(store: Store) -> dict[str, Any]:
    with store.read() as session:
        rows = session.execute(select(Setting.key, Setting.value)).all()
    return {key: _typed(key, value) for key, value in rows if key in _DEFAULTS}


def _typed(key: str, value: Any) -> Any:
    """A saved value in its own type: JSON knows no tuples, and SQLite gives its 1.0 back as 1."""
    if key == "rates":
        return tuple(sorted((str(code), str(rate)) for code, rate in value.items()))
    if key == "group_words":
        return tuple(tuple(map(str, words)) for words in value)
    if key.endswith("_limits"):
        return tuple(map(int, value))
    return type(_DEFAULTS[key])(value) if key in _DEFAULTS else value


def _stored(key: str, value: Any) -> Any:
    return dict(value) if key == "rates" else value


def _sound(saved: dict[str, Any]) -> Preferences:
    """The saved choices without those that can't be used here, such as a time zone that this computer lacks."""
    without_zone = {key: value for key, value in saved.items() if key != "time_zone"}
    for usable in (saved, without_zone):
        try:
            return Preferences(**usable)
        except CrmError:
            continue
    return Preferences()


def _with_currency(store: Store, before: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The changes, with the base currency beside what is in it, and without what was in another base currency."""
    if any(changes.get(name) for name in _IN_CURRENCY) and not changes.get("currency"):
        kept = None if "currency" in changes else before.get("currency")
        changes["currency"] = kept or usual_currency(store)
    elif "currency" in changes and changes["currency"] != before.get("currency"):
        changes |= {name: None for name in _IN_CURRENCY if name not in changes}
    return changes


def _check_money(currency: str, rates: Rates) -> None:
    known = set(known_currencies())
    for code in (currency, *(code for code, _ in rates)):
        if code not in known:
            raise CrmError(f"'{code}' is not a currency code; write it like EUR, GBP or USD.")
    if len({code for code, _ in rates}) < len(rates):
        raise CrmError("A currency has two rates; keep one of them.")
    for code, rate in rates:
        if code == currency:
            raise CrmError(f"{code} is the base currency, so it needs no rate; leave it out.")
        if not _RATE.fullmatch(rate) or Decimal(rate) <= 0:
            raise CrmError(f"The rate '{rate}' for {code} is not a number above 0; write it like 0.92.")
