"""What a file's rows are, told from its columns: orders first, then what says of itself what it is, people last."""

from collections.abc import Mapping
from dataclasses import replace

from crm_core.importing.column_content import MONEY_IS_SURE, fill_by_content, share_of, share_with_cents
from crm_core.importing.columns import ColumnMapping, recognise_columns
from crm_core.importing.kinds import KINDS, ImportKind, fields_of
from crm_core.importing.text_table import TextTable

__all__ = ["recognise_kind"]

SALES = frozenset({"order_id", "unit_price", "quantity", "product_id", "product_name"})  # no list of people has these
ORDERED = frozenset({"order_id", "unit_price", "quantity"})
SPECIAL = (ImportKind.TICKETS, ImportKind.SURVEYS, ImportKind.INTERACTIONS, ImportKind.PRODUCTS)
NAMES = frozenset({"name", "first_name", "last_name", "phone"})


def recognise_kind(
    table: TextTable, given: Mapping[str, str | None], kind: ImportKind | None
) -> tuple[ColumnMapping, frozenset[str], bool]:
    """The columns as ``kind`` has them, or as the kind that the file seems to be; the fields that cells told; whether
    the kind is known. ``given``: fields whose column the owner chose."""
    if kind is not None:
        return *_columns_as(table, given, kind), True
    for name in _kinds_with(given):
        found, by_content = _columns_as(table, given, name)
        if found.missing or not (name is ImportKind.ORDERS or KINDS[name].is_told_by(found.columns)):
            continue
        if name is ImportKind.ORDERS and _says_otherwise(table, found, by_content, given):
            continue
        if name in SPECIAL and _has_sales(table, found, given):
            continue
        if name is not ImportKind.CUSTOMERS or _are_people(table, found, given):
            return found, by_content, True
    return *_columns_as(table, given, ImportKind.ORDERS), False


def _says_otherwise(
    table: TextTable, orders: ColumnMapping, by_content: frozenset[str], given: Mapping[str, str | None]
) -> bool:
    """Whether a file that could be one of orders names a question, or needs guesses where another kind needs none."""
    others = [recognise_columns(table.header, given, kind) for kind in _kinds_with(given) if kind in SPECIAL]
    others = [found for found in others if not found.missing and KINDS[found.kind].is_told_by(found.columns)]
    if any("question" in found.columns for found in others) and not ORDERED & set(orders.columns):
        return True
    return bool(by_content) and any(not _has_sales(table, found, given) for found in others)


def _has_sales(table: TextTable, found: ColumnMapping, given: Mapping[str, str | None]) -> bool:
    """Whether a file that could be of conversations, tickets, answers or products is about what was bought, or is a
    list of people."""
    asked = {field: column for field, column in given.items() if field in fields_of(ImportKind.ORDERS)}
    as_orders = set(recognise_columns(table.header, asked).columns)
    if found.kind is ImportKind.PRODUCTS:
        return bool({"email", "phone", "postcode", "order_id", "quantity"} & as_orders)
    if ORDERED & as_orders:
        return True
    return any(share_with_cents(table.columns[name]) >= MONEY_IS_SURE for name in found.unused)


def _kinds_with(given: Mapping[str, str | None]) -> list[ImportKind]:
    """The kinds that have the fields which the owner named; orders, which say what is wrong, where none has."""
    return [kind for kind in KINDS if set(given) <= set(fields_of(kind))] or [ImportKind.ORDERS]


def _columns_as(
    table: TextTable, given: Mapping[str, str | None], kind: ImportKind
) -> tuple[ColumnMapping, frozenset[str]]:
    by_name = recognise_columns(table.header, given, kind)  # also checks what was asked for
    filled = fill_by_content(table, by_name, given) if kind is ImportKind.ORDERS else by_name
    return filled, frozenset(filled.columns) - frozenset(by_name.columns)


def _are_people(table: TextTable, found: ColumnMapping, given: Mapping[str, str | None]) -> bool:
    """Whether a file with e-mails or names is a list of people, not of orders whose amount nobody recognised."""
    asked = {field: column for field, column in given.items() if field in fields_of(ImportKind.ORDERS)}
    as_orders = recognise_columns(table.header, asked)
    if SALES & set(as_orders.columns):
        return False
    if "day" not in as_orders.columns:
        days = (share_of(table.columns[name], "written day") or 0.0 for name in found.unused)
        return "amount" not in as_orders.columns or max(days, default=0.0) < MONEY_IS_SURE
    other = replace(found, columns={**found.columns, "day": as_orders.columns["day"]}).unused
    money = any(share_with_cents(table.columns[name]) >= MONEY_IS_SURE for name in other)
    return bool(NAMES & set(found.columns)) and not money
