"""Money of several currencies in one: the base currency, the owner's rates, and the conversion inside the database.

Each order is converted by itself, in integers, to the nearest minor unit of the base currency (a half away from
zero), so that every database and Python come to the same amount. Money without a rate counts as nothing.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, literal

from crm_core.errors import CrmError
from crm_core.store.tables import Order, Refund
from crm_core.wording import minor_units

__all__ = ["Currencies"]

LARGEST = 2**62  # what numerator times denominator may come to, so that no step leaves 64 bits


@dataclass(frozen=True)
class Currencies:
    """The base currency, and what one unit of others is worth in it, as exact decimal text.

    >>> Currencies("EUR", (("USD", "0.92"),)).convert(124_000, "USD")
    114080
    >>> Currencies("EUR").convert(124_000, "USD") is None
    True
    """

    base: str
    rates: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for currency, factor in self._factors.items():
            if factor.numerator * factor.denominator > LARGEST:
                raise CrmError(
                    f"The rate {dict(self.rates)[currency]} for {currency} has too many digits; write fewer of them."
                )

    @classmethod
    def of(cls, currency: "str | Currencies") -> "Currencies":
        """A plain currency code is that currency without any rate."""
        return cls(currency) if isinstance(currency, str) else currency

    @cached_property
    def _factors(self) -> dict[str, Fraction]:
        """Minor units of the base currency per minor unit of each other."""
        own = minor_units(self.base)
        return {code: Fraction(Decimal(rate)) * own / minor_units(code) for code, rate in self.rates}

    def convert(self, amount_minor: int, currency: str) -> int | None:
        """An amount in minor units of the base currency; None where there is no rate."""
        if currency == self.base:
            return amount_minor
        if currency not in self._factors:
            return None
        exact = abs(amount_minor) * self._factors[currency]
        nearest = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
        return nearest if amount_minor >= 0 else -nearest

    def amount(self, table: type[Order] | type[Refund]) -> ColumnElement[int]:
        """The SQL for a row's amount in minor units of the base currency; 0 where there is no rate."""
        own = table.amount_minor
        cases: list[tuple[Any, Any]] = [(table.currency == self.base, own)]
        cases += [(table.currency == code, _times(own, factor)) for code, factor in self._factors.items()]
        return case(*cases, else_=0)

    def counts(self, table: type[Order] | type[Refund]) -> ColumnElement[bool]:
        """The SQL for whether a row's money counts."""
        return table.currency.in_([self.base, *self._factors]) if self.rates else table.currency == self.base


def _times(amount: Any, factor: Fraction) -> Any:
    """amount x factor, rounded; whole and rest apart, so that large amounts don't leave 64 bits."""
    above, below = _whole(factor.numerator), factor.denominator
    if below == 1:
        return amount * above
    rest = amount % _whole(below)
    half = case((amount >= 0, _whole(below // 2)), else_=_whole(-(below // 2)))
    raised = rest * above + half
    # only divisions that leave no remainder: what databases make of one differs
    return (amount - rest) // _whole(below) * above + (raised - raised % _whole(below)) // _whole(below)


def _whole(number: int) -> Any:
    return literal(number, BigInteger)
