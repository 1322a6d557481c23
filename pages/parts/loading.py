"""What pages ask for again and again, cached by database, revision, day and the owner's choices.

The base is one shared frame that nobody changes (cache_resource); it is computed anew only when the revision, the day
or a choice that enters it has changed.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from crm_core.services.as_of import AsOf, effective_day, end_of_day, first_order_day
from crm_core.services.customers import LARGE, CustomerBase, customer_base, learn_value
from crm_core.services.database import Store, open_store
from crm_core.services.overview import count_stored
from crm_core.services.preferences import Preferences, load_preferences, usual_currency
from crm_core.services.time_zones import day_in_zone
from crm_core.settings import Settings
from pages.parts import later

LEARNING = "base"  # the work by which a large base learns from past days beside the pages
KEPT = 4  # revisions, days and choices kept in memory at once
PAST_BASES, PAST_RESULTS = 2, 8  # of past days, which never push out what the usual day needs
# choices that don't enter the base: moving them must not compute it anew. Of days, the day that they lead to is the key
_WEIGHING = ("alpha", "beta", "low_cut", "high_cut", "share_saved", "subscriptions")
_GROUPING = ("recency_limits", "order_limits", "spend_limits", "group_words")
_DAYS = ("churn_days", "offer_days", "silence_days", "time_zone", "week_start")
REPLAYED = "replayed"  # where a window keeps the past day that it looks at; pages/parts/replay.py sets it
_OUTSIDE_BASE = {name: getattr(Preferences(), name) for name in (*_WEIGHING, *_GROUPING, *_DAYS)}


def today() -> date:
    """The real day in the owner's time zone."""
    return day_in_zone(now(), preferences().time_zone)


def now() -> datetime:
    """The moment, as the computer has it."""
    return datetime.now(UTC)


@st.cache_resource(max_entries=KEPT, show_spinner="Opening your data …", on_release=Store.close)
def _open(url: str) -> Store:
    return open_store(url)


def store() -> Store:
    """The owner's database, opened and migrated once."""
    return _open(Settings.from_environment().database_url)


def preferences() -> Preferences:
    """The owner's saved choices."""
    return load_preferences(store(), usual=_usual_currency(store().url, store().revision()))


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _usual_currency(url: str, revision: int) -> str:  # noqa: ARG001 - they are the cache's key
    return usual_currency(store())


def as_of() -> AsOf:
    """The day at whose end every figure is computed: the one that this window looks at again, else the usual one."""
    return replayed() or usual_day()


def replayed() -> AsOf | None:
    """The past day that this window looks at, where it does."""
    found: AsOf | None = st.session_state.get(REPLAYED)
    return found


def usual_day() -> AsOf:
    """Today, or the day that the data end."""
    return as_of_with(preferences().silence_days)


def first_day() -> date | None:
    """The day of the first order, the earliest that can be looked at."""
    return _first_day(store().url, store().revision(), usual_day().day)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _first_day(url: str, revision: int, usual: date) -> date | None:  # noqa: ARG001 - for the cache's key
    return first_order_day(store(), until=usual)


def day_of_list() -> date:
    """The day on which tickets wait and answers are new: the real one, whatever day the figures are of; but in a past
    day everything is of that day."""
    then = replayed()
    return then.day if then else today()


def decided_before() -> datetime | None:
    """The end of the past day that is looked at: what the owner decided later was not decided then."""
    then = replayed()
    return end_of_day(then.day, time_zone=preferences().time_zone) if then else None


def as_of_with(silence_days: int) -> AsOf:
    """The same for another length of silence, which a page tries out."""
    return _as_of(store().url, store().revision(), today(), silence_days)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _as_of(url: str, revision: int, day: date, silence_days: int) -> AsOf:  # noqa: ARG001 - for the cache's key
    return effective_day(store(), today=day, silence_days=silence_days)


def base(wanted: Preferences | None = None) -> CustomerBase:
    """The shared base frame for the saved choices, or for others that a page tries out."""
    _forget_older(store().url, store().revision())
    chosen = _base_choices(wanted or preferences())
    key = _key_for(chosen, LEARNING)
    learnt: CustomerBase | None = later.result_of(key)
    if learnt is not None:
        _let_go_of_quick(key)
        return learnt
    find = _past_base if replayed() else _base
    quick = find(store().url, store().revision(), as_of().day, chosen)
    if len(quick.table) <= LARGE or replayed() or chosen != _base_choices(preferences()):
        return quick
    later.begin_when_drawn(key, partial(learn_value, quick, preferences=chosen))
    return quick


def work_key(*parts: Any) -> str:
    """The key of work beside the pages (``later``) for the facts, the day and the choices that enter the base."""
    return _key_for(_base_choices(preferences()), *parts)


def _key_for(chosen: Preferences, *parts: Any) -> str:
    past = [later.PAST] if replayed() else []
    return later.name_of(store().url, store().revision(), *past, as_of().day, chosen, *parts)


def _base_choices(wanted: Preferences) -> Preferences:
    return replace(wanted, **_OUTSIDE_BASE)


@st.cache_resource(max_entries=1, show_spinner=False)
def _forget_older(url: str, revision: int) -> None:
    """Let go of what was worked out from earlier facts: nobody can ask for it again, and it takes much memory."""
    for cached in (_base, _past_base, _product_names, _kept, _past_kept):
        cached.clear()
    later.forget_older(url, revision)


@st.cache_resource(max_entries=1, show_spinner=False)
def _let_go_of_quick(key: str) -> None:  # noqa: ARG001
    """Once a large base has learnt, what one model said of it, and all that came of that, only takes memory."""
    for cached in (_base, _kept):
        cached.clear()


@st.cache_resource(max_entries=KEPT, show_spinner="Getting to know your customers …")
def _base(url: str, revision: int, day: date, chosen: Preferences) -> CustomerBase:  # noqa: ARG001
    return customer_base(store(), as_of=day, preferences=chosen)


@st.cache_resource(max_entries=PAST_BASES, show_spinner="Going back to that day …")
def _past_base(url: str, revision: int, day: date, chosen: Preferences) -> CustomerBase:  # noqa: ARG001
    return customer_base(store(), as_of=day, preferences=chosen)


def suggestions() -> list[Any]:
    """Every suggestion of the day, those dealt with included."""
    from crm_core.services.offer_feedback import OfferDay
    from crm_core.services.offer_wishes import list_never_offered
    from crm_core.services.today import find_suggestions

    day, past = day_of_list(), replayed() is not None
    never = list_never_offered(store(), at=OfferDay(today(), preferences().time_zone))["product_id"]
    found = kept(
        "suggestions",
        day,
        past,
        tuple(map(int, never)),
        compute=lambda: find_suggestions(store(), base(), today=day, replayed=past),
    )
    return list(found)


def tastes() -> Any:
    """What everyone likes, learnt once from everything bought that names a product."""
    from crm_core.services.recommendations import learn_shop_tastes, load_items  # slow to import, needed by few pages

    day = as_of().day
    return kept("tastes", compute=lambda: learn_shop_tastes(load_items(store(), as_of=day), as_of=day).choose_both())


def names_of_products() -> pd.Series:
    """Index product id -> name."""
    return _product_names(store().url, store().revision())


@st.cache_resource(max_entries=2, show_spinner=False)
def _product_names(url: str, revision: int) -> pd.Series:  # noqa: ARG001
    from crm_core.services.recommendations import load_product_names

    return load_product_names(store())


@st.cache_resource(max_entries=16, show_spinner="Working it out …")
def _kept(where: tuple[str, int, date, Preferences], key: tuple[Any, ...], _compute: Callable[[], Any]) -> Any:  # noqa: ARG001
    return _compute()


@st.cache_resource(max_entries=PAST_RESULTS, show_spinner="Working it out …")
def _past_kept(where: tuple[str, int, date, Preferences], key: tuple[Any, ...], _compute: Callable[[], Any]) -> Any:  # noqa: ARG001
    return _compute()


def kept(*key: Any, compute: Callable[[], Any]) -> Any:
    """The result of ``compute``, kept until the facts, the day or a choice that enters the base changes. ``key`` names
    it and every further parameter.

    The result is shared between windows: never change it.
    """
    chosen = _base_choices(preferences())
    _forget_older(store().url, store().revision())
    learnt = later.result_of(_key_for(chosen, LEARNING)) is not None  # a large base is another one from then on
    find = _past_kept if replayed() else _kept
    return find((store().url, store().revision(), as_of().day, chosen), (*key, learnt), compute)


def known() -> dict[str, int]:
    """How much is stored: customers, orders, guest orders, products, lines, and whether the demonstration is in."""
    return _known(store().url, store().revision(), None)


def known_then() -> dict[str, int]:
    """The same; of a past day the customers and orders that were there by its end."""
    then = replayed()
    return _known(store().url, store().revision(), then.day if then else None)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _known(url: str, revision: int, until: date | None) -> dict[str, int]:  # noqa: ARG001
    return count_stored(store(), until=until)
