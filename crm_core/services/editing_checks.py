"""Whether a cell that the owner typed can be stored: what it is stored as, or a sentence with the way out.

Every check takes the text and gives the value to store; CrmError carries the sentence, without saying whose cell it is.
"""

import re
import unicodedata
from datetime import date

import phonenumbers

from crm_core.errors import CrmError
from crm_core.importing.amounts import read_numbers
from crm_core.importing.phones import region_of
from crm_core.importing.text_table import TextColumn
from crm_core.vocabulary import OrderStatus
from crm_core.wording import day, minor_units

__all__ = [
    "FIRST_DAY",
    "check_amount",
    "check_birthday",
    "check_day",
    "check_email",
    "check_phone",
    "check_status",
    "check_text",
    "phone_as_known",
]

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2200, 12, 31)
LONGEST_EMAIL = 191
EMAIL = re.compile(r"[^\s@,;<>()\[\]\"]+@[^\s@.,;<>()\[\]\"_]+(?:\.[^\s@.,;<>()\[\]\"_]+)+")


def check_text(value: str | None, *, longest: int) -> str | None:
    """Text without blanks around it and without control characters; None where nothing is left.

    >>> check_text("  Ana Berg ", longest=255), check_text("  ", longest=9)
    ('Ana Berg', None)
    >>> check_text("abc", longest=2)
    Traceback (most recent call last):
        ...
    crm_core.errors.CrmError: 'abc' is too long: 3 characters, and there is room for 2. Shorten it.
    """
    kept = "".join(letter for letter in value or "" if unicodedata.category(letter) not in ("Cc", "Cs"))
    text = kept.strip()
    if len(text) > longest:
        shown = text if len(text) <= 40 else text[:37] + "..."
        raise CrmError(f"'{shown}' is too long: {len(text)} characters, and there is room for {longest}. Shorten it.")
    return text or None


def check_email(value: str | None) -> str | None:
    """An e-mail address as typed.

    >>> check_email("Ana@Example.com")
    'Ana@Example.com'
    >>> check_email("ana@example")
    Traceback (most recent call last):
        ...
    crm_core.errors.CrmError: 'ana@example' is not an e-mail address. Write it like ana@example.com, or leave it blank.
    """
    text = check_text(value, longest=LONGEST_EMAIL)
    if text is not None and (not EMAIL.fullmatch(text) or ".." in text):
        raise CrmError(f"'{text}' is not an e-mail address. Write it like ana@example.com, or leave it blank.")
    return text


def check_phone(value: str | None, *, country: str | None) -> str | None:
    """A telephone number in international format; without a country code it needs the customer's country.

    >>> check_phone("030 901820", country="Germany"), check_phone("+44 20 7946 0018", country=None)
    ('+49 30 901820', '+44 20 7946 0018')
    >>> check_phone("030 901820", country=None)
    Traceback (most recent call last):
        ...
    crm_core.errors.CrmError: '030 901820' has no country code, and the customer's country is not known.
    Write it like +49 30 901820, or fill in the country.
    """
    text = check_text(value, longest=64)
    if text is None:
        return None
    region = region_of(country)
    if region is None and not text.startswith(("+", "00")):
        reason = f"'{country}' is no country we know" if country else "the customer's country is not known"
        raise CrmError(
            f"'{text}' has no country code, and {reason}. Write it like +49 30 901820, or fill in the country."
        )
    typed = "+" + text[2:] if text.startswith("00") else text
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        where = f" in {country}" if country and not typed.startswith("+") else ""
        raise CrmError(
            f"'{text}' is not a telephone number{where}. "
            "Write it with its country code like +49 30 901820, or leave it blank."
        )
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def phone_as_known(phone: str) -> str:
    """A number that passed the check, as customers are recognised by it.

    >>> phone_as_known("+49 30 901820")
    '+4930901820'
    """
    return str(phonenumbers.format_number(phonenumbers.parse(phone, None), phonenumbers.PhoneNumberFormat.E164))


def check_birthday(value: date | None, *, today: date) -> date | None:
    """A day of birth.

    >>> check_birthday(date(2030, 1, 1), today=date(2026, 3, 14))
    Traceback (most recent call last):
        ...
    crm_core.errors.CrmError: 1 Jan 2030 is in the future. Write the day of birth, or leave it blank.
    """
    if value is not None and value > today:
        raise CrmError(f"{day(value)} is in the future. Write the day of birth, or leave it blank.")
    if value is not None and value < FIRST_DAY:
        raise CrmError(f"{day(value)} is before {day(FIRST_DAY)}. Write the day of birth, or leave it blank.")
    return value


def check_day(value: date | None) -> date:
    """The day of an order, which may be still to come."""
    if value is None:
        raise CrmError("the day is missing. Every order needs one.")
    if not FIRST_DAY <= value <= LAST_DAY:
        raise CrmError(f"{day(value)} is not between {day(FIRST_DAY)} and {day(LAST_DAY)}. Write the day of the order.")
    return value


def check_status(value: str | None) -> str:
    """One of an order's statuses.

    >>> check_status("paid")
    'paid'
    """
    if value not in set(OrderStatus):
        raise CrmError(f"'{value or ''}' is no status. Choose {', '.join(OrderStatus)}.")
    return str(value)


def check_amount(value: str | None, *, currency: str) -> int:
    """Whole currency as typed, in minor units, exactly.

    >>> check_amount("1,234.50", currency="EUR"), check_amount("12,5", currency="EUR")
    (123450, 1250)
    >>> check_amount("12.345", currency="EUR")
    Traceback (most recent call last):
        ...
    crm_core.errors.CrmError: '12.345' has more decimals than EUR has. Round it.
    """
    text = check_text(value, longest=64)
    if text is None:
        raise CrmError("the amount is missing. Write it like 12.50; 0 for nothing.")
    reading = read_numbers(TextColumn.of([text]))
    number, stated = reading.numbers[0], reading.currencies[0]
    if number is None:
        raise CrmError(f"'{text}' is not an amount. Write it like 12.50.")
    if stated is not None and stated != currency:
        raise CrmError(f"'{text}' is in {stated}, and the order is in {currency}. Write the amount in {currency}.")
    if number < 0:
        raise CrmError(f"'{text}' is less than nothing. An order's amount is 0 or more; money given back is a refund.")
    minor = number * minor_units(currency)
    if minor != minor.to_integral_value():
        raise CrmError(f"'{text}' has more decimals than {currency} has. Round it.")
    return int(minor)
