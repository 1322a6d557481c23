"""Everything stored about one person, as one file that people and programs can read."""

import json
from collections import defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_core.errors import CrmError, NotFoundError
from crm_core.services.import_preview import exact_amount
from crm_core.store.edit_queries import merged_into, row_labels
from crm_core.store.person_queries import (
    customers_called,
    edits_of,
    import_changes_of,
    imports_of,
    rejected_rows_with,
    rows_of_orders,
    rows_of_person,
)
from crm_core.store.segment_queries import names_of_segments, say_segments
from crm_core.store.session import Store
from crm_core.store.tables import Customer

__all__ = ["find_customer", "personal_data", "personal_file"]

MOST_DIGITS = 9  # of our own numbers
OURS = "#"
RENAMED = {
    "source_id": "number",
    "ordered_on": "day",
    "refunded_on": "day",
    "happened_on": "day",
    "answered_on": "day",
    "customer_identities": "known_by",
    "survey_answers": "answers",
    "order_lines": "lines",
    "actions": "decisions_on_suggestions",
    "predictions": "figures_shown",
    "standings": "monthly_snapshots",
}
UNSAID = {"id", "customer_id", "order_id", "product_id", "import_id", "fingerprint", "occurrence"}  # ours: no data
Row = dict[str, Any]


def find_customer(store: Store, text: str) -> int:
    """Our number of the customer with a source's number; CrmError where that is several.

    ``text``: that number; SOURCE/NUMBER is one source's alone, #NUMBER is ours.
    """
    wanted = text.strip()
    with store.read() as session:
        found = set() if wanted.startswith(OURS) else set(customers_called(session, wanted))
        source, slash, number = wanted.partition("/")
        if slash and not found:
            found = set(customers_called(session, number, source))
        ours = wanted.removeprefix(OURS) if wanted.startswith(OURS) else ""
        if ours.isdecimal() and len(ours) <= MOST_DIGITS and session.get(Customer, int(ours)) is not None:
            found.add(int(ours))
        if len(found) == 1:
            return found.pop()
        if not found:
            raise NotFoundError(f"There is no customer with number '{wanted}'; `export customers` lists them.")
        raise CrmError(f"'{wanted}' is {len(found)} customers. Write one of them as {_choices(session, found)}.")


def personal_data(store: Store, customer_id: int, *, made_at: datetime) -> Row:
    """What is stored about one person: readable names, days as 2026-03-14, money as exact text beside its currency.

    Out: {made_at, name, person, a list for every table that points to customers (orders with their lines), changes by
    hand, changes by imports, imports, rejected rows that name them}.
    """
    with store.read() as session:
        customer = session.get(Customer, customer_id)
        if customer is None:
            raise NotFoundError(f"There is no customer with number {customer_id}; `export customers` lists them.")
        person = {column.name: getattr(customer, column.name) for column in Customer.__table__.columns}
        rows = rows_of_person(session, customer_id)
        orders = [int(row["id"]) for row in rows["orders"]]
        parts = rows_of_orders(session, orders)
        numbers = {"customers": {customer_id} | merged_into(session, customer_id)} | {
            name: {int(row["id"]) for row in found if "id" in row} for name, found in rows.items()
        }
        numbers["order_lines"] = set(orders)
        by_hand, by_import = edits_of(session, numbers), import_changes_of(session, numbers)
        brought = {row.get("import_id") for found in (*rows.values(), *parts.values(), [person]) for row in found}
        imports = imports_of(session, {key for key in brought | {row["import_id"] for row in by_import} if key})
        words = frozenset(str(person[name]).strip().lower() for name in ("email", "phone") if person[name])
        rejected = rejected_rows_with(session, words)
        name = row_labels(session, "customers", [customer_id])[customer_id]
        named = names_of_segments(session)
    for row in rows["standings"]:
        row["segments"] = say_segments(row["segments"], named)
    _put_into_orders(rows["orders"], parts, rows)
    whole = {
        "made_at": made_at,
        "name": name,
        "person": _readable(person),
        **{RENAMED.get(table, table): [_readable(row) for row in found] for table, found in rows.items()},
        "changes_by_hand": [_change(row) for row in by_hand],
        "changes_by_imports": [_change(row) for row in by_import],
        "imports": imports,
        "rejected_rows": rejected,
    }
    return {key: _plain(value) for key, value in whole.items()}


def personal_file(data: Row) -> bytes:
    """The answer of ``personal_data`` as JSON."""
    return json.dumps(data, ensure_ascii=False, indent=2).encode("utf-8", "replace")


def _choices(session: Session, found: set[int]) -> str:
    query = select(Customer.id, Customer.source, Customer.source_id).where(Customer.id.in_(found)).order_by(Customer.id)
    return " or ".join(f"{OURS}{row.id} ({row.source}/{row.source_id})" for row in session.execute(query))


def _put_into_orders(orders: list[Row], parts: dict[str, list[Row]], rows: dict[str, list[Row]]) -> None:
    """What belongs to orders stands within them; what names an order says its number."""
    number = {row["id"]: row["source_id"] for row in orders}
    for name, found in parts.items():
        mine: dict[int, list[Row]] = defaultdict(list)
        for row in found:
            mine[row["order_id"]].append(row)
        for order in orders:
            theirs = [{"currency": order["currency"], **row} for row in mine[order["id"]]]
            order[RENAMED.get(name, name)] = [_readable(row) for row in theirs]
    for name, found in rows.items():
        for row in found if name != "orders" else ():
            if row.get("order_id") is not None:
                row["order"] = number.get(row["order_id"])


def _readable(row: Row) -> Row:
    """A row without our own numbers, money as exact text."""
    currency = row.get("currency")
    of_money = str(row.get("quantity")).endswith("_minor")  # a figure that was shown says what it is a quantity of
    answer: Row = {}
    for name, value in row.items():
        if name in UNSAID:
            continue
        is_money = name.endswith("_minor") or (of_money and name in ("value", "low", "high"))
        if is_money and value is not None and currency:
            answer[name.removesuffix("_minor")] = exact_amount(round(value), currency)
        else:
            answer[RENAMED.get(name, name)] = value.removesuffix("_minor") if name == "quantity" and of_money else value
    return answer


def _change(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in ("id", "row_id")}


def _plain(value: Any) -> Any:
    """A value as JSON has it; days and times in ISO form."""
    if isinstance(value, dict):
        return {key: _plain(cell) for key, cell in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(cell) for cell in value]
    return value.isoformat() if isinstance(value, date) else value
