"""What is stored, table by table, for other programs and people: the source's numbers, exact money, plain names."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import Table, select

from crm_core.importing.own_cells import Identity, known_by_text, line_name
from crm_core.services.edit_history import history_table
from crm_core.services.imports import list_imports
from crm_core.services.spreadsheets import exact_money
from crm_core.store.custom_field_queries import all_custom_fields
from crm_core.store.export_queries import (
    all_customers,
    all_identities,
    all_interactions,
    all_order_lines,
    all_orders,
    all_products,
    all_refunds,
    all_survey_answers,
    all_tickets,
    frame_of,
)
from crm_core.store.segment_queries import names_of_segments, say_segments
from crm_core.store.session import Store
from crm_core.store.tables import Base
from crm_core.vocabulary import OrderStatus

__all__ = ["STORED"]

TABLES = Base.metadata.tables
PERSON = ["customer_id", "customer_source", "name"]


def _customers(store: Store, _as_of: date) -> pd.DataFrame:
    """With the other ways to recognise somebody in one cell, so that the file can be brought back."""
    with store.read() as session:
        table, known = all_customers(session), all_identities(session)
    own = (known["kind"] == "source") & (known["issuer"] == known["customer_source"])
    others = known[~(own & (known["value"] == known["customer_id"]))]
    found: dict[int, list[Identity]] = {}
    for row in others.itertuples():
        found.setdefault(int(row.Index), []).append((row.kind, row.issuer, row.value))
    table["also_known_as"] = [known_by_text(found.get(int(key), [])) for key in table.index]
    return table.reset_index(drop=True)


def _identities(store: Store, _as_of: date) -> pd.DataFrame:
    with store.read() as session:
        return all_identities(session).reset_index(drop=True)


def _products(store: Store, _as_of: date) -> pd.DataFrame:
    with store.read() as session:
        return exact_money(all_products(session)).reset_index(drop=True)


def _orders(store: Store, _as_of: date) -> pd.DataFrame:
    """Amount: what was received, less refunds; total: what the order's lines come to."""
    with store.read() as session:
        table = all_orders(session)
    paid = table["status"] == OrderStatus.PAID
    received = (table["total_minor"] - table["refunded_minor"]).where(paid, 0)
    table.insert(table.columns.get_loc("total_minor"), "amount_minor", received)
    beside = {name: table.pop(name) for name in ("total_minor", "refunded_minor")}
    return exact_money(table.assign(**beside))


def _order_lines(store: Store, _as_of: date) -> pd.DataFrame:
    with store.read() as session:
        table = all_order_lines(session)
    keys = zip(table.pop("fingerprint"), table.pop("occurrence"), strict=True)
    table["line"] = [None if mark is None else line_name(int(mark), int(number)) for mark, number in keys]
    table["quantity"] = _exact_numbers(table["quantity"])
    return exact_money(table)


def _refunds(store: Store, _as_of: date) -> pd.DataFrame:
    with store.read() as session:
        return exact_money(all_refunds(session))


def _interactions(store: Store, _as_of: date) -> pd.DataFrame:
    with store.read() as session:
        table = all_interactions(session)
    return table.assign(minutes=_exact_numbers(table["minutes"]))


def _tickets(store: Store, _as_of: date) -> pd.DataFrame:
    with store.read() as session:
        table = all_tickets(session)
    return table.assign(first_response_minutes=_exact_numbers(table["first_response_minutes"]))


def _surveys(store: Store, _as_of: date) -> pd.DataFrame:
    with store.read() as session:
        table = all_survey_answers(session)
    return table.assign(score=_exact_numbers(table["score"]))


def _exact_numbers(column: pd.Series) -> pd.Series:
    """Numbers with all their digits, whole ones without a point."""
    cells = [None if cell is None or cell != cell else _exact(float(cell)) for cell in column]
    return pd.Series(cells, column.index, dtype=object)


def _exact(number: float) -> int | Decimal:
    return int(number) if number.is_integer() else Decimal(repr(number))


def _imports(store: Store, _as_of: date) -> pd.DataFrame:
    return list_imports(store)


def _changes(store: Store, _as_of: date) -> pd.DataFrame:
    return history_table(store)


def _rejected_rows(store: Store, _as_of: date) -> pd.DataFrame:
    """Every row of a file that was not stored, its cells as one JSON object."""
    return _whole(store, "import_rejected_rows")


def _import_changes(store: Store, _as_of: date) -> pd.DataFrame:
    """Every field that an import changed in a row that was there before."""
    return _whole(store, "import_journal").drop(columns="id")


def _settings(store: Store, _as_of: date) -> pd.DataFrame:
    return _whole(store, "settings")


def _actions(store: Store, _as_of: date) -> pd.DataFrame:
    return _with_person(store, _whole(store, "actions").drop(columns="id"))


def _offers(store: Store, _as_of: date) -> pd.DataFrame:
    """Offers that were shown, and what was decided; whether they were bought is in the orders."""
    table = _with_product(store, _with_person(store, _whole(store, "offers").drop(columns="id")))
    return table.rename(columns={"list_name": "list"})


def _never_offered(store: Store, _as_of: date) -> pd.DataFrame:
    return _with_product(store, _whole(store, "never_offered").drop(columns="id"))


def _predictions(store: Store, _as_of: date) -> pd.DataFrame:
    """Figures that were shown; those of money in whole currency."""
    table = _with_person(store, _whole(store, "predictions").drop(columns="id"))
    money = table["quantity"].astype(object).str.endswith("_minor").fillna(False).astype(bool)
    named = {f"{name}_minor": table[name] for name in ("value", "low", "high")}
    exact = exact_money(table.assign(**named)[[*named, "currency"]])
    exact.columns = ["value", "low", "high", "currency"]
    for name in ("value", "low", "high"):
        table[name] = exact[name].where(money, table[name])
    return table.assign(quantity=table["quantity"].astype(object).str.removesuffix("_minor"))


def _segments(store: Store, _as_of: date) -> pd.DataFrame:
    """The owner's own segments: the rules as JSON."""
    return _whole(store, "segments").drop(columns=["id", "name_key"])


def _snapshots(store: Store, _as_of: date) -> pd.DataFrame:
    return _whole(store, "snapshots").drop(columns="id")


def _standings(store: Store, _as_of: date) -> pd.DataFrame:
    """Everybody in every snapshot, the owner's own segments by name."""
    table = _with_person(store, _whole(store, "standings").drop(columns="id"))
    with store.read() as session:
        names = names_of_segments(session)
    return table.assign(segments=[say_segments(cell, names) for cell in table["segments"]])


def _different_people(store: Store, _as_of: date) -> pd.DataFrame:
    """Pairs that the owner said are two people."""
    pairs = _whole(store, "different_people").drop(columns="id").rename(columns={"first_id": "customer_id"})
    first = _with_person(store, pairs.drop(columns="second_id"))
    second = _with_person(store, pairs[["second_id"]].rename(columns={"second_id": "customer_id"}))
    return first.join(second.add_prefix("other_"))


def _model_fits(store: Store, _as_of: date) -> pd.DataFrame:
    return _whole(store, "model_fits").drop(columns="id")


def _custom_fields(store: Store, _as_of: date) -> pd.DataFrame:
    """What files said under names of their own, of customers, products and orders."""
    with store.read() as session:
        return all_custom_fields(session)


def _whole(store: Store, name: str) -> pd.DataFrame:
    """A table as it is, in order of its key; what is no plain value as JSON."""
    table: Table = TABLES[name]
    with store.read() as session:
        found = frame_of(session, select(table).order_by(*table.primary_key))
    return found.map(_plain)


def _plain(cell: Any) -> Any:
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict | list) else cell


def _with_person(store: Store, table: pd.DataFrame) -> pd.DataFrame:
    """Our own customer numbers as those of the source, with the name."""
    with store.read() as session:
        people = all_customers(session).rename(columns={"source": "customer_source"})[PERSON]
    found = people.reindex(table["customer_id"]).reset_index(drop=True)
    return pd.concat([found, table.drop(columns="customer_id")], axis=1)


def _with_product(store: Store, table: pd.DataFrame) -> pd.DataFrame:
    """Our own product numbers as those of the source, with the name."""
    with store.read() as session:
        names = {"source": "product_source", "name": "product"}
        products = all_products(session).rename(columns=names)[["product_id", *names.values()]]
    found = products.reindex(table["product_id"]).reset_index(drop=True)
    place = table.columns.get_loc("product_id")
    return pd.concat([table.iloc[:, :place], found, table.iloc[:, place + 1 :]], axis=1)


STORED = {
    "customers": ("Customers", _customers),
    "orders": ("Orders", _orders),
    "order_lines": ("Order lines", _order_lines),
    "refunds": ("Refunds", _refunds),
    "products": ("Products", _products),
    "interactions": ("Conversations", _interactions),
    "tickets": ("Requests for help", _tickets),
    "surveys": ("Survey answers", _surveys),
    "identities": ("How people are recognised", _identities),
    "different_people": ("People who look alike and are not the same", _different_people),
    "custom_fields": ("Further fields", _custom_fields),
    "actions": ("Decisions on suggestions", _actions),
    "predictions": ("Figures shown so far", _predictions),
    "own_segments": ("Segments of your own", _segments),
    "snapshots": ("Monthly snapshots", _snapshots),
    "standings": ("Customers in snapshots", _standings),
    "offers": ("Offers shown, and what was decided", _offers),
    "never_offered": ("Products that are never offered", _never_offered),
    "changes": ("Changes by hand", _changes),
    "imports": ("Imports", _imports),
    "import_changes": ("Changes by imports", _import_changes),
    "rejected_rows": ("Rejected rows", _rejected_rows),
    "settings": ("Settings", _settings),
    "model_fits": ("Fitted models", _model_fits),
}
