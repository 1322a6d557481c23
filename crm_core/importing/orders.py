"""An orders file, ready to be stored: customers, products, orders, refunds and lines, and what was rejected.

Nothing depends on the order of the rows, except which row of a contradicting order counts as its first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm_core.importing.attributes import distinct_rows, latest_word, sorted_codes, sorted_positions
from crm_core.importing.columns import ColumnMapping, check_mapping
from crm_core.importing.dates import DateOrder, DayExample
from crm_core.importing.order_facts import refunds_of, stated_orders
from crm_core.importing.order_lines import fingerprint_lines, number_equal_lines
from crm_core.importing.order_rows import OrderRows, read_order_rows
from crm_core.importing.preset_rows import StatedFacts
from crm_core.importing.rejections import RejectedRow
from crm_core.importing.status_choices import (
    AS_USUAL,
    UNKNOWN,
    StatusChoices,
    Treatment,
    count_groups,
    status_groups,
    with_refunded,
)
from crm_core.importing.statuses import read_status
from crm_core.importing.text_table import Codes, TextColumn, TextTable, Words
from crm_core.vocabulary import OrderStatus
from crm_core.wording import plural

__all__ = ["StagedOrders", "stage_orders"]

CUSTOMER_FIELDS = {
    "customer_name": "name",
    "email": "email",
    "phone": "phone",
    "postcode": "postcode",
    "country": "country",
    "channel": "channel",
}
Mask = npt.NDArray[np.bool_]
LONGEST = {"name": 255, "email": 255, "phone": 64, "postcode": 64, "country": 100, "channel": 64, "status_raw": 64}


@dataclass(frozen=True)
class StagedOrders:
    """What one file says.

    customers: [source_id, name, email, phone, postcode, country, channel], by source_id.
    products: [source_id, name], by source_id.
    orders: [source_id, customer: position or -1, ordered_on, status, status_raw, currency, channel, is_refund,
    refund_of: another order's source_id or None, group: of ``StatusChoices`` or ""], by day.
    lines: [order: position, fingerprint, occurrence, product: position or -1, quantity, amount_minor, row_number],
    by order, fingerprint and occurrence.
    stated: what a known platform says of whole orders, [order: position, total_minor, extras_minor, refunded_minor].
    kept: the columns that are kept, [order: position, name, value]; None: none.
    dates_fit, day_examples: the readings of its days that its rows allow, and words that are other days in each.
    status_groups: how many orders of each group of ``StatusChoices`` the file has, those left out included.
    """

    rows: int
    customers: pd.DataFrame
    products: pd.DataFrame
    orders: pd.DataFrame
    lines: pd.DataFrame
    stated: pd.DataFrame
    rejected: list[RejectedRow]
    dates_read_as: DateOrder
    dates_are_ambiguous: bool
    decimals_read_as: str
    currency_is_stated: bool
    some_currency_is_stated: bool
    notes: tuple[str, ...]
    kept: pd.DataFrame | None = None
    dates_fit: tuple[DateOrder, ...] = ()
    day_examples: tuple[DayExample, ...] = ()
    status_groups: Mapping[str, int] = field(default_factory=dict)


def stage_orders(
    table: TextTable,
    mapping: ColumnMapping,
    *,
    currency: str | None = None,
    default_currency: str = "EUR",
    dates: DateOrder | None = None,
    zone: tzinfo | None = None,
    facts: StatedFacts | None = None,
    statuses: Mapping[str, OrderStatus] | None = None,
    choices: StatusChoices = AS_USUAL,
) -> StagedOrders:
    """Type, check and group the rows of an orders file.

    ``currency`` is what the owner says the amounts are in; ``default_currency`` is taken where nothing says it.
    Without an order number, a customer's day is one order. A time that states its zone falls on the day that it is in
    ``zone``, the owner's. ``facts`` and ``statuses`` are what is known of a platform's export. Of ``choices``
    only what counts as paid is done here; ``leave_out`` does the rest.
    """
    check_mapping(mapping, file_name=table.file_name)
    rows = read_order_rows(table, mapping, currency=currency, default_currency=default_currency, dates=dates, zone=zone)
    customer_of_row, customers = _customers(rows)
    product_of_row, product = _products(rows)
    order_of_row, first, orders, unknown = _orders(rows, customer_of_row, statuses or {})
    orders["refund_of"] = refunds_of(facts, rows, first)
    groups = status_groups(orders)
    groups[unknown & ~orders["is_refund"].to_numpy()] = UNKNOWN
    if choices.unknown is Treatment.STORE:
        orders.loc[groups == UNKNOWN, "status"] = OrderStatus.PENDING.value
    orders.loc[np.isin(groups, choices.groups(Treatment.COUNT)), "status"] = OrderStatus.PAID.value
    stated = stated_orders(facts, rows, first, orders)
    lines = _lines(rows, order_of_row, product_of_row, product, table.row_numbers)
    orders["group"] = with_refunded(groups, orders, lines, stated)
    names = _word_of("product_name", rows, product_of_row, len(product.words))
    return StagedOrders(
        rows=len(table) + len(table.broken),
        customers=customers,
        products=pd.DataFrame({"source_id": product.words, "name": _cut(names, "name")}, dtype=object),
        orders=orders,
        lines=lines,
        stated=stated,
        rejected=rows.rejections.rows(),
        dates_read_as=rows.days.read_as,
        dates_are_ambiguous=rows.days.ambiguous,
        decimals_read_as=rows.money.read_as,
        currency_is_stated=rows.currency_is_stated,
        some_currency_is_stated=rows.some_currency_is_stated,
        notes=(
            *table.notes,
            *_status_note(orders["status_raw"].to_numpy(object)[groups == UNKNOWN], choices),
            *_zone_note(rows.moved_days, zone),
            *_address_note(rows.no_addresses),
            *_guest_note(orders),
            *_name_note(mapping, customers),
        ),
        dates_fit=rows.days.fits,
        day_examples=rows.days.examples,
        status_groups=count_groups(orders["group"].to_numpy(object)),
    )


def _zone_note(moved: int, zone: tzinfo | None) -> tuple[str, ...]:
    """In which zone times were read, where that decided on a day."""
    if not moved:
        return ()
    where = getattr(zone, "key", None) or "this computer's time zone"
    return (
        f"Times were read in {where}, where {plural(moved, 'row falls', 'rows fall')} on another day than written.",
    )


def _lines(
    rows: OrderRows, order_of_row: Codes, product_of_row: Codes, product: TextColumn, row_numbers: Codes
) -> pd.DataFrame:
    """The lines of all orders, equal ones of an order numbered."""
    fingerprint = fingerprint_lines(product, rows.quantity, rows.amount_minor)
    sorting, occurrence = number_equal_lines(order_of_row, fingerprint)
    return pd.DataFrame(
        {
            "order": order_of_row[sorting],
            "fingerprint": fingerprint[sorting],
            "occurrence": occurrence,
            "product": product_of_row[sorting],
            "quantity": rows.quantity[sorting],
            "amount_minor": rows.amount_minor[sorting],
            "row_number": row_numbers[rows.kept][sorting],
        }
    )


def _address_note(words: tuple[str, ...]) -> tuple[str, ...]:
    """What stood in the e-mail column and is no address."""
    if not words:
        return ()
    shown = ", ".join(repr(word[:50]) for word in words[:5]) + (", …" if len(words) > 5 else "")
    return (f"No e-mail address, and so left out: {shown}.",)


def _guest_note(orders: pd.DataFrame) -> tuple[str, ...]:
    """How many orders name nobody, where others do."""
    guests = int((orders["customer"] < 0).sum())
    if not guests or guests == len(orders):
        return ()
    name = "names" if guests == 1 else "name"
    return (
        f"{plural(guests, 'order')} {name} no customer: counted in sales, and in nobody's history. Where that is a "
        "slip, fill in the e-mail or number and import the file again.",
    )


def _name_note(mapping: ColumnMapping, customers: pd.DataFrame) -> tuple[str, ...]:
    """That names alone tell who bought."""
    if {"customer_id", "email", "phone"} & set(mapping.columns) or customers.empty:
        return ()
    return (
        "People are known by their names alone, so two of one name count as one; an e-mail or number tells better.",
    )


def _customers(rows: OrderRows) -> tuple[Codes, pd.DataFrame]:
    """Per row the customer's position (-1: a guest), and the customers in order of their source_id."""
    customer, words = sorted_codes(rows.customer)
    table = {"source_id": words}
    for there, name in CUSTOMER_FIELDS.items():
        table[name] = _cut(_word_of(there, rows, customer, len(words)), name)
    return customer, pd.DataFrame(table, dtype=object)


def _products(rows: OrderRows) -> tuple[Codes, TextColumn]:
    """Per row the product's position, and the products (known by number, else by name) in order of spelling."""
    nothing = TextColumn(np.full(len(rows.kept), -1), np.empty(0, object))
    known = rows.columns.get("product_id", nothing).or_else(rows.columns.get("product_name", nothing))
    codes, words = sorted_codes(known)
    return codes, TextColumn(codes, words)


def _orders(
    rows: OrderRows, customer: Codes, known: Mapping[str, OrderStatus]
) -> tuple[Codes, Codes, pd.DataFrame, Mask]:
    """Per row the order's position, each order's first row, the orders by day and source_id, and which of them have a
    status that we don't know."""
    order, source_ids = _order_ids(rows, customer)
    first = np.zeros(len(source_ids), np.int64)
    first[order[::-1]] = np.arange(len(order))[::-1]
    by_spelling = np.empty(len(source_ids), np.int64)
    by_spelling[sorted_positions(source_ids)] = np.arange(len(source_ids))
    sorting = np.lexsort((by_spelling, rows.day[first]))
    place = np.empty_like(sorting)
    place[sorting] = np.arange(len(sorting))
    order, first = place[order], first[sorting]
    raw = _word_of("status", rows, order, len(first))
    status, unknown = _statuses(raw, known)
    table = pd.DataFrame(
        {
            "source_id": source_ids[sorting],
            "customer": customer[first],
            "ordered_on": rows.day[first].astype("datetime64[D]"),
            "status": status,
            "status_raw": pd.Series(_cut(raw, "status_raw"), dtype=object),  # keeps None from becoming NaN
            "currency": rows.currency.words[rows.currency.codes[first]],
            "channel": pd.Series(_cut(_word_of("channel", rows, order, len(first)), "channel"), dtype=object),
            "is_refund": _are_refunds(order, rows.amount_minor, len(first)),
        }
    )
    return order, first, table, unknown


def _order_ids(rows: OrderRows, customer: Codes) -> tuple[Codes, Words]:
    """Per row which order it belongs to, and the orders' ids; "<customer>@<day>" where the file has none."""
    own, words = sorted_codes(rows.order)
    bare = np.flatnonzero(own < 0)
    if not len(bare):
        return own, words
    which, (who, day) = distinct_rows(customer[bare], rows.day[bare])
    names = np.append(sorted_codes(rows.customer)[1], "")
    days = day.astype("datetime64[D]").astype(str)
    made = np.array([f"{names[person]}@{text}" for person, text in zip(who, days, strict=True)], object)
    own[bare] = which + len(words)
    return own, np.concatenate([words, made])


def _are_refunds(order: Codes, amount_minor: Codes, orders: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Orders whose lines come to less than nothing and hold nothing sold."""
    total, sold = np.zeros(orders, np.int64), np.zeros(orders, bool)
    np.add.at(total, order, amount_minor)
    sold[order[amount_minor > 0]] = True
    return (total < 0) & ~sold


def _word_of(field: str, rows: OrderRows, owner: Codes, owners: int) -> Words:
    """Each owner's word in a column, None where the file has no such column."""
    if field not in rows.columns:
        return np.full(owners, None, object)
    return latest_word(owner, owners, rows.columns[field], rows.day)


def _statuses(raw: Words, known: Mapping[str, OrderStatus]) -> tuple[Words, Mask]:
    """Normalised statuses, paid where there is no word or one that we don't know; and where that is so."""
    meaning = {word: known.get(word.casefold()) or read_status(word) for word in set(raw) if word is not None}
    statuses = np.array([str(meaning.get(word) or OrderStatus.PAID) for word in raw], object)
    return statuses, np.array([word is not None and meaning[word] is None for word in raw], bool)


def _status_note(words: Words, choices: StatusChoices) -> tuple[str, ...]:
    """Which words for a status are not known, and what is done with their orders."""
    what = {Treatment.COUNT: "count as paid", Treatment.STORE: "are kept and not counted, as you chose"}
    if not len(words) or choices.unknown not in what:
        return ()
    shown = ", ".join(repr(word) for word in sorted(set(words))[:5])
    return (f"Orders with the status {shown} {what[choices.unknown]}.",)


def _cut(words: Words, field: str) -> Words:
    """Words no longer than their column."""
    return np.array([None if word is None else word[: LONGEST[field]] for word in words] + [None], object)[:-1]
