"""Names, phones and e-mail addresses without what people write now so, now so: what two spellings have in common."""

import re
import unicodedata

__all__ = ["fold_name", "local_part", "phone_tail", "sorted_name"]

TAIL_DIGITS = 8  # of a telephone number: area and line, whatever stands before them
LEAST_DIGITS = 6
_NO_LETTERS = re.compile(r"[\W_]+")
_NO_DIGITS = re.compile(r"\D+")


def fold_name(name: str | None) -> str:
    """A name in small letters, without accents, marks and doubled blanks; "" for none.

    >>> fold_name("  Ana-Sofía  BERG. "), fold_name("ＡＮＡ　Berg"), fold_name("王 小明"), fold_name(None)
    ('ana sofia berg', 'ana berg', '王 小明', '')
    """
    if not name:
        return ""
    if name.isascii():
        return _NO_LETTERS.sub(" ", name.lower()).strip()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return _NO_LETTERS.sub(" ", unicodedata.normalize("NFC", bare)).strip()


def sorted_name(folded: str) -> str:
    """The parts of a folded name in one order, so that "Berg, Ana" is "Ana Berg".

    >>> sorted_name("berg ana") == sorted_name("ana berg")
    True
    """
    return " ".join(sorted(folded.split()))


def phone_tail(phone: str | None) -> str:
    """The last digits of a telephone number; "" where there are too few to tell anybody by.

    >>> phone_tail("+49 30 901820") == phone_tail("030/901820"), phone_tail("110")
    (True, '')
    """
    digits = _NO_DIGITS.sub("", phone or "").lstrip("0")
    return digits[-TAIL_DIGITS:] if len(digits) >= LEAST_DIGITS else ""


def local_part(email: str | None) -> str:
    """What stands before the @ of an address, without dots and what follows a plus.

    >>> local_part("Ana.Berg+shop@example.com")
    'anaberg'
    """
    return (email or "").strip().casefold().partition("@")[0].partition("+")[0].replace(".", "")
