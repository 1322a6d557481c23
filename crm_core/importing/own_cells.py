"""Cells of our own exports, read back exactly as they were written."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

__all__ = ["READERS", "Identity", "known_by_text", "line_name", "read_known_by"]

Identity = tuple[str, str, str]  # kind (email, phone or source), issuer, value
NUMBER = "number"  # how the kind "source" is written
KEPT = re.compile(r"[\\;/]")
PARTS = re.compile(r"(?:[^;\\]|\\.)+", re.DOTALL)
SLASH = re.compile(r"((?:[^/\\]|\\.)*)/(.*)", re.DOTALL)
LINE = re.compile(r"L([0-9a-f]{1,16})-(\d{1,9})")
MOST_MINOR = 10**15


def line_name(fingerprint: int, occurrence: int) -> str:
    """How an order's line is named in an export.

    >>> line_name(31, 2), READERS["line"][0]("L1f-2")
    ('L1f-2', (31, 2))
    """
    return f"L{fingerprint:x}-{occurrence}"


def known_by_text(identities: list[Identity]) -> str | None:
    """Ways to recognise somebody as one cell; None without any.

    >>> known_by_text([("email", "", "ana@x.org"), ("source", "stripe", "cus;9")])
    'email=ana@x.org; number=stripe/cus\\\\;9'
    """
    parts = []
    for kind, issuer, value in identities:
        plain = f"{_kept(issuer)}/{_kept(value)}" if kind == "source" else _kept(value)
        parts.append(f"{NUMBER if kind == 'source' else kind}={plain}")
    return "; ".join(parts) or None


def read_known_by(text: str) -> tuple[Identity, ...]:
    """What ``known_by_text`` was given; ValueError for any other text.

    >>> read_known_by('email=ana@x.org; number=stripe/cus\\\\;9')
    (('email', '', 'ana@x.org'), ('source', 'stripe', 'cus;9'))
    """
    found = []
    for part in PARTS.findall(text):
        kind, equals, value = part.removeprefix(" ").partition("=")
        if kind == NUMBER and (match := SLASH.fullmatch(value)):
            found.append(("source", _bare(match[1]), _bare(match[2])))
        elif equals and kind in ("email", "phone"):
            found.append((kind, "", _bare(value)))
        else:
            raise ValueError(text)
    return tuple(found)


def _kept(text: str) -> str:
    return KEPT.sub(lambda match: "\\" + match[0], text)


def _bare(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date() if len(text) > len("2026-01-01") else date.fromisoformat(text)


def _number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


def _money(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not amount.is_finite() or abs(amount) >= MOST_MINOR:
        raise ValueError(text)
    return amount


def _line(text: str) -> tuple[int, int]:
    match = LINE.fullmatch(text)
    if not match or int(match[1], 16) >= 2**63:
        raise ValueError(text)
    return int(match[1], 16), int(match[2])


READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "text": (str, ""),
    "day": (_day, "is not a day like 2026-03-14"),
    "moment": (datetime.fromisoformat, "is not a time like 2026-03-14 09:30:00"),
    "number": (_number, "is not a number like 1.5"),
    "money": (_money, "is not an amount like 12.50"),
    "line": (_line, "is not the name of a line like L1f-0"),
    "known by": (read_known_by, "is not a list like email=ana@shop.example; number=shop/17"),
}
