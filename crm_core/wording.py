"""Numbers as words: money, counts, shares and days the way an owner reads them.

Imports nothing of ours. Money comes in integer minor units and leaves with its currency's own number of decimals.
"""

from datetime import date
from decimal import Decimal
from math import floor, isfinite, log10

from babel.dates import format_date
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_currency_symbol,
)

__all__ = [
    "count",
    "currency_symbol",
    "day",
    "estimate",
    "major",
    "minor_units",
    "money",
    "money_range",
    "plural",
    "share",
]

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
    """Money with sensible digits: cents below 100, whole units from there, millions in words; all digits when exact.

    >>> money(64012, "EUR"), money(4850, "EUR"), money(64012, "EUR", exact=True), money(None, "EUR")
    ('€640', '€48.50', '€640.12', 'unknown')
    >>> money(921548600, "GBP")
    '£9.22 million'
    """
    if amount_minor is None or not isfinite(amount_minor):
        return UNKNOWN
    units = minor_units(currency)
    amount = Decimal(round(amount_minor)) / units
    if not exact and abs(amount) >= 1_000_000:
        return f"{format_currency(amount / 1_000_000, currency, format='¤#,##0.00;-¤#,##0.00', locale=LOCALE)} million"
    if not exact and (abs(amount) >= 100 or amount == amount.to_integral_value()):
        return str(
            format_currency(round(amount), currency, format="¤#,##0;-¤#,##0", locale=LOCALE, currency_digits=False)
        )
    return str(format_currency(amount, currency, locale=LOCALE))


def estimate(amount_minor: float | None, currency: str) -> str:
    """A predicted amount of money, with three digits that mean something.

    >>> estimate(4352149, "GBP"), estimate(9234, "EUR"), estimate(float("nan"), "EUR")
    ('£43,500', '€92.30', 'unknown')
    """
    if amount_minor is None or not isfinite(amount_minor) or amount_minor == 0:
        return money(amount_minor, currency)
    step = 10 ** max(floor(log10(abs(amount_minor))) - 2, 0)
    return money(round(amount_minor / step) * step, currency)


def money_range(low_minor: float, high_minor: float, currency: str) -> str:
    """Two predicted amounts with the digits of the larger one.

    >>> money_range(5860, 42840, "EUR"), money_range(0, 950, "EUR")
    ('€59 – €428', '€0 – €9.50')
    """
    if abs(high_minor) >= 100 * minor_units(currency):
        units = minor_units(currency)
        low_minor, high_minor = round(low_minor / units) * units, round(high_minor / units) * units
    return f"{estimate(low_minor, currency)} – {estimate(high_minor, currency)}"


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
