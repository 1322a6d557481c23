"""The figures of a file of orders that preview and report share."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm_core.importing.dates import DateOrder
from crm_core.importing.orders import StagedOrders
from crm_core.importing.record_rows import StagedRecords
from crm_core.importing.report import GIVEN_BACK
from crm_core.vocabulary import OrderStatus
from crm_core.wording import minor_units, money, plural

__all__ = [
    "PREVIEW_ROWS",
    "beyond_lines",
    "day_span",
    "exact_amount",
    "first_lines",
    "notes_on_days",
    "notes_on_reading",
    "parts_of",
    "sums_of",
    "totals_in_words",
    "totals_of",
]

PREVIEW_ROWS = 20
FIRST_PART: dict[DateOrder, str] = {"dmy": "day", "mdy": "month", "ymd": "year"}
NUMBER_WORDS: dict[DateOrder, str] = {
    "excel1900": "Its days are bare numbers and were read as Excel counts days (45292 is 1 January 2024). "
    "Where the workbook counts from 1904, as old ones made on a Mac do, say --dates excel1904.",
    "excel1904": "Its days are bare numbers and were read as Excel counts days from 1904 (43830 is 1 January 2024).",
    "unix": "Its days are bare numbers and were read as seconds or milliseconds since 1970, in UTC; they fall on the "
    "days of your time zone.",
}
Mask = npt.NDArray[np.bool_]
Sums = Mapping[tuple[str, str], int]  # (currency, status of its order or GIVEN_BACK) -> minor units


def sums_of(staged: StagedOrders, counted: Mask, beyond: Sums | None = None) -> Sums:
    """What the counted lines come to, by currency and status of their orders; refunds are "given back", below 0.

    ``beyond``: money that is in no line, alike.
    """
    lines, orders = staged.lines[counted], staged.orders
    amounts, is_there = np.zeros(len(orders), np.int64), np.zeros(len(orders), bool)
    is_there[lines["order"].to_numpy()] = True
    np.add.at(amounts, lines["order"].to_numpy(), lines["amount_minor"].to_numpy())
    part = np.where(orders["is_refund"], GIVEN_BACK, orders["status"]).astype(object)
    of_order = pd.DataFrame({"currency": orders["currency"].to_numpy(object), "part": part, "amount": amounts})
    sums: Counter[tuple[str, str]] = Counter()
    for (code, name), total in of_order[is_there].groupby(["currency", "part"])["amount"].sum().items():
        sums[code, name] += int(total)
    for key, more in (beyond or {}).items():
        sums[key] += more
    return dict(sums)


def totals_of(sums: Sums) -> dict[str, str]:
    """Per currency what all parts come to.

    >>> totals_of({("EUR", "paid"): 1250, ("EUR", "given back"): -250})
    {'EUR': '10.00'}
    """
    totals: Counter[str] = Counter()
    for (code, _), amount in sums.items():
        totals[code] += amount
    return {code: exact_amount(total, code) for code, total in sorted(totals.items())}


def parts_of(sums: Sums) -> dict[str, dict[str, str]]:
    """Per currency the parts that come to something, the paid ones first.

    >>> parts_of({("EUR", "given back"): -250, ("EUR", "paid"): 1250})
    {'EUR': {'paid': '12.50', 'given back': '-2.50'}}
    """
    codes = sorted({code for code, _ in sums})
    order = [*map(str, OrderStatus), GIVEN_BACK]
    return {
        code: {part: exact_amount(sums[code, part], code) for part in order if sums.get((code, part))} for code in codes
    }


def beyond_lines(staged: StagedOrders) -> Sums:
    """What a platform states of whole orders more than their lines say, and what was given back."""
    if staged.stated.empty:
        return {}
    stated = staged.stated.set_index("order")
    in_lines = staged.lines.groupby("order")["amount_minor"].sum().reindex(stated.index, fill_value=0)
    more = (stated["total_minor"] - in_lines).fillna(stated["extras_minor"]).fillna(0)
    of_order = staged.orders.iloc[stated.index]
    sums: Counter[tuple[str, str]] = Counter()
    for code, status, extra, less in zip(
        of_order["currency"], of_order["status"], more, stated["refunded_minor"], strict=True
    ):
        sums[code, status] += int(extra)
        sums[code, GIVEN_BACK] -= int(less)
    return dict(sums)


def exact_amount(amount_minor: int, currency: str) -> str:
    """All digits, as text.

    >>> exact_amount(1250, "GBP"), exact_amount(-5, "EUR"), exact_amount(7, "JPY")
    ('12.50', '-0.05', '7')
    """
    units = minor_units(currency)
    return f"{Decimal(amount_minor) / units:.{len(str(units)) - 1}f}"


def totals_in_words(totals: Mapping[str, str], parts: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Totals for reading, with what each is made of where that is more than sales.

    >>> totals_in_words({"EUR": "1234.50", "JPY": "7"}, {"JPY": {"paid": "7"}})
    '€1,234.50 and ¥7'
    >>> totals_in_words({"EUR": "12.00"}, {"EUR": {"paid": "10.00", "pending": "5.00", "given back": "-3.00"}})
    '€12.00, of which €7.00 count as sales (€10.00 paid, -€3.00 given back; €5.00 pending not counted)'
    """
    return " and ".join(_in_words(text, code) + _parts_in_words(parts, code) for code, text in totals.items())


def _parts_in_words(parts: Mapping[str, Mapping[str, str]] | None, code: str) -> str:
    made_of = (parts or {}).get(code, {})
    if set(made_of) <= {OrderStatus.PAID}:
        return ""
    sales = {part: text for part, text in made_of.items() if part in (OrderStatus.PAID, GIVEN_BACK)}
    beside = {part: text for part, text in made_of.items() if part not in sales}
    total = _in_words(str(sum(map(Decimal, sales.values()))), code)
    words = [", ".join(f"{_in_words(text, code)} {part}" for part, text in some.items()) for some in (sales, beside)]
    return f", of which {total} count as sales ({words[0]}{'; ' if all(words) else ''}" + (
        f"{words[1]} not counted)" if beside else ")"
    )


def _in_words(text: str, code: str) -> str:
    return money(int(Decimal(text) * minor_units(code)), code, exact=True)


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
            f"{_example_words(staged)}. Where that is wrong, say --dates {' or '.join(staged.dates_fit[1:])}."
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
    """The first lines as they would be stored, [row, customer, order, day, status, product, quantity, amount,
    currency]; a status where some order of the file is not plainly paid.."""
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
            **({"status": _status_words(orders)} if staged.status_groups else {}),
            "product": products[lines["product"].to_numpy()],
            "quantity": lines["quantity"].to_numpy(),
            "amount": [exact_amount(cents, code) for cents, code in zip(lines["amount_minor"], currency, strict=True)],
            "currency": currency,
        }
    )


def _status_words(orders: pd.DataFrame) -> "npt.NDArray[np.object_]":
    """What each order counts as; one of which all was given back says so."""
    words = np.where(orders["group"] == "", orders["status"], orders["group"])
    return np.where(orders["is_refund"], "refund", words).astype(object)
