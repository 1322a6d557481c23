"""Numbers for rows that have none of their own: made of what they say, and which of several equal ones it is."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence

__all__ = ["CONTENT_MARK", "LONGEST_NUMBER", "content_numbers", "short_number"]

CONTENT_MARK = "~"
LONGEST_NUMBER = 160


def content_numbers(rows: Iterable[Sequence[object]]) -> list[str]:
    """One number per row; equal rows count up, so that a file twice brings the same numbers again.

    >>> first, second, other = content_numbers([("ana", "tea"), ("ana", "tea"), ("ana", "cup")])
    >>> first[:-1] == second[:-1], first[-1], second[-1], other == first
    (True, '0', '1', False)
    """
    seen: Counter[str] = Counter()
    numbers = []
    for row in rows:
        print_ = _hash(row)
        numbers.append(f"{CONTENT_MARK}{print_}.{seen[print_]}")
        seen[print_] += 1
    return numbers


def short_number(number: str) -> str:
    """A number that fits its column.

    >>> short_number("77/How was it?"), len(short_number("x" * 300))
    ('77/How was it?', 33)
    """
    return number if len(number) <= LONGEST_NUMBER else CONTENT_MARK + _hash([number])


def _hash(cells: Sequence[object]) -> str:
    text = json.dumps([None if cell is None else str(cell) for cell in cells], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
