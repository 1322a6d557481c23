"""From a typed cell to stored values: which check a field has, who an order's customer is, what else is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from crm_core.errors import CrmError
from crm_core.services import editing_checks as checks
from crm_core.services.edit_tables import Cell, EditField
from crm_core.store.edit_queries import customers_by_number, holder_of
from crm_core.store.edits import RowChange, add_row, change_field, change_line

__all__ = ["CellContext", "add_identity", "check_cell", "find_customer", "write_cell"]


@dataclass
class CellContext:
    """What checks need to know: the open transaction, the day, and which e-mails and phones were just given away."""

    session: Session
    today: date
    given: dict[tuple[str, str], int] = field(default_factory=dict)


def check_cell(context: CellContext, table: str, column: EditField, value: Cell, row: Mapping[str, Any]) -> Any:
    """What to store for a cell; CrmError with a sentence when it can't be. row: the row as stored; {} for a new one."""
    name = column.name
    if name == "birthday":
        return checks.check_birthday(_as_day(value), today=context.today)
    if name == "day":
        return checks.check_day(_as_day(value))
    typed = None if value is None else str(value)
    if name == "status":
        return checks.check_status(typed)
    if name == "amount":
        return _check_amount(typed, row)
    if name == "customer":
        return find_customer(context.session, typed, source=row.get("source"))
    if table == "customers" and name == "email":
        email = checks.check_email(typed)
        return _free(context, "email", email and email.lower(), row, email)
    if table == "customers" and name == "phone":
        phone = checks.check_phone(typed, country=row.get("country"))
        return _free(context, "phone", phone and checks.phone_as_known(phone), row, phone)
    text = checks.check_text(typed, longest=column.longest)
    if table == "products" and text is None:
        raise CrmError("the name is missing. A product needs one; archive it if it is no longer sold.")
    return text


def find_customer(session: Session, text: str | None, *, source: str | None) -> int | None:
    """A customer by number or e-mail; None for a guest."""
    wanted = checks.check_text(text, longest=191)
    if wanted is None:
        return None
    if "@" in wanted and (holder := holder_of(session, "email", wanted.lower())):
        return holder[0]
    found = customers_by_number(session, wanted)
    ours = [customer_id for customer_id, known_by in found if known_by == source] or [number for number, _ in found]
    if len(ours) == 1:
        return ours[0]
    if ours:
        raise CrmError(f"'{wanted}' is the number of {len(ours)} customers. Write the e-mail instead.")
    raise CrmError(
        f"there is no customer '{wanted}'. Write a customer's number or e-mail as the Customers page shows it, "
        "or leave it blank for a guest order."
    )


def write_cell(session: Session, table: str, name: str, row_id: int, value: Any) -> list[RowChange]:
    """Store a checked value, and what follows from it."""
    if table == "orders" and name == "amount":
        line = change_line(session, row_id, "amount_minor", value)
        return [line, change_field(session, table, row_id, "amount_minor", value)]
    column = {"day": "ordered_on", "customer": "customer_id"}.get(name, name) if table == "orders" else name
    changes = [change_field(session, table, row_id, column, value)]
    if table == "customers" and name in ("email", "phone") and value is not None:
        changes += add_identity(session, name, value, row_id)
    return changes


def add_identity(session: Session, kind: str, value: str, customer_id: int) -> list[RowChange]:
    """Let a customer be recognised by an e-mail or phone from now on; nothing where they are already."""
    known = value.lower() if kind == "email" else checks.phone_as_known(value)
    if holder_of(session, kind, known):
        return []
    row = {"customer_id": customer_id, "kind": kind, "issuer": "", "value": known, "import_id": None}
    return [add_row(session, "customer_identities", row)]


def _check_amount(typed: str | None, row: Mapping[str, Any]) -> int:
    lines = int(row.get("lines", 1))
    if lines != 1:
        raise CrmError(
            f"it has {lines} lines, and its amount is their sum. Change it in your shop and import the file again."
        )
    return checks.check_amount(typed, currency=str(row["currency"]))


def _free(context: CellContext, kind: str, known: str | None, row: Mapping[str, Any], value: str | None) -> str | None:
    """The value, unless another customer is recognised by it."""
    if known is None:
        return value
    own = row.get("id", 0)
    holder = holder_of(context.session, kind, known)
    if holder is not None and holder[0] != own:
        raise CrmError(f"'{value}' belongs to {holder[1]} already. Write another one, or delete the double first.")
    if context.given.setdefault((kind, known), own) != own:
        raise CrmError(f"'{value}' is given to two customers at once. Write it for one of them only.")
    return value


def _as_day(value: Cell) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value.strip()[:10])
    except ValueError:
        raise CrmError(f"'{value}' is not a calendar date. Write it like 2026-03-14.") from None
