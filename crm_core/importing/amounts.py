"""Amounts and quantities as shops write them, read exactly. Point or comma is decided for the whole column."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from crm_core.importing.text_table import TextColumn

__all__ = ["DecimalMark", "NumberReading", "read_numbers"]

DecimalMark = Literal["point", "comma"]
SIGNS = {
    "US$": "USD", "CA$": "CAD", "C$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "R$": "BRL",
    "€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY", "￥": "JPY", "元": "CNY", "₹": "INR", "₽": "RUB", "₺": "TRY",
    "₩": "KRW", "zł": "PLN", "Kč": "CZK", "Fr.": "CHF",
}  # fmt: skip
CURRENCY = "|".join([re.escape(sign) for sign in SIGNS] + [r"[A-Z]{3}"])
SHAPE = re.compile(
    rf"(?P<open>\()?\s*(?P<minus>[-\u2212+])?\s*(?P<before>{CURRENCY})?\s*(?P<minus2>[-\u2212+])?\s*"
    rf"(?P<digits>[.,]?\d(?:[\d.,'\u2019\u00a0\u202f ]*\d)?)(?:[.,][-\u2013]{{1,2}})?\s*"  # 12,- has no cents
    rf"(?P<minus3>[-\u2212])?\s*(?P<after>{CURRENCY})?\s*(?P<close>\))?"
)
GAPS = re.compile(r"['\u2019\u00a0\u202f ]")
PLAIN = {
    "point": re.compile(r"(?:\d+|\d{1,3}(?:,\d{2,3})*,\d{3})?(?:\.\d+)?"),
    "comma": re.compile(r"(?:\d+|\d{1,3}(?:\.\d{2,3})*\.\d{3})?(?:,\d+)?"),
}
MOST_DIGITS = 15  # beyond them minor units no longer fit a 64-bit integer with room to add up


@dataclass(frozen=True)
class NumberReading:
    """``numbers`` and ``currencies``: one per word of the column, None where it is no number or names no currency."""

    numbers: list[Decimal | None]
    currencies: list[str | None]
    read_as: DecimalMark


def read_numbers(column: TextColumn) -> NumberReading:
    """Each word's exact number: thousands separated or not, currency before or after, minus or parentheses.

    >>> reading = read_numbers(TextColumn.of(["1.234,50 €", "(0,99)", "7", "many"]))
    >>> [str(number) for number in reading.numbers], reading.read_as, reading.currencies[0]
    (['1234.50', '-0.99', '7', 'None'], 'comma', 'EUR')
    >>> [str(number) for number in read_numbers(TextColumn.of(["1,234.50", "-$3", "1,234"])).numbers]
    ['1234.50', '-3', '1234']
    """
    shapes = [SHAPE.fullmatch(word) for word in column.words]
    digits = [GAPS.sub("", shape["digits"]) if shape else "" for shape in shapes]
    mark = _decide(digits)
    numbers = [_number(shape, text, mark) if shape else None for shape, text in zip(shapes, digits, strict=True)]
    return NumberReading(numbers, [_currency(shape) for shape in shapes], mark)


def _decide(digits: list[str]) -> DecimalMark:
    """What most of the telling words say; "1,234" alone tells nothing, and a point is the default."""
    point = comma = 0
    for text in digits:
        last_point, last_comma = text.rfind("."), text.rfind(",")
        if last_point >= 0 and last_comma >= 0:
            point, comma = point + (last_point > last_comma), comma + (last_comma > last_point)
        elif last_point >= 0:
            many = text.count(".") > 1
            point, comma = point + (not many and len(text) - last_point != 4), comma + many
        elif last_comma >= 0:
            many = text.count(",") > 1
            point, comma = point + many, comma + (not many and len(text) - last_comma != 4)
    return "comma" if comma > point else "point"


def _number(shape: re.Match[str], digits: str, mark: DecimalMark) -> Decimal | None:
    if not PLAIN[mark].fullmatch(digits) or bool(shape["open"]) != bool(shape["close"]):
        return None
    plain = digits.replace(",", "") if mark == "point" else digits.replace(".", "").replace(",", ".")
    if len(plain.partition(".")[0].lstrip("0")) > MOST_DIGITS:
        return None
    minus = [sign for sign in (shape["minus"], shape["minus2"], shape["minus3"]) if sign]
    if len(minus) > 1 or (minus and shape["open"]):
        return None
    negative = bool(shape["open"]) or (bool(minus) and minus[0] != "+")
    return -Decimal(plain) if negative else Decimal(plain)


def _currency(shape: re.Match[str] | None) -> str | None:
    sign = (shape["before"] or shape["after"]) if shape else None
    return SIGNS.get(sign, sign) if sign else None
