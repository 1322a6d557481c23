"""Telephone numbers as they are known everywhere: in E.164, or not at all."""

import re
from collections.abc import Iterable
from functools import cache

import phonenumbers
from babel import Locale

__all__ = ["as_e164", "as_number", "known_phones", "number_of_somebody", "region_of"]

FEWEST_DIGITS = 7  # of a number that is somebody's
PLAIN = re.compile(r"\+[1-9]\d{7,14}")
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "zh")
OTHER_NAMES = {"uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "usa": "US", "great britain": "GB"}


def region_of(country: str | None) -> str | None:
    """The two letters of a country, by its name in many languages or its code; None where it is none we know.

    >>> region_of("Deutschland"), region_of(" us "), region_of("Atlantis"), region_of(None)
    ('DE', 'US', None, None)
    """
    return _regions().get((country or "").strip().casefold())


def as_e164(phone: str, region: str | None) -> str | None:
    """A number in E.164; None where it is no number there, or one within a firm, which is several people's.

    A number without its country's code is read as dialled in ``region``, and has to be one that is given out there.

    >>> as_e164("030 901820", "DE"), as_e164("0044 20 7946 0018", None), as_e164("+4930901820", None)
    ('+4930901820', '+442079460018', '+4930901820')
    >>> as_e164("030 901820", None), as_e164("none", "DE"), as_e164("+49 30 901820 ext. 7", None)
    (None, None, None)
    """
    typed = phone.strip()
    if PLAIN.fullmatch(typed):
        return typed
    if typed.startswith("00"):
        typed = "+" + typed[2:]
    abroad = typed.startswith("+")
    if not abroad and region is None:
        return None
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return None
    is_number = phonenumbers.is_possible_number if abroad else phonenumbers.is_valid_number
    if number.extension or not is_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def as_number(phone: str | None) -> str | None:
    """A telephone number as somebody's number: digits alone.

    >>> as_number("+49 (30) 90-1820"), as_number("ask"), as_number(None)
    ('+4930901820', 'ask', None)
    """
    return phone and (re.sub(r"[^\d+]", "", phone) or phone)


def number_of_somebody(phone: str) -> str:
    """A telephone number that may stand for who has it; "" for words, short codes and one digit again and again.

    >>> number_of_somebody("(030) 90-1820"), number_of_somebody("none"), number_of_somebody("000 000 000")
    ('030901820', '', '')
    """
    digits = re.sub(r"\D", "", phone)
    return (as_number(phone) or "") if len(digits) >= FEWEST_DIGITS and len(set(digits)) > 1 else ""


def known_phones(
    phones: Iterable[str | None], countries: Iterable[str | None], usual_region: str | None
) -> list[str | None]:
    """Each number in E.164, read in its row's country, else in ``usual_region``; each different number once.

    >>> known_phones(["030 901820", "030 901820", None], ["Germany", None, "Germany"], "AT")
    ['+4930901820', None, None]
    """
    seen: dict[tuple[str, str | None], str | None] = {}
    found: list[str | None] = []
    for phone, country in zip(phones, countries, strict=True):
        if not phone:
            found.append(None)
            continue
        key = (phone, country)
        if key not in seen:
            seen[key] = as_e164(phone, (region_of(country) if country else None) or usual_region)
        found.append(seen[key])
    return found


@cache
def _regions() -> dict[str, str]:
    """Names and codes of countries, lower case, and their two letters."""
    regions = {code.casefold(): code for code in phonenumbers.SUPPORTED_REGIONS}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if code in phonenumbers.SUPPORTED_REGIONS:
                regions.setdefault(str(name).casefold(), code)
    return regions | OTHER_NAMES
