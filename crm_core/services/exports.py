"""Tables for spreadsheets and other programs: the stored facts, and what was worked out from them."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from crm_core.errors import NotFoundError
from crm_core.services.import_preview import exact_amount
from crm_core.services.spreadsheets import money_in_whole_currency, table_as_csv
from crm_core.store.export_queries import all_customers, all_orders, all_products, all_refunds
from crm_core.store.session import Store
from crm_core.vocabulary import OrderStatus

if TYPE_CHECKING:
    from crm_core.services.customers import CustomerBase

__all__ = ["EXPORTS", "export_table", "table_as_csv"]


def export_table(store: Store, name: str, *, as_of: date) -> pd.DataFrame:
    """One of EXPORTS. Customers, orders, refunds and products are whole; the others are as of a day.

    Out of "orders": [order_id, customer_id, email, name, day, amount: exact text, received less refunds, currency,
    lines, status]. Numbers of customers, orders and products are those the source gave.
    """
    if name not in EXPORTS:
        raise NotFoundError(f"There is no table '{name}' to export; there are {', '.join(EXPORTS)}.")
    return EXPORTS[name](store, as_of)


def _customers(store: Store, _as_of: date) -> pd.DataFrame:
    with store.read() as session:
        return all_customers(session)


def _products(store: Store, _as_of: date) -> pd.DataFrame:
    with store.read() as session:
        return all_products(session)


def _orders(store: Store, _as_of: date) -> pd.DataFrame:
    with store.read() as session:
        table = all_orders(session)
    paid = table["status"] == OrderStatus.PAID
    received = (table["amount_minor"] - table["refunded_minor"]).where(paid, 0)
    table.insert(table.columns.get_loc("amount_minor"), "amount", _amounts(received, table["currency"]))
    return table.drop(columns=["amount_minor", "refunded_minor"])


def _refunds(store: Store, _as_of: date) -> pd.DataFrame:
    with store.read() as session:
        table = all_refunds(session)
    table.insert(table.columns.get_loc("amount_minor"), "amount", _amounts(table["amount_minor"], table["currency"]))
    return table.drop(columns="amount_minor")


def _amounts(minor: pd.Series, currency: pd.Series) -> list[str]:
    return [exact_amount(int(amount), code) for amount, code in zip(minor, currency, strict=True)]


def _features(store: Store, as_of: date) -> pd.DataFrame:
    """The base, with the source's customer numbers."""
    from crm_core.services.customers import customer_base
    from crm_core.services.preferences import load_preferences

    base = customer_base(store, as_of=as_of, preferences=load_preferences(store))
    return _for_people(base.table, base)


def _for_people(table: pd.DataFrame, base: "CustomerBase") -> pd.DataFrame:
    """Customer number, name and e-mail first; money in major units."""
    known = base.table.loc[table.index]
    people = pd.DataFrame({"customer_id": known["source_id"], "name": known["label"], "email": known["email"]})
    rest = table.drop(columns=["source_id", "label", "email"], errors="ignore")
    return people.join(money_in_whole_currency(rest, currency=base.currency))


def _scores(store: Store, as_of: date) -> pd.DataFrame:
    from crm_core.services.customers import customer_base
    from crm_core.services.preferences import load_preferences
    from crm_core.services.scores import score_customers

    wanted = load_preferences(store)
    base = customer_base(store, as_of=as_of, preferences=wanted)
    return score_customers(base, alpha=wanted.alpha, beta=wanted.beta, low_cut=wanted.low_cut, high_cut=wanted.high_cut)


def _segments(store: Store, as_of: date) -> pd.DataFrame:
    from crm_core.services.customers import customer_base
    from crm_core.services.preferences import load_preferences
    from crm_core.services.segments import segment_customers

    base = customer_base(store, as_of=as_of, preferences=load_preferences(store))
    return _for_people(segment_customers(base).customers, base)


EXPORTS: dict[str, Callable[[Store, date], pd.DataFrame]] = {
    "customers": _customers,
    "orders": _orders,
    "refunds": _refunds,
    "products": _products,
    "features": _features,
    "scores": _scores,
    "segments": _segments,
}
