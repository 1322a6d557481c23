"""What a file's rows are, told from its columns: orders first, then what says of itself what it is, people last."""

import re
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
FULL_NAME = re.compile(r"[^\W\d_][^\d@]*\s[^\d@]*[^\W\d_]\.?|[\u3400-\u9fff]{2,4}")
MOSTLY_NAMES = 0.8  # of a column's words are two words of letters, or a Chinese name
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
        is_told = KINDS[name].is_told_by(found.columns) or (name is ImportKind.SURVEYS and _asks(table, found))
        if found.missing or not (name is ImportKind.ORDERS or is_told):
            continue
        if name is ImportKind.ORDERS and _says_otherwise(table, found, by_content, given):
            continue
        if name in SPECIAL and _has_sales(table, found, given):
            continue
        if name is not ImportKind.CUSTOMERS or _are_people(table, found, given):
            return found, by_content, True
    return *_columns_as(table, given, ImportKind.ORDERS), False


def _asks(table: TextTable, found: ColumnMapping) -> bool:
    """Whether a column's name is a question and its cells are numbers, as forms write their answers."""
    questions = [name for name in found.unused if name.rstrip().endswith(("?", "？"))]
    return any((share_of(table.columns[name], "money") or 0.0) >= MONEY_IS_SURE for name in questions)


def _with_names_as_names(table: TextTable, mapping: ColumnMapping, given: Mapping[str, str | None]) -> ColumnMapping:
    """The mapping without a column of names for numbers ("Customer" says both), where no other column has the names."""
    found = dict(mapping.columns)
    there = next((field for field in ("customer_name", "name") if field in fields_of(mapping.kind)), "")
    asked = {"customer_id", there} & set(given)
    if asked or not there or there in found or "customer_id" not in found:
        return mapping
    words = [str(word) for word in table.columns[found["customer_id"]].words]
    if not words or sum(FULL_NAME.fullmatch(word) is not None for word in words) < MOSTLY_NAMES * len(words):
        return mapping
    found[there] = found.pop("customer_id")
    return replace(mapping, columns=found)


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
    by_name = _with_names_as_names(table, by_name, given)
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
