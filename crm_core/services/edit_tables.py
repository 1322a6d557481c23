"""The tables that the owner may edit: their fields, and pages of them as they are shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from crm_core.errors import NotFoundError
from crm_core.services.import_preview import exact_amount
from crm_core.store.edit_queries import editable_rows, find_rows
from crm_core.store.session import Store
from crm_core.vocabulary import OrderStatus

__all__ = [
    "EDITABLE",
    "PAGE_ROWS",
    "Cell",
    "EditField",
    "EditPage",
    "EditTable",
    "edit_page",
    "shown_rows",
    "the_table",
]

PAGE_ROWS = 50
Cell = str | date | None


@dataclass(frozen=True)
class EditField:
    """A column of an editable table. kind: "text", "day", "choice" or "fixed" (shown only); stored: its column."""

    name: str
    label: str
    kind: str = "text"
    stored: str = ""
    longest: int = 255
    choices: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        """The column of the database."""
        return self.stored or self.name


@dataclass(frozen=True)
class EditTable:
    """What one row is called, its fields, and whether rows can be put away."""

    name: str
    noun: str
    fields: tuple[EditField, ...]
    archivable: bool = True

    def field(self, name: str) -> EditField:
        """A field that can be changed."""
        for field in self.fields:
            if field.name == name and field.kind != "fixed":
                return field
        raise NotFoundError(f"'{name}' of {self.name} can't be edited.")


@dataclass(frozen=True)
class EditPage:
    """One page. table: index id, [the table's fields as shown, label]; total: how many rows match."""

    table: pd.DataFrame
    total: int


EDITABLE = {
    "customers": EditTable(
        "customers",
        "customer",
        (
            EditField("number", "Number", "fixed", "source_id"),
            EditField("name", "Name"),
            EditField("email", "E-mail", longest=191),
            EditField("phone", "Phone", longest=64),
            EditField("postcode", "Postcode", longest=64),
            EditField("country", "Country", longest=100),
            EditField("birthday", "Birthday", "day"),
            EditField("channel", "Channel", longest=64),
        ),
    ),
    "products": EditTable(
        "products", "product", (EditField("number", "Number", "fixed", "source_id"), EditField("name", "Name"))
    ),
    "orders": EditTable(
        "orders",
        "order",
        (
            EditField("number", "Number", "fixed", "source_id"),
            EditField("day", "Day", "day", "ordered_on"),
            EditField("status", "Status", "choice", choices=tuple(status.value for status in OrderStatus)),
            EditField("customer", "Customer", stored="customer_id"),
            EditField("person", "Name", "fixed", "label"),
            EditField("amount", "Amount", stored="amount_minor"),
            EditField("currency", "Currency", "fixed"),
            EditField("channel", "Channel", longest=64),
        ),
        archivable=False,
    ),
}


def the_table(name: str) -> EditTable:
    """An editable table by name."""
    if name not in EDITABLE:
        raise NotFoundError(f"'{name}' can't be edited; there are {', '.join(EDITABLE)}.")
    return EDITABLE[name]


def edit_page(store: Store, name: str, *, text: str = "", archived: bool = False, page: int = 1) -> EditPage:
    """The rows that match a search, 50 a page: customers and products by name, orders latest first."""
    table = the_table(name)
    with store.read() as session:
        wanted: dict[str, Any] = {"text": text, "archived": archived, "limit": PAGE_ROWS}
        ids, total = find_rows(session, name, offset=(max(page, 1) - 1) * PAGE_ROWS, **wanted)
        if total and not ids:  # fewer match than when the page was turned
            ids, total = find_rows(session, name, offset=(total - 1) // PAGE_ROWS * PAGE_ROWS, **wanted)
        rows, cells = shown_rows(session, name, ids)
    columns = [field.name for field in table.fields]
    shown = pd.DataFrame([cells[row_id] for row_id in rows.index], columns=columns, index=rows.index, dtype=object)
    return EditPage(shown.assign(label=[row_name(name, row) for row in rows.to_dict("records")]), total)


def shown_rows(session: Session, name: str, ids: Iterable[int]) -> tuple[pd.DataFrame, dict[int, dict[str, Cell]]]:
    """Rows as stored (editable_rows), and per id the cells as shown; rows that are gone are in neither."""
    rows = editable_rows(session, name, ids)
    fields = the_table(name).fields
    return rows, {
        int(row["id"]): {f.name: _cell(f, row) for f in fields} for row in rows.reset_index().to_dict("records")
    }


def row_name(name: str, row: dict[str, Any]) -> str:
    """How a row is called in sentences."""
    return f"order {row['source_id']}" if name == "orders" else str(row["label"])


def _cell(field: EditField, row: dict[str, Any]) -> Cell:
    if field.name == "amount":
        return exact_amount(int(row["amount_minor"]), row["currency"])
    value = row[field.name] if field.name == "customer" else row[field.column]
    if value is None or value != value or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else str(value)
