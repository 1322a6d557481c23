"""Names of months and weekdays in English, German, French, Spanish and Italian, full and short."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from babel import Locale

__all__ = ["is_weekday", "month_of"]

LANGUAGES = ("en", "de", "fr", "es", "it")
ALSO = {"sept": 9, "mrz": 3, "maer": 3, "maerz": 3, "janv": 1, "janner": 1}  # written, but not in CLDR


def month_of(name: str) -> int | None:
    """The number of the month that a name means in one of the languages, in any case, with or without accents.

    >>> month_of("March"), month_of("MÄRZ"), month_of("févr."), month_of("agosto"), month_of("sept"), month_of("may be")
    (3, 3, 2, 8, 9, None)
    """
    return _months().get(_folded(name))


def is_weekday(name: str) -> bool:
    """Whether the name is a weekday's.

    >>> is_weekday("Tue"), is_weekday("Dienstag"), is_weekday("mar."), is_weekday("March")
    (True, True, True, False)
    """
    return _folded(name) in _weekdays()


@cache
def _months() -> dict[str, int]:
    found = dict(ALSO)
    for language in LANGUAGES:
        for names in _widths(Locale(language).months):
            found |= {_folded(name): number for number, name in names.items()}
    return found


@cache
def _weekdays() -> frozenset[str]:
    every = [names.values() for language in LANGUAGES for names in _widths(Locale(language).days)]
    return frozenset(_folded(name) for names in every for name in names)


def _widths(forms: Mapping[str, Any]) -> list[dict[int, str]]:
    """The full and the short names, within a date and alone."""
    return [forms[use][width] for use in ("format", "stand-alone") for width in ("wide", "abbreviated")]


def _folded(name: str) -> str:
    """A name without case, accents and full stop."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).rstrip(".")
