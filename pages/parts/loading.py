"""What pages ask for again and again, cached by database, revision, day and the owner's choices.

The base is one shared frame that nobody changes (cache_resource); it is computed anew only when the revision, the day
or a choice that enters it has changed.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from crm_core.services.as_of import AsOf, effective_day
from crm_core.services.customers import CustomerBase, customer_base
from crm_core.services.database import Store, open_store
from crm_core.services.overview import count_stored
from crm_core.services.preferences import Preferences, load_preferences
from crm_core.settings import Settings

KEPT = 4  # revisions, days and choices kept in memory at once
# choices that don't enter the base: moving them must not compute it anew
_OUTSIDE_BASE = {name: getattr(Preferences(), name) for name in ("alpha", "beta", "low_cut", "high_cut", "share_saved")}


def today() -> date:
    """The real day, as the computer has it."""
    return date.today()  # noqa: DTZ011 - the owner's own calendar day is meant


@st.cache_resource(max_entries=KEPT, show_spinner="Opening your data …", on_release=Store.close)
def _open(url: str) -> Store:
    return open_store(url)


def store() -> Store:
    """The owner's database, opened and migrated once."""
    return _open(Settings.from_environment().database_url)


def preferences() -> Preferences:
    """The owner's saved choices."""
    return load_preferences(store())


def as_of() -> AsOf:
    """The day at whose end every figure is computed."""
    return _as_of(store().url, store().revision(), today())


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _as_of(url: str, revision: int, day: date) -> AsOf:  # noqa: ARG001 - url and revision are the cache's key
    return effective_day(store(), today=day)


def base(wanted: Preferences | None = None) -> CustomerBase:
    """The shared base frame for the saved choices, or for others that a page tries out."""
    chosen = replace(wanted or preferences(), **_OUTSIDE_BASE)
    return _base(store().url, store().revision(), as_of().day, chosen)


@st.cache_resource(max_entries=KEPT, show_spinner="Getting to know your customers …")
def _base(url: str, revision: int, day: date, chosen: Preferences) -> CustomerBase:  # noqa: ARG001
    return customer_base(store(), as_of=day, preferences=chosen)


def items() -> pd.DataFrame:
    """Everything bought that names a product: the input of recommendations."""
    return _items(store().url, store().revision(), as_of().day)


@st.cache_resource(max_entries=2, show_spinner="Reading what was bought …")
def _items(url: str, revision: int, day: date) -> pd.DataFrame:  # noqa: ARG001
    from crm_core.services.recommendations import load_items  # slow to import, needed by few pages

    return load_items(store(), as_of=day)


def tastes() -> Any:
    """What everyone likes, learnt once from everything bought."""
    from crm_core.services.recommendations import learn_shop_tastes

    return kept("tastes", compute=lambda: learn_shop_tastes(items(), as_of=as_of().day))


def names_of_products() -> pd.Series:
    """Index product id -> name."""
    return _product_names(store().url, store().revision())


@st.cache_resource(max_entries=2, show_spinner=False)
def _product_names(url: str, revision: int) -> pd.Series:  # noqa: ARG001
    from crm_core.services.recommendations import load_product_names

    return load_product_names(store())


@st.cache_resource(max_entries=16, show_spinner="Working it out …")
def _kept(url: str, revision: int, day: date, key: tuple[Any, ...], _compute: Callable[[], Any]) -> Any:  # noqa: ARG001
    return _compute()


def kept(*key: Any, compute: Callable[[], Any]) -> Any:
    """The result of ``compute``, kept until the facts or the day change. ``key`` names it and every parameter.

    The result is shared between windows: never change it.
    """
    return _kept(store().url, store().revision(), as_of().day, key, compute)


def known() -> dict[str, int]:
    """How much is stored: customers, orders, guest orders, products, lines, and whether the demonstration is in."""
    return _known(store().url, store().revision())


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _known(url: str, revision: int) -> dict[str, int]:  # noqa: ARG001
    return count_stored(store())
