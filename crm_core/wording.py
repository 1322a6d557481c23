"""Numbers as words: money, counts, shares and days the way an owner reads them.

Imports nothing of ours. Money comes in integer minor units and leaves with its currency's own number of decimals.
"""

from datetime import date
from decimal import Decimal
from math import isfinite

from babel.dates import format_date
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_currency_symbol,
)

__all__ = ["count", "currency_symbol", "day", "major", "minor_units", "money", "money_range", "plural", "share"]

LOCALE = "en"
UNKNOWN = "unknown"


def minor_units(currency: str) -> int:
    """Minor units in one major unit: 100 for EUR, 1 for JPY.

    >>> minor_units("EUR"), minor_units("JPY")
    (100, 1)
    """
    return int(10 ** get_currency_precision(currency))


def major(amount_minor: float, currency: str) -> float:
    """An amount in major units, for axes and number columns.

    >>> major(123450, "EUR")
    1234.5
    """
    return float(amount_minor) / minor_units(currency)


def currency_symbol(currency: str) -> str:
    """The sign an owner writes before an amount.

    >>> currency_symbol("GBP")
    '£'
    """
    return str(get_currency_symbol(currency, locale=LOCALE))


def money(amount_minor: float | None, currency: str, *, exact: bool = False) -> str:
    """Money with sensible digits: whole units from 100 on, cents below; all of them when exact.

    >>> money(64012, "EUR"), money(4850, "EUR"), money(64012, "EUR", exact=True), money(None, "EUR")
    ('€640', '€48.50', '€640.12', 'unknown')
    """
    if amount_minor is None or not isfinite(amount_minor):
        return UNKNOWN
    units = minor_units(currency)
    amount = Decimal(round(amount_minor)) / units
    if not exact and (abs(amount) >= 100 or amount == amount.to_integral_value()):
        return str(
            format_currency(round(amount), currency, format="¤#,##0;-¤#,##0", locale=LOCALE, currency_digits=False)
        )
    return str(format_currency(amount, currency, locale=LOCALE))


def money_range(low_minor: float, high_minor: float, currency: str) -> str:
    """Two amounts with the digits of the larger one.

    >>> money_range(5860, 42840, "EUR"), money_range(0, 950, "EUR")
    ('€59 – €428', '€0 – €9.50')
    """
    if abs(high_minor) >= 100 * minor_units(currency):
        units = minor_units(currency)
        low_minor, high_minor = round(low_minor / units) * units, round(high_minor / units) * units
    return f"{money(low_minor, currency)} – {money(high_minor, currency)}"


def count(number: float) -> str:
    """A whole number with thousands separated.

    >>> count(12345)
    '12,345'
    """
    return str(format_decimal(round(number), locale=LOCALE))


def plural(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun.

    >>> plural(1, "day"), plural(1200, "day"), plural(2, "person", "people")
    ('1 day', '1,200 days', '2 people')
    """
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def share(value: float | None, *, digits: int = 0) -> str:
    """A share of 0..1 as per cent.

    >>> share(0.482), share(None)
    ('48%', 'unknown')
    """
    if value is None or not isfinite(value):
        return UNKNOWN
    return str(format_percent(value, format="#,##0." + "0" * digits + "%" if digits else "#,##0%", locale=LOCALE))


def day(value: date | None) -> str:
    """A calendar day.

    >>> day(date(2026, 3, 14)), day(None)
    ('14 Mar 2026', 'unknown')
    """
    return UNKNOWN if value is None else str(format_date(value, "d MMM y", locale=LOCALE))
