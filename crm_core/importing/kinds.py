"""What the rows of a file may be, what every row of each kind needs, and how a kind is told from its columns.

A further kind is its fields and its needs in ``KINDS``, and one line in ``services/import_kinds.py``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from crm_core.errors import ImportFileError
from crm_core.importing.fields import Field
from crm_core.importing.order_fields import ORDER_FIELDS
from crm_core.importing.people_fields import PEOPLE_FIELDS
from crm_core.importing.product_fields import PRODUCT_FIELDS
from crm_core.importing.record_fields import INTERACTION_FIELDS, SURVEY_FIELDS, TICKET_FIELDS

__all__ = ["AUTO", "KINDS", "ImportKind", "KindRules", "fields_of", "known_kind"]

AUTO = "auto"
Need = tuple[tuple[str, ...], ...]  # alternatives, each of which is fields that have to be there together


class ImportKind(StrEnum):
    """What a file's rows are."""

    ORDERS = "orders"
    CUSTOMERS = "customers"
    PRODUCTS = "products"
    INTERACTIONS = "interactions"
    TICKETS = "tickets"
    SURVEYS = "surveys"


@dataclass(frozen=True)
class KindRules:
    """``needs``: what every row has. ``tells``: columns by which the kind is told where nobody says it (None: needs).

    ``of_people``: the need that a platform's export may leave open, because it names nobody. ``keeps_columns``:
    whether columns that mean nothing to us can be kept with its rows.
    """

    fields: tuple[Field, ...]
    needs: tuple[Need, ...]
    tells: tuple[Need, ...] | None = None
    of_people: Need | None = None
    keeps_columns: bool = True

    def missing(self, columns: Iterable[str], *, guests: bool = False) -> tuple[str, ...]:
        """The needed fields without a column: of alternatives, one that nothing or only a part is there of."""
        there = set(columns)
        needs = [need for need in self.needs if not (guests and need == self.of_people)]
        return tuple(_first_lacking(need, there) for need in needs if not _is_met(need, there))

    def is_told_by(self, columns: Iterable[str]) -> bool:
        """Whether recognised fields are enough to take a file for one of this kind."""
        there = set(columns)
        return all(_is_met(need, there) for need in self.tells or self.needs)

    def alternatives(self, field: str) -> Need:
        """The fields, alone or together, that would do for a missing one, itself first."""
        return next((need for need in self.needs if need[0] == (field,)), ((field,),))

    def needed_words(self, field: str) -> str:
        """A missing field with its alternatives.

        >>> KINDS[ImportKind.ORDERS].needed_words("amount")
        "'amount' (or 'unit_price' and 'quantity')"
        """
        need = self.alternatives(field)
        others = [" and ".join(f"'{name}'" for name in other) for other in need[1:]]
        if any(len(other) > 1 for other in need):
            return f"'{field}' (or {' or '.join(others)})"
        *most, last = [f"'{field}'", *others]
        return f"{', '.join(most)} or {last}" if most else last


WHO: Need = (("customer_id",), ("email",))
SOMEBODY: Need = (*WHO, ("phone",), ("customer_name",))
KINDS: dict[ImportKind, KindRules] = {  # in the order in which a file is tried
    ImportKind.ORDERS: KindRules(
        ORDER_FIELDS,
        needs=(SOMEBODY, (("day",),), (("amount",), ("unit_price", "quantity"))),
        of_people=SOMEBODY,
    ),
    ImportKind.TICKETS: KindRules(
        TICKET_FIELDS,
        needs=(SOMEBODY, (("opened",),), (("subject",), ("ticket_id",))),
        tells=(SOMEBODY, (("opened",),), (("subject",), ("ticket_id", "resolved"), ("ticket_id", "first_response"))),
        keeps_columns=False,
    ),
    ImportKind.SURVEYS: KindRules(
        SURVEY_FIELDS,
        needs=(SOMEBODY, (("day",),)),
        tells=(SOMEBODY, (("day",),), (("score",),)),
        keeps_columns=False,
    ),
    ImportKind.INTERACTIONS: KindRules(
        INTERACTION_FIELDS,
        needs=(SOMEBODY, (("day",),)),
        tells=(SOMEBODY, (("day",),), (("minutes",), ("channel", "note"), ("interaction_id",))),
        keeps_columns=False,
    ),
    ImportKind.PRODUCTS: KindRules(
        PRODUCT_FIELDS,
        needs=((("product_id",), ("product_name",)),),
        tells=((("product_id",), ("product_name",)), (("price",), ("cost",), ("category",))),
    ),
    ImportKind.CUSTOMERS: KindRules(
        PEOPLE_FIELDS,
        needs=((("customer_id",), ("email",), ("phone",), ("name",), ("first_name",), ("last_name",)),),
        tells=((("email",), ("phone",), ("name",), ("first_name",), ("last_name",)),),
    ),
}


def known_kind(word: str) -> ImportKind | None:
    """The kind that a word names, None for "auto"; ImportFileError for any other word.

    >>> known_kind("orders"), known_kind("auto")
    (<ImportKind.ORDERS: 'orders'>, None)
    """
    if word == AUTO:
        return None
    if word not in set(KINDS):
        raise ImportFileError(f"A file's rows can be {', '.join(KINDS)}, or told by themselves (auto), not '{word}'.")
    return ImportKind(word)


def _is_met(need: Need, there: set[str]) -> bool:
    return any(there.issuperset(fields) for fields in need)


def _first_lacking(need: Need, there: set[str]) -> str:
    best = next((fields for fields in need if fields[0] in there), need[0])
    return next(field for field in best if field not in there)


def fields_of(kind: ImportKind) -> Mapping[str, Field]:
    """A kind's fields by name."""
    return {field.name: field for field in KINDS[kind].fields}
