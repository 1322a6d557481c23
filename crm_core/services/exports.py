"""Tables for spreadsheets and other programs: the stored facts, and what was worked out from them."""

from collections.abc import Callable
from datetime import date

import pandas as pd

from crm_core.errors import NotFoundError
from crm_core.services.import_preview import exact_amount
from crm_core.services.spreadsheets import table_as_csv
from crm_core.store.export_queries import all_customers, all_orders, all_products, all_refunds
from crm_core.store.session import Store
from crm_core.vocabulary import OrderStatus
from crm_core.wording import minor_units

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
    amount = [exact_amount(int(minor), code) for minor, code in zip(received, table["currency"], strict=True)]
    table.insert(table.columns.get_loc("amount_minor"), "amount", amount)
    return table.drop(columns=["amount_minor", "refunded_minor"])


def _refunds(store: Store, _as_of: date) -> pd.DataFrame:
    with store.read() as session:
        table = all_refunds(session)
    amount = [
        exact_amount(int(minor), code) for minor, code in zip(table["amount_minor"], table["currency"], strict=True)
    ]
    table.insert(table.columns.get_loc("amount_minor"), "amount", amount)
    return table.drop(columns="amount_minor")


def _features(store: Store, as_of: date) -> pd.DataFrame:
    """The base, with money in major units and the source's customer numbers."""
    from crm_core.services.customers import customer_base
    from crm_core.services.preferences import load_preferences

    base = customer_base(store, as_of=as_of, preferences=load_preferences(store))
    table = base.table.rename(columns={"source_id": "customer_id", "label": "name"})
    for column in [name for name in table.columns if name.endswith("_minor")]:
        table[column] = (table[column] / minor_units(base.currency)).round(2)
    table = table.rename(columns={name: name.removesuffix("_minor") for name in table.columns})
    first = ["customer_id", "name", "email"]
    return table[first + [name for name in table.columns if name not in first]].assign(currency=base.currency)


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
    table = segment_customers(base).table
    return table.drop(columns="source_id", errors="ignore").assign(
        customer_id=base.table["source_id"].reindex(table.index)
    )


EXPORTS: dict[str, Callable[[Store, date], pd.DataFrame]] = {
    "customers": _customers,
    "orders": _orders,
    "refunds": _refunds,
    "products": _products,
    "features": _features,
    "scores": _scores,
    "segments": _segments,
}
