"""Customers, products and orders that the owner types in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_core.errors import CrmError
from crm_core.importing.order_lines import fingerprint_lines
from crm_core.importing.text_table import TextColumn
from crm_core.services.edit_cells import CellContext, add_identity, check_cell
from crm_core.services.edit_tables import Cell, the_table
from crm_core.services.time_zones import as_stored
from crm_core.store.edit_queries import row_labels
from crm_core.store.edits import HAND, RowChange, add_row, next_hand_number, record_edit
from crm_core.store.session import Store, raise_revision
from crm_core.store.tables import Product
from crm_core.vocabulary import OrderStatus

__all__ = ["AddReport", "add_by_hand"]


@dataclass(frozen=True)
class AddReport:
    """edit_id and row_id: None when nothing was added, because of ``problems``: per field a sentence."""

    edit_id: int | None
    row_id: int | None
    label: str
    problems: Mapping[str, str]


def add_by_hand(
    store: Store, name: str, values: Mapping[str, Cell], *, currency: str, today: date, now: datetime, by: str
) -> AddReport:
    """Add one customer, product or order, known as "by hand". currency: of an order's amount.

    values: the table's fields, blank ones left out; of an order also product: its number or name.
    """
    table = the_table(name)
    row: dict[str, Any] = {"source": HAND, "id": 0, "currency": currency, "country": values.get("country")}
    with store.begin() as session:
        context, stored, problems = CellContext(session, today), {}, {}
        for field in table.fields:
            if field.kind == "fixed":
                continue
            given = values.get(field.name)
            if field.name == "status" and given is None:
                given = OrderStatus.PAID.value
            try:
                stored[field.column] = check_cell(context, name, field, given, row)
            except CrmError as error:
                problems[field.name] = f"{field.label}: {error}"
        try:
            product = find_product(session, values.get("product"))
        except CrmError as error:
            problems["product"] = f"Product: {error}"
        if name == "customers" and not problems and not any(stored[key] for key in ("name", "email", "phone")):
            problems["name"] = "Name: a name, an e-mail or a phone is needed to know the customer by."
        if problems:
            return AddReport(None, None, "", problems)
        stored |= {"source": HAND, "source_id": next_hand_number(session, name)}
        changes = _write(session, name, stored, product, currency)
        row_id = changes[0].row_id
        edit_id = record_edit(session, "add", name, changes, rows=1, now=as_stored(now), by=by)
        raise_revision(session)
        label = row_labels(session, name, [row_id])[row_id]
    return AddReport(edit_id, row_id, label, {})


def _write(
    session: Session, name: str, stored: dict[str, Any], product: Product | None, currency: str
) -> list[RowChange]:
    """Insert the row, and what belongs to it; the row comes first."""
    if name == "orders":
        changes = [add_row(session, name, stored | {"currency": currency})]
        return [*changes, _add_line(session, changes[0].row_id, stored["amount_minor"], product)]
    changes = [add_row(session, name, stored)]
    for kind in ("email", "phone"):
        if name == "customers" and stored[kind]:
            changes += add_identity(session, kind, stored[kind], changes[0].row_id)
    return changes


def find_product(session: Session, text: Cell) -> Product | None:
    """A product by number, else by name; None where none is named."""
    wanted = str(text or "").strip()
    if not wanted:
        return None
    by_number = select(Product).where(Product.source_id == wanted).order_by(Product.id)
    by_name = select(Product).where(func.lower(Product.name) == wanted.lower()).order_by(Product.id)
    found = session.scalars(by_number).all() or session.scalars(by_name).all()
    if len(found) == 1:
        return found[0]
    if found:
        raise CrmError(f"'{wanted}' is {len(found)} products. Write the number instead, or give them different names.")
    raise CrmError(f"there is no product '{wanted}'. Write its number or name as the list shows it, or leave it blank.")


def _add_line(session: Session, order_id: int, amount_minor: int, product: Product | None) -> RowChange:
    """The order's only line, known by its content as an imported one is."""
    number = product.source_id if product else ""
    fingerprint = fingerprint_lines(TextColumn.of([number]), np.array([1.0]), np.array([amount_minor]))
    line: dict[str, Any] = {"order_id": order_id, "fingerprint": int(fingerprint[0]), "occurrence": 0, "quantity": 1.0}
    line |= {"product_id": product.id if product else None, "amount_minor": amount_minor, "import_id": None}
    return add_row(session, "order_lines", line)
