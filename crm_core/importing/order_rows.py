"""Rows of an orders file, typed: who, which order, what day, how many, how much; and what could not be read."""

import re
from dataclasses import dataclass
from datetime import tzinfo

import numpy as np
import numpy.typing as npt
from babel import Locale

from crm_core.importing.attributes import agree_within
from crm_core.importing.columns import ColumnMapping
from crm_core.importing.dates import DateOrder, DayReading, read_days
from crm_core.importing.money_columns import MOST_MINOR, Money, read_money
from crm_core.importing.phones import number_of_somebody
from crm_core.importing.rejections import Rejections
from crm_core.importing.text_table import Codes, TextColumn, TextTable

__all__ = ["KNOWN_CURRENCIES", "OrderRows", "read_order_rows"]

LONGEST_ID = 160
HAN, KANA = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[\u3040-\u30ff]")
KNOWN_CURRENCIES = frozenset(Locale("en").currencies)
DOLLARS = frozenset("USD CAD AUD NZD SGD HKD MXN CLP COP ARS".split())
YENS = frozenset({"JPY", "CNY"})
NO_DAY = "is not a calendar date. Write it like 2025-02-28, or choose how its days are written, and import again."
NO_NUMBER = "is not a number. Write it like 1234.50 and import the file again."
NO_CURRENCY = "is not a currency code. Write it like EUR and import the file again."


@dataclass(frozen=True)
class OrderRows:
    """One entry per accepted row. ``kept``: its position in the table; ``day``: days since 1970; -1 is unknown."""

    kept: Codes
    customer: TextColumn
    order: TextColumn
    day: Codes
    currency: TextColumn
    quantity: npt.NDArray[np.float64]
    amount_minor: Codes
    columns: dict[str, TextColumn]  # the accepted rows of every mapped column
    days: DayReading
    moved_days: int  # rows whose day in the owner's zone is another than the one written
    money: Money
    currency_is_stated: bool
    some_currency_is_stated: bool
    no_addresses: tuple[str, ...]  # words of the e-mail column that were left out
    rejections: Rejections


def read_order_rows(
    table: TextTable,
    mapping: ColumnMapping,
    *,
    currency: str | None,
    default_currency: str,
    dates: DateOrder | None,
    zone: tzinfo | None = None,
) -> OrderRows:
    """Every row typed or rejected. A blank customer, day or currency is that of the order's first row.

    Times that state their zone fall on the day that it is in ``zone``.
    """
    return _Typing(table, mapping, currency, default_currency).run(dates, zone)


class _Typing:
    """The steps from text to types, in the order in which a row may fail."""

    def __init__(self, table: TextTable, mapping: ColumnMapping, currency: str | None, default: str) -> None:
        self.names = dict(mapping.columns)
        self.columns = {field: table.columns[name] for field, name in self.names.items()}
        self.rejections = Rejections(table)
        self.size = len(table)
        self.given, self.default = currency, default
        self.yen = "CNY" if HAN.search("".join(table.header)) and not KANA.search("".join(table.header)) else "JPY"
        nothing = TextColumn(np.full(self.size, -1), np.empty(0, object))
        self.no_addresses: tuple[str, ...] = ()
        if "email" in self.columns:
            self.columns["email"] = self._addresses(self.columns["email"].in_lower_case())
        self.customer = self.columns.get("customer_id", nothing).or_else(self.columns.get("email", nothing))
        self.order = self.columns.get("order_id", nothing)
        self.money = read_money(self.columns)

    def run(self, dates: DateOrder | None, zone: tzinfo | None) -> OrderRows:
        self._reject_long_ids()
        days = read_days(self.columns["day"], order=dates, zone=zone)
        day, calendar = self._read_day(days)
        for field, rows in self.money.unreadable().items():
            self.rejections.add_cell(rows, self.names[field], NO_NUMBER)
        currency = self._read_currency()
        self.customer = self._customers()
        day = self._agree("day", TextColumn(day, calendar.astype(str).astype(object))).codes
        self.rejections.add_cell(day < 0, self.names["day"], NO_DAY)
        currency = self._agree("currency", currency)
        stated = self.given is not None or bool((currency.codes[~self.rejections.mask] >= 0).all())
        some = bool((currency.codes[~self.rejections.mask] >= 0).any())
        currency = currency.or_else(self._all_rows(self.given or self.default))
        amount = self.money.in_minor_units(currency, ~self.rejections.mask)
        self.rejections.add_cell(np.abs(amount) >= MOST_MINOR, self.names[self.money.factors[0][0]], NO_NUMBER)
        kept = np.flatnonzero(~self.rejections.mask)
        return OrderRows(
            kept=kept,
            customer=self.customer.rows(kept),
            order=self.order.rows(kept),
            day=calendar.astype(np.int64)[day[kept]],
            currency=currency.rows(kept),
            quantity=self.money.quantity[kept],
            amount_minor=amount[kept],
            columns={field: column.rows(kept) for field, column in self.columns.items()},
            days=days,
            moved_days=int(np.append(days.moved, False)[self.columns["day"].codes[kept]].sum()),
            money=self.money,
            currency_is_stated=stated,
            some_currency_is_stated=some,
            no_addresses=self.no_addresses,
            rejections=self.rejections,
        )

    def _customers(self) -> TextColumn:
        """Who bought, per row: as the order's first row names them, else by their telephone number."""
        named = self._agree("customer_id" if "customer_id" in self.names else "email", self.customer)
        if not {"customer_id", "email", "phone"} & set(self.names):
            return self._agree("customer_name", self._by_name())
        phone = self.columns.get("phone")
        if phone is None or bool((named.codes >= 0).all()):
            return named
        nobody = TextColumn(np.where(named.codes < 0, phone.codes, -1), phone.words)
        numbers = TextColumn.from_words([number_of_somebody(str(word)) for word in nobody.words], nobody.codes)
        return named.or_else(self._agree("phone", numbers))

    def _addresses(self, column: TextColumn) -> TextColumn:
        """The column without what is no e-mail address ("none", "walk-in"), which would join people."""
        words = [str(word) for word in column.words]
        self.no_addresses = tuple(sorted(word for word in words if "@" not in word[1:-1]))
        if not self.no_addresses:
            return column
        return TextColumn.from_words([word if "@" in word[1:-1] else "" for word in words], column.codes)

    def _by_name(self) -> TextColumn:
        """Where nothing else tells who bought: their name."""
        names = self.columns.get("customer_name", self._all_rows(None))
        return TextColumn.from_words(
            [str(word) if len(word) <= LONGEST_ID else "" for word in names.words], names.codes
        )

    def _reject_long_ids(self) -> None:
        for field in ("customer_id", "email", "order_id", "product_id"):
            if field in self.columns:
                column = self.columns[field]
                long = np.array([len(word) > LONGEST_ID for word in column.words] + [False], bool)
                problem = f"is longer than {LONGEST_ID} characters. Shorten it and import the file again."
                self.rejections.add_cell(long[column.codes], self.names[field], problem)

    def _read_day(self, days: DayReading) -> tuple[Codes, npt.NDArray[np.datetime64]]:
        """Per row the position of its day in the calendar of distinct days, -1 unknown."""
        calendar, position = np.unique(days.days, return_inverse=True)  # NaT comes last
        calendar = calendar[~np.isnat(calendar)]
        by_word = np.append(np.where(position < len(calendar), position, -1), -1)
        codes = self.columns["day"].codes
        day = by_word[codes]
        self.rejections.add_cell((day < 0) & (codes >= 0), self.names["day"], NO_DAY)
        return day, calendar

    def _read_currency(self) -> TextColumn:
        """The currency a row states: in its own column, else beside its amount; what the owner gave is for the rest."""
        beside = self.money.stated_currency()
        if "currency" in self.columns:
            own = self.columns["currency"].in_upper_case()
            unknown = np.array([word not in KNOWN_CURRENCIES for word in own.words] + [False], bool)
            self.rejections.add_cell(unknown[own.codes], self.names["currency"], NO_CURRENCY)
        else:
            own = self._all_rows(None)
        known = np.array([self._currency_of_sign(str(word)) for word in beside.words] or [""], object)
        beside = TextColumn.from_words(known, beside.codes)
        self._reject_other_signs(own, beside)
        return own.or_else(beside)

    def _currency_of_sign(self, code: str) -> str:
        """What a sign means here: a $ is the shop's own dollar, a ¥ under Chinese headings a yuan."""
        usual = self.given or self.default
        for family in (DOLLARS, YENS):
            if code in family and usual in family:
                return usual
        if code in YENS:
            return self.yen
        return code if code in KNOWN_CURRENCIES else ""

    def _reject_other_signs(self, own: TextColumn, beside: TextColumn) -> None:
        """An amount written in another currency than its row states."""
        place = {word: code for code, word in enumerate(own.words)}
        same = np.array([place.get(word, -1) for word in beside.words] + [-1], np.int64)
        families = DOLLARS | YENS
        plain = np.array([word not in families for word in beside.words] + [False], bool)
        both = (own.codes >= 0) & (beside.codes >= 0) & plain[beside.codes]
        problem = "is in another currency than its row or import says. Correct one of the two and import again."
        self.rejections.add_cell(
            both & (same[beside.codes] != own.codes), self.names[self.money.factors[0][0]], problem
        )

    def _agree(self, field: str, column: TextColumn) -> TextColumn:
        """The column with an order's blanks filled; rows that contradict their order's first row are rejected."""
        group = np.where(self.rejections.mask, -1, self.order.codes)
        agreed, contradicts = agree_within(group, column.codes)
        full = TextColumn(agreed, column.words)
        self.rejections.add(
            contradicts,
            lambda position: (
                f", column '{self.names.get(field, field)}': '{column.word(position)}', but order "
                f"'{self.order.word(position)}' began with '{full.word(position)}'. "
                "Give it an order number of its own, or correct the cell."
            ),
        )
        return full

    def _all_rows(self, word: str | None) -> TextColumn:
        if word is None:
            return TextColumn(np.full(self.size, -1), np.empty(0, object))
        return TextColumn(np.zeros(self.size, np.int64), np.array([word], object))
