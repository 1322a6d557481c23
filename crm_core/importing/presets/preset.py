"""What is known of one platform's export, declared: whoever adds a platform writes one of these."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crm_core.importing.dates import DateOrder
from crm_core.importing.kinds import ImportKind
from crm_core.vocabulary import OrderStatus

__all__ = ["TRUE", "Name", "Preset", "Rows", "Sum", "plain_name"]

TRUE = ("1", "true", "yes", "y")
Name = str | tuple[str, ...]  # a column, or several of which each row's first filled cell counts


@dataclass(frozen=True)
class Rows:
    """Rows by what stands in a column: one of ``words`` in any case; no words: anything at all.

    ``within``: the cell only has to hold one of them. ``but``: all rows except those.
    """

    column: str
    words: tuple[str, ...] = ()
    within: bool = False
    but: bool = False


@dataclass(frozen=True)
class Sum:
    """Money from several columns: ``of``, ``times`` a quantity, ``plus`` some, ``less`` some (whatever their sign).

    ``of``: the first of its columns that is there. ``sign_beside``: a column whose currency sign holds for the sum.
    ``blank``: what a blank ``of`` counts as; other blank cells add nothing.
    """

    of: Name
    times: str | None = None
    plus: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    sign_beside: str | None = None
    blank: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every column it may take."""
        more = (self.times, *self.plus, *self.less, self.sign_beside)
        return (*((self.of,) if isinstance(self.of, str) else self.of), *[name for name in more if name])


@dataclass(frozen=True)
class Preset:
    """One kind of export. It is recognised by ``needs``: columns that must be there (of a tuple, one of them).

    kind: what its rows are; only orders have an amount and what follows from it. columns: field -> column.
    one_row_per_order: rows repeat an order only by mistake, and ``amount`` is its total;
    else a row is a line of an order. fill_down: what holds for an order stands on its first row only.
    keep_out: rows that are no sale, and why. marks: rows whose status is another word, unless money was given back.
    total: a column with what the whole order came to; extras: what is added to its lines once.
    refunded: a column with what was given back so far; after_refunds: one with what then remains of the total;
    fully_refunded: orders of which all was given back. refund_rows: rows that are refunds (without it, where there
    is one row per order, those below zero); refund_id and refund_of: their own number, and their order's;
    refund_columns: fields that stand elsewhere in them. product_where: rows whose product is one product.
    day_in_utc: times without a zone are of UTC. rules: sentences for the owner.
    """

    source: str
    title: str
    needs: tuple[Name, ...]
    columns: Mapping[str, Name]
    rules: tuple[str, ...]
    amount: Sum | None = None
    kind: ImportKind = ImportKind.ORDERS
    statuses: Mapping[str, OrderStatus] = field(default_factory=dict)
    marks: tuple[tuple[Rows, str], ...] = ()
    keep_out: tuple[tuple[Rows, str], ...] = ()
    one_row_per_order: bool = False
    fill_down: bool = False
    total: str | None = None
    extras: Sum | None = None
    refunded: str | None = None
    after_refunds: str | None = None
    fully_refunded: Rows | None = None
    refund_rows: Rows | None = None
    refund_id: str | None = None
    refund_of: str | None = None
    refund_columns: Mapping[str, str] = field(default_factory=dict)
    product_where: Rows | None = None
    currency: str | None = None
    dates: DateOrder | None = None
    day_in_utc: bool = False


def plain_name(column: str) -> str:
    """A column's name without case and needless blanks.

    >>> plain_name(" Created  (UTC) ")
    'created (utc)'
    """
    return " ".join(column.casefold().split())
