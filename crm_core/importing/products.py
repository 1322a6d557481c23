"""A list of products, ready to be stored: each once, with what it costs."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

from crm_core.importing.amounts import NumberReading, read_numbers
from crm_core.importing.choices import ImportChoices, Reading
from crm_core.importing.columns import check_mapping
from crm_core.importing.content_numbers import LONGEST_NUMBER
from crm_core.importing.kept_columns import columns_to_keep, keep_values
from crm_core.importing.money_columns import MOST_MINOR
from crm_core.importing.order_rows import KNOWN_CURRENCIES, NO_CURRENCY
from crm_core.importing.rejections import RejectedRow, Rejections
from crm_core.importing.sources import Source
from crm_core.importing.text_table import Codes, TextColumn, Words
from crm_core.wording import minor_units

__all__ = ["StagedProducts", "stage_products"]

NAMELESS = " has neither a product's number nor its name. Fill in one and import the file again."
NO_PRICE = "is not a price. Write it like 12.50 and import the file again."
LONGEST = 255
PRICES = ("price", "cost")
YENS = frozenset({"JPY", "CNY"})
DOLLARS = frozenset("USD CAD AUD NZD SGD HKD MXN CLP COP ARS".split())


@dataclass(frozen=True)
class StagedProducts:
    """What one file says.

    products: [source_id, has_number: of its own and not its name, name, category, price_minor, cost_minor, currency],
    by source_id; of several rows the first filled cell counts. product_of_row: per accepted row its product's
    position; row_numbers: those of the file. kept: the columns that are kept, [owner: position, name, value].
    """

    rows: int
    products: pd.DataFrame
    product_of_row: Codes
    row_numbers: Codes
    kept: pd.DataFrame
    rejected: list[RejectedRow]
    notes: tuple[str, ...]
    decimals_read_as: str
    currency_is_stated: bool


def stage_products(source: Source, reading: Reading, choices: ImportChoices) -> StagedProducts:
    """Type and check the rows of a list of products, and join those of one number, else of one name."""
    rows = _Rows(source, reading)
    keep = columns_to_keep(source.table, source.mapping, choices)
    cells = rows.cells()
    kept_rows = np.flatnonzero(~rows.rejections.mask)
    table = pd.DataFrame({name: words[kept_rows] for name, words in cells.items()}, dtype=object)
    products = table.groupby("source_id", sort=True).first().reset_index().astype(object)
    products = products.where(products.notna(), None)
    place = pd.Index(products["source_id"], dtype=object).get_indexer(pd.Index(table["source_id"], dtype=object))
    owners = np.full(len(source.table), -1, np.int64)
    owners[kept_rows] = place
    return StagedProducts(
        rows=len(source.table) + len(source.table.broken),
        products=products,
        product_of_row=np.asarray(place, np.int64),
        row_numbers=source.table.row_numbers[kept_rows],
        kept=keep_values(source.table, keep, owners),
        rejected=rows.rejections.rows(),
        notes=source.table.notes,
        decimals_read_as=rows.decimals,
        currency_is_stated=rows.currency_is_stated,
    )


class _Rows:
    """A file's rows, cell by cell."""

    def __init__(self, source: Source, reading: Reading) -> None:
        check_mapping(source.mapping, file_name=source.table.file_name)
        self.table, self.reading = source.table, reading
        self.names = dict(source.mapping.columns)
        self.rejections = Rejections(self.table)
        self.decimals, self.currency_is_stated = "", True

    def cells(self) -> dict[str, Words]:
        """Every field of every row, None where it is blank; what can't be read is among the rejections."""
        number, name = self._column("product_id"), self._column("product_name")
        known = number.or_else(name)
        self.rejections.add(known.codes < 0, lambda _position: NAMELESS)
        long = np.array([len(word) > LONGEST_NUMBER for word in known.words] + [False], bool)
        problem = f" has a number longer than {LONGEST_NUMBER} characters. Shorten it and import the file again."
        self.rejections.add(long[known.codes], lambda _position: problem)
        there = [field for field in PRICES if field in self.names]
        prices = {field: read_numbers(self._column(field)) for field in there}
        currency = self._currency(prices)
        priced = np.zeros(len(self.table), bool)
        found = {
            "source_id": _each(known),
            "has_number": (number.codes >= 0).astype(object),
            "name": _each(name),
            "category": _each(self._column("category")),
        }
        for field in PRICES:
            minor = self._minor(field, prices.get(field), currency)
            found[f"{field}_minor"] = minor
            priced |= np.array([amount is not None for amount in minor], bool)
        found["currency"] = currency.copy()
        found["currency"][~priced] = None
        return found

    def _column(self, field: str) -> TextColumn:
        if field not in self.names:
            return TextColumn(np.full(len(self.table), -1), np.empty(0, object))
        return self.table.columns[self.names[field]]

    def _currency(self, prices: dict[str, NumberReading]) -> Words:
        """Each row's currency: the owner's word, its own column, beside its price, else the usual one."""
        given, usual = self.reading.currency, self.reading.default_currency
        column = self._column("currency").in_upper_case()
        unknown = np.array([word not in KNOWN_CURRENCIES for word in column.words] + [False], bool)
        if len(column.words):
            self.rejections.add_cell(unknown[column.codes], self.names["currency"], NO_CURRENCY)
        stated = _each(column)
        for field, reading in prices.items():
            signs = [_known_sign(sign, given or usual) for sign in reading.currencies]
            beside = np.array([*signs, None], object)[self._column(field).codes]
            stated = np.where(stated == None, beside, stated)  # noqa: E711 -- cell by cell
        self.currency_is_stated = given is not None or not prices or all(code is not None for code in stated)
        filled: Words = np.array([given or code or usual for code in stated] + [None], object)[:-1]
        return filled

    def _minor(self, field: str, reading: NumberReading | None, currency: Words) -> Words:
        """Each row's price in minor units of its currency, None where it states none."""
        found: Words = np.full(len(self.table), None, object)
        if reading is None:
            return found
        self.decimals = self.decimals or reading.read_as
        codes = self._column(field).codes
        for at in np.flatnonzero((codes >= 0) & ~self.rejections.mask):
            number = reading.numbers[codes[at]]
            exact = None if number is None else number * Decimal(minor_units(str(currency[at])))
            if exact is not None and 0 <= exact < MOST_MINOR:
                found[at] = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
        unreadable = np.array([cell is None for cell in found], bool) & (codes >= 0)
        self.rejections.add_cell(unreadable, self.names[field], NO_PRICE)
        return found


def _each(column: TextColumn) -> Words:
    words = np.array([*(str(word)[:LONGEST] for word in column.words), None], object)
    found: Words = words[column.codes]
    return found


def _known_sign(code: str | None, usual: str) -> str | None:
    """What a sign beside a price means here: a $ is the shop's own dollar."""
    if code is None:
        return None
    if any(code in family and usual in family for family in (DOLLARS, YENS)):
        return usual
    return code if code in KNOWN_CURRENCIES else None
