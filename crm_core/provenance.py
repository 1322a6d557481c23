"""Where a number came from: method, size of the data, day and source."""

from dataclasses import dataclass
from datetime import date

__all__ = ["Provenance"]


@dataclass(frozen=True)
class Provenance:
    """Travels with every result, so that a page can say how it was made."""

    method: str
    customers: int
    orders: int
    as_of: date
    seed: int | None = None
    source: str = ""
