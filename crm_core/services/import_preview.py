"""A look at a file before it is stored, and the figures that preview and report share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm_core.errors import ImportFileError
from crm_core.importing.column_content import Evidence
from crm_core.importing.columns import ColumnMapping
from crm_core.importing.dates import DATE_ORDERS, DateOrder
from crm_core.importing.order_rows import KNOWN_CURRENCIES
from crm_core.importing.orders import StagedOrders
from crm_core.importing.reader import read_table
from crm_core.importing.sources import recognise_source, stage_source
from crm_core.services.preferences import zone_of
from crm_core.wording import minor_units, money, plural

__all__ = [
    "ImportPreview",
    "day_span",
    "exact_amount",
    "known_currency",
    "known_date_order",
    "notes_on_days",
    "preview_import",
    "totals_in_words",
    "totals_of",
]

PREVIEW_ROWS = 20
FIRST_PART: dict[DateOrder, str] = {"dmy": "day", "mdy": "month", "ymd": "year"}
NUMBER_WORDS: dict[DateOrder, str] = {
    "excel1900": "Its days are bare numbers and were read as Excel counts days (45292 is 1 January 2024). "
    "Where the workbook counts from 1904, as old ones made on a Mac do, choose excel1904.",
    "excel1904": "Its days are bare numbers and were read as Excel counts days from 1904 (43830 is 1 January 2024).",
    "unix": "Its days are bare numbers and were read as seconds or milliseconds since 1970, in UTC; they fall on the "
    "days of your time zone.",
}
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ImportPreview:
    """What a file would bring, seen by itself. ``staged`` is None while a needed column is missing.

    ``lines``: the first 20 rows as they would be stored, [row, customer, order, day, product, quantity, amount,
    currency].
    """

    file_name: str
    mapping: ColumnMapping
    staged: StagedOrders | None
    lines: pd.DataFrame
    totals: dict[str, str]
    first_day: date | None
    last_day: date | None
    source: str = ""  # which platform's export it is, and by which rules it is read
    evidence: Mapping[str, Evidence] = field(default_factory=dict)  # per field why its column was taken


def preview_import(
    file: bytes | str | Path,
    *,
    file_name: str,
    mapping: Mapping[str, str | None] | None = None,
    currency: str | None = None,
    default_currency: str = "EUR",
    dates: str | None = None,
    time_zone: str = "",
) -> ImportPreview:
    """Read a file without storing anything; a missing column is shown, not raised."""
    table = read_table(file, file_name=file_name)
    source = recognise_source(table, mapping)
    columns = source.mapping
    if columns.missing:
        return ImportPreview(file_name, columns, None, pd.DataFrame(), {}, None, None, source.words, source.evidence)
    staged = stage_source(
        source,
        currency=known_currency(currency),
        default_currency=default_currency,
        dates=known_date_order(dates),
        zone=zone_of(time_zone),
    )
    counted = np.ones(len(staged.lines), bool)
    first_day, last_day = day_span(staged, counted)
    lines, totals = _first_lines(staged), totals_of(staged, counted, beyond_lines(staged))
    return ImportPreview(file_name, columns, staged, lines, totals, first_day, last_day, source.words, source.evidence)


def totals_of(staged: StagedOrders, counted: Mask, beyond: Mapping[str, int] | None = None) -> dict[str, str]:
    """What the counted lines come to, per currency; ``beyond``: money that is in no line."""
    lines = staged.lines[counted]
    currency = staged.orders["currency"].to_numpy(object)[lines["order"].to_numpy()]
    sums = lines["amount_minor"].groupby(currency).sum().to_dict()
    for code, more in (beyond or {}).items():
        sums[code] = sums.get(code, 0) + more
    return {code: exact_amount(int(total), code) for code, total in sorted(sums.items())}


def beyond_lines(staged: StagedOrders) -> dict[str, int]:
    """Per currency what a platform states of whole orders more than their lines say, less what was given back."""
    if staged.stated.empty:
        return {}
    stated = staged.stated.set_index("order")
    in_lines = staged.lines.groupby("order")["amount_minor"].sum().reindex(stated.index, fill_value=0)
    more = (stated["total_minor"] - in_lines).fillna(stated["extras_minor"]).fillna(0) - stated["refunded_minor"]
    sums = more.groupby(staged.orders["currency"].to_numpy(object)[stated.index]).sum()
    return {str(code): int(total) for code, total in sums.items()}


def exact_amount(amount_minor: int, currency: str) -> str:
    """All digits, as text.

    >>> exact_amount(1250, "GBP"), exact_amount(-5, "EUR"), exact_amount(7, "JPY")
    ('12.50', '-0.05', '7')
    """
    units = minor_units(currency)
    return f"{Decimal(amount_minor) / units:.{len(str(units)) - 1}f}"


def totals_in_words(totals: Mapping[str, str]) -> str:
    """Totals for reading.

    >>> totals_in_words({"EUR": "1234.50", "JPY": "7"})
    '€1,234.50 and ¥7'
    """
    parts = [money(int(Decimal(text) * minor_units(code)), code, exact=True) for code, text in totals.items()]
    return " and ".join(parts)


def notes_on_days(staged: StagedOrders, *, today: date) -> tuple[str, ...]:
    """What the owner should know about the days: which of two readings was taken, and rows of the future."""
    notes = []
    if staged.dates_are_ambiguous:
        readings = {2: "two", 3: "three"}[len(staged.dates_fit)]
        first = FIRST_PART[staged.dates_read_as]
        notes.append(
            f"Its days fit {readings} readings and were read {first} first ({staged.dates_read_as})"
            f"{_example_words(staged)}. Where that is wrong, choose {' or '.join(staged.dates_fit[1:])}."
        )
    if staged.dates_read_as in NUMBER_WORDS:
        notes.append(NUMBER_WORDS[staged.dates_read_as])
    later = staged.orders["ordered_on"].to_numpy().astype("datetime64[D]") > np.datetime64(today)
    if later.any():
        notes.append(f"{plural(int(later.sum()), 'order')} dated after today: no figure counts it before its day.")
    return tuple(notes)


def _example_words(staged: StagedOrders) -> str:
    if not staged.day_examples:
        return ""
    example = staged.day_examples[0]
    taken, other = (f"{day.day} {day:%B %Y}" for day in example.days[:2])
    return f": {example.written} is {taken}, not {other}"


def day_span(staged: StagedOrders, counted: Mask) -> tuple[date | None, date | None]:
    """The first and the last day of the counted lines, None when there are none."""
    days = staged.orders["ordered_on"].iloc[staged.lines["order"].to_numpy()[counted]]
    return (None, None) if days.empty else (days.min().date(), days.max().date())


def _first_lines(staged: StagedOrders) -> pd.DataFrame:
    lines = staged.lines.nsmallest(PREVIEW_ROWS, "row_number")
    orders = staged.orders.iloc[lines["order"].to_numpy()]
    names = np.array([*staged.customers["source_id"], "guest"], object)
    products = np.array([*staged.products["name"].fillna(staged.products["source_id"]), None], object)
    currency = orders["currency"].to_numpy(object)
    return pd.DataFrame(
        {
            "row": lines["row_number"].to_numpy(),
            "customer": names[orders["customer"].to_numpy()],
            "order": orders["source_id"].to_numpy(object),
            "day": orders["ordered_on"].to_numpy(),
            "product": products[lines["product"].to_numpy()],
            "quantity": lines["quantity"].to_numpy(),
            "amount": [exact_amount(cents, code) for cents, code in zip(lines["amount_minor"], currency, strict=True)],
            "currency": currency,
        }
    )


def known_currency(currency: str | None) -> str | None:
    """The code in capitals; ImportFileError when there is no such currency."""
    if currency is None:
        return None
    code = currency.strip().upper()
    if code not in KNOWN_CURRENCIES:
        raise ImportFileError(f"'{currency}' is not a currency code; write it like EUR, GBP or USD.")
    return code


def known_date_order(dates: str | None) -> DateOrder | None:
    """The order of day, month and year as asked; ImportFileError for any other word."""
    if dates is None:
        return None
    for order in DATE_ORDERS:
        if order == dates:
            return order
    raise ImportFileError(f"Dates can be read as {', '.join(DATE_ORDERS[:-1])} or {DATE_ORDERS[-1]}, not as '{dates}'.")
