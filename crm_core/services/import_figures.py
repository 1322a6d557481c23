"""The figures of a file of orders that preview and report share."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm_core.importing.dates import DateOrder
from crm_core.importing.orders import StagedOrders
from crm_core.importing.record_rows import StagedRecords
from crm_core.wording import minor_units, money, plural

__all__ = [
    "PREVIEW_ROWS",
    "beyond_lines",
    "day_span",
    "exact_amount",
    "first_lines",
    "notes_on_days",
    "notes_on_reading",
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
    notes = list(notes_on_reading(staged))
    later = staged.orders["ordered_on"].to_numpy().astype("datetime64[D]") > np.datetime64(today)
    if later.any():
        notes.append(f"{plural(int(later.sum()), 'order')} dated after today: no figure counts it before its day.")
    return tuple(notes)


def notes_on_reading(staged: StagedOrders | StagedRecords) -> tuple[str, ...]:
    """Which of several readings of the days was taken."""
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
    return tuple(notes)


def _example_words(staged: StagedOrders | StagedRecords) -> str:
    if not staged.day_examples:
        return ""
    example = staged.day_examples[0]
    taken, other = (f"{day.day} {day:%B %Y}" for day in example.days[:2])
    return f": {example.written} is {taken}, not {other}"


def day_span(staged: StagedOrders, counted: Mask) -> tuple[date | None, date | None]:
    """The first and the last day of the counted lines, None when there are none."""
    days = staged.orders["ordered_on"].iloc[staged.lines["order"].to_numpy()[counted]]
    return (None, None) if days.empty else (days.min().date(), days.max().date())


def first_lines(staged: StagedOrders) -> pd.DataFrame:
    """The first lines as they would be stored, [row, customer, order, day, product, quantity, amount, currency]."""
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
