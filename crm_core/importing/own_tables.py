"""The tables that Regulars itself writes and takes back as they were: their columns, and what is stored of each."""

from collections.abc import Iterable
from dataclasses import dataclass

from crm_core.importing.presets import plain_name

__all__ = ["CUSTOMER", "ORDER", "OWN_TABLES", "PRODUCT", "OwnColumn", "OwnTable", "find_own_table"]

PERSON_FIELDS = "name email phone postcode country channel"


@dataclass(frozen=True)
class OwnColumn:
    """A column of an export. field: what it is stored as; reads: "text", "day", "moment", "number", "money", "line" or
    "known by"; must: whether every row has it."""

    name: str
    field: str
    reads: str = "text"
    must: bool = False


@dataclass(frozen=True)
class OwnTable:
    """An export that can be brought back. kind: what its rows are; table: where they are stored; needs: columns by
    which it is recognised."""

    name: str
    kind: str
    table: str
    columns: tuple[OwnColumn, ...]
    needs: tuple[str, ...]


CUSTOMER = ("customer_source", "customer")  # who a row is of: the source's name for them; likewise
ORDER = ("order_source", "order")
PRODUCT = ("product_source", "product")


def _texts(names: str, **fields: str) -> tuple[OwnColumn, ...]:
    return tuple(OwnColumn(name, fields.get(name, name)) for name in names.split())


def _person(must: bool) -> tuple[OwnColumn, ...]:
    return (OwnColumn("customer_id", CUSTOMER[1], must=must), OwnColumn("customer_source", CUSTOMER[0], must=must))


NUMBER = OwnColumn("source", "source", must=True)
DAY = OwnColumn("day", "day", "day", must=True)
CURRENCY = OwnColumn("currency", "currency", must=True)
HEADER = (
    OwnColumn("order_id", "source_id", must=True),
    NUMBER,
    DAY,
    OwnColumn("status", "status", must=True),
    *_texts("status_raw channel"),
    CURRENCY,
    *_person(must=False),
    OwnColumn("name", "person"),
)

OWN_TABLES = (
    OwnTable(
        "customers",
        "customers",
        "customers",
        (
            OwnColumn("customer_id", "source_id", must=True),
            NUMBER,
            *_texts(PERSON_FIELDS),
            OwnColumn("birthday", "birthday", "day"),
            OwnColumn("archived_at", "archived_at", "moment"),
            OwnColumn("also_known_as", "identities", "known by"),
        ),
        ("customer_id", "source", "archived_at", "also_known_as"),
    ),
    OwnTable(
        "order_lines",
        "orders",
        "orders",
        (
            *HEADER,
            *_texts("product_id product product_source", product_id=PRODUCT[1], product="product_name"),
            OwnColumn("quantity", "quantity", "number"),
            OwnColumn("amount", "amount_minor", "money"),
            OwnColumn("line", "line", "line"),
        ),
        ("order_id", "customer_source", "product_source", "line", "amount"),
    ),
    OwnTable(
        "orders",
        "orders",
        "orders",
        (*HEADER, OwnColumn("total", "amount_minor", "money"), OwnColumn("refunded", "refunded_minor", "money")),
        ("order_id", "customer_source", "lines", "total", "refunded"),
    ),
    OwnTable(
        "refunds",
        "orders",
        "refunds",
        (
            OwnColumn("refund_id", "source_id", must=True),
            NUMBER,
            OwnColumn("order_id", ORDER[1]),
            OwnColumn("order_source", ORDER[0]),
            *_person(must=False),
            OwnColumn("day", "refunded_on", "day", must=True),
            OwnColumn("amount", "amount_minor", "money", must=True),
            CURRENCY,
        ),
        ("refund_id", "order_source", "customer_source"),
    ),
    OwnTable(
        "products",
        "products",
        "products",
        (
            OwnColumn("product_id", "source_id", must=True),
            NUMBER,
            *_texts("name category currency"),
            OwnColumn("price", "price_minor", "money"),
            OwnColumn("cost", "cost_minor", "money"),
            OwnColumn("archived_at", "archived_at", "moment"),
        ),
        ("product_id", "source", "archived_at"),
    ),
    OwnTable(
        "interactions",
        "interactions",
        "interactions",
        (
            *_person(must=True),
            OwnColumn("name", "person"),
            *_texts("interaction_id source", interaction_id="source_id"),
            OwnColumn("day", "happened_on", "day", must=True),
            OwnColumn("channel", "channel", must=True),
            OwnColumn("minutes", "minutes", "number"),
            OwnColumn("note", "note"),
        ),
        ("customer_source", "channel", "minutes", "note"),
    ),
    OwnTable(
        "tickets",
        "tickets",
        "tickets",
        (
            *_person(must=True),
            OwnColumn("name", "person"),
            *_texts("ticket_id source status channel", ticket_id="source_id"),
            OwnColumn("opened", "opened_on", "day", must=True),
            OwnColumn("subject", "subject", must=True),
            OwnColumn("first_response_minutes", "first_response_minutes", "number"),
            OwnColumn("resolved", "resolved_on", "day"),
        ),
        ("customer_source", "opened", "subject", "first_response_minutes"),
    ),
    OwnTable(
        "surveys",
        "surveys",
        "survey_answers",
        (
            *_person(must=True),
            OwnColumn("name", "person"),
            *_texts("answer_id source", answer_id="source_id"),
            OwnColumn("day", "answered_on", "day", must=True),
            OwnColumn("question", "question", must=True),
            OwnColumn("score", "score", "number", must=True),
        ),
        ("customer_source", "question", "score"),
    ),
    OwnTable(
        "custom_fields",
        "customers",
        "custom_fields",
        (
            OwnColumn("customer_id", "customer"),
            OwnColumn("product_id", "product"),
            OwnColumn("order_id", "order"),
            OwnColumn("field", "field", must=True),
            OwnColumn("value", "value", must=True),
            NUMBER,
        ),
        ("customer_id", "product_id", "order_id", "field", "value"),
    ),
)


def find_own_table(header: Iterable[str]) -> OwnTable | None:
    """The export of ours that a file with these columns is, in whatever order and with whatever others.

    >>> found = find_own_table(["Question", "score", "customer_source", "day", "customer_id"])
    >>> found.name, find_own_table(["customer_id", "date", "amount"]) is None
    ('surveys', True)
    """
    there = {plain_name(name) for name in header}
    must = [(own, {*own.needs, *(column.name for column in own.columns if column.must)}) for own in OWN_TABLES]
    return next((own for own, names in must if names <= there), None)
