"""The declared tables. What an owner's shop knows, and what Regulars adds to it.

Money is integer minor units beside a currency code; days are DATE in the shop's zone, times are UTC; identifiers,
phones and postcodes are text. Keys are surrogate integers with the source's own id unique beside them.
``import_id`` names the import that inserted a row, so that undo can take it back.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_core.store.edit_tables import Edit, EditChange
from crm_core.store.offer_tables import NeverOffered, Offer
from crm_core.store.segment_tables import Segment, Snapshot, Standing
from crm_core.store.table_base import IDENTIFIER, LONG_TEXT, SHORT, WITHOUT_ROWID, Base

__all__ = [
    "Action",
    "Base",
    "CustomField",
    "Customer",
    "DifferentPeople",
    "Edit",
    "EditChange",
    "Identity",
    "ImportRun",
    "Interaction",
    "JournalEntry",
    "ModelFit",
    "NeverOffered",
    "Offer",
    "Order",
    "OrderLine",
    "Prediction",
    "Product",
    "Refund",
    "RejectedRow",
    "RepeatedLine",
    "RepeatedRow",
    "Revision",
    "Segment",
    "Setting",
    "Snapshot",
    "Standing",
    "SurveyAnswer",
    "Ticket",
]


class ImportRun(Base):
    """One file taken in; ``undone_at`` is set once it was taken back."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(SHORT)
    source: Mapped[str] = mapped_column(IDENTIFIER)
    kind: Mapped[str] = mapped_column(SHORT)
    finished_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    row_count: Mapped[int]
    accepted_count: Mapped[int]
    duplicate_count: Mapped[int]
    rejected_count: Mapped[int]
    report: Mapped[dict[str, Any]] = mapped_column(JSON)


class RejectedRow(Base):
    """A row of a file that was not accepted: its original cells and the reason."""

    __tablename__ = "import_rejected_rows"

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    row_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(Text)
    cells: Mapped[dict[str, Any]] = mapped_column(JSON)


class JournalEntry(Base):
    """One field that an import changed in a row that was there before; undo puts ``before`` back."""

    __tablename__ = "import_journal"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), index=True)
    table_name: Mapped[str] = mapped_column(SHORT)
    row_id: Mapped[int]
    field: Mapped[str] = mapped_column(SHORT)
    before: Mapped[Any] = mapped_column(JSON)
    after: Mapped[Any] = mapped_column(JSON)


class RepeatedLine(Base):
    """A line that a later import brought again: undo of the first import keeps it and hands it over."""

    __tablename__ = "import_repeated_lines"
    __table_args__ = WITHOUT_ROWID

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    fingerprint: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    occurrence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)


class RepeatedRow(Base):
    """Any other row (a refund, say) that a later import brought again; undo treats it like a repeated line."""

    __tablename__ = "import_repeated_rows"

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    table_name: Mapped[str] = mapped_column(SHORT, primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Customer(Base):
    """A person or firm that buys, or may."""

    __tablename__ = "customers"
    __table_args__ = (UniqueConstraint("source", "source_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(IDENTIFIER)
    source_id: Mapped[str] = mapped_column(IDENTIFIER)
    name: Mapped[str | None] = mapped_column(String(255))
    email: Mapped[str | None] = mapped_column(String(255))
    phone: Mapped[str | None] = mapped_column(SHORT)
    postcode: Mapped[str | None] = mapped_column(SHORT)
    country: Mapped[str | None] = mapped_column(String(100))
    birthday: Mapped[date | None]
    channel: Mapped[str | None] = mapped_column(SHORT)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)
    archived_at: Mapped[datetime | None]  # put away: no longer looked after, but their past still counts


class Identity(Base):
    """One way to recognise a customer: an e-mail (lower case, trimmed), a phone (E.164) or a source's id."""

    __tablename__ = "customer_identities"
    __table_args__ = (UniqueConstraint("kind", "issuer", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))  # "email", "phone" or "source"
    issuer: Mapped[str] = mapped_column(IDENTIFIER)  # the source for kind "source", else ""
    value: Mapped[str] = mapped_column(IDENTIFIER)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)


class DifferentPeople(Base):
    """Two customers who look alike and are not the same person, as the owner said: never suggested again."""

    __tablename__ = "different_people"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))  # the smaller number
    second_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)


class CustomField(Base):
    """A column of a file that is kept under its name, of a customer, a product or an order."""

    __tablename__ = "custom_fields"
    __table_args__ = (
        UniqueConstraint("customer_id", "name"),
        UniqueConstraint("product_id", "name"),
        UniqueConstraint("order_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(IDENTIFIER)
    value: Mapped[str] = mapped_column(LONG_TEXT)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)


class Product(Base):
    """Something sold."""

    __tablename__ = "products"
    __table_args__ = (UniqueConstraint("source", "source_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(IDENTIFIER)
    source_id: Mapped[str] = mapped_column(IDENTIFIER)
    name: Mapped[str | None] = mapped_column(String(255))
    category: Mapped[str | None] = mapped_column(String(255))
    price_minor: Mapped[int | None] = mapped_column(BigInteger)
    cost_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))  # of price and cost
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)
    archived_at: Mapped[datetime | None]  # put away: no longer sold, so no longer recommended


class Order(Base):
    """An order's header. ``amount_minor`` is the sum of its lines, kept here so that facts need no lines."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index("ix_orders_facts", "customer_id", "ordered_on", "status", "currency", "amount_minor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(IDENTIFIER)
    source_id: Mapped[str] = mapped_column(IDENTIFIER)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))  # None: a guest order
    ordered_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(16))  # vocabulary.OrderStatus
    status_raw: Mapped[str | None] = mapped_column(SHORT)
    currency: Mapped[str] = mapped_column(String(3))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    channel: Mapped[str | None] = mapped_column(SHORT)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)


class OrderLine(Base):
    """A signed item of an order, known by its content and which of several equal ones it is (from 0)."""

    __tablename__ = "order_lines"
    __table_args__ = WITHOUT_ROWID

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    fingerprint: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    occurrence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"), index=True)
    quantity: Mapped[float | None]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"))


class Refund(Base):
    """Money given back on a day; ``amount_minor`` is positive and reduces revenue, never creates an order."""

    __tablename__ = "refunds"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index("ix_refunds_facts", "customer_id", "refunded_on", "currency", "amount_minor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(IDENTIFIER)
    source_id: Mapped[str] = mapped_column(IDENTIFIER)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    refunded_on: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)


class Interaction(Base):
    """A conversation with a customer. ``source`` and ``source_id`` make it known again; None where it was typed in."""

    __tablename__ = "interactions"
    __table_args__ = (Index("uq_interactions_number", "source", "source_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    happened_on: Mapped[date]
    channel: Mapped[str] = mapped_column(SHORT)
    minutes: Mapped[float | None]  # None: nobody wrote down how long it took
    note: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(IDENTIFIER)
    source_id: Mapped[str | None] = mapped_column(IDENTIFIER)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)


class Ticket(Base):
    """A request for help. ``first_response_minutes`` is None while nobody has answered."""

    __tablename__ = "tickets"
    __table_args__ = (Index("uq_tickets_number", "source", "source_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    opened_on: Mapped[date]
    subject: Mapped[str] = mapped_column(String(255))
    first_response_minutes: Mapped[float | None]
    resolved_on: Mapped[date | None]
    status: Mapped[str | None] = mapped_column(String(16))  # vocabulary.TicketStatus
    channel: Mapped[str | None] = mapped_column(SHORT)
    source: Mapped[str | None] = mapped_column(IDENTIFIER)
    source_id: Mapped[str | None] = mapped_column(IDENTIFIER)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)


class SurveyAnswer(Base):
    """An answer on a 0..1 scale, 1 best."""

    __tablename__ = "survey_answers"
    __table_args__ = (Index("uq_survey_answers_number", "source", "source_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    answered_on: Mapped[date]
    question: Mapped[str] = mapped_column(String(255))
    score: Mapped[float]
    source: Mapped[str | None] = mapped_column(IDENTIFIER)
    source_id: Mapped[str | None] = mapped_column(IDENTIFIER)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)


class Action(Base):
    """What the owner did with one suggestion, known by customer, kind and episode across recomputations."""

    __tablename__ = "actions"
    __table_args__ = (UniqueConstraint("customer_id", "kind", "episode"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(SHORT)  # vocabulary.ActionKind
    episode: Mapped[str] = mapped_column(IDENTIFIER)  # for example the day of the order that started the wait
    state: Mapped[str] = mapped_column(String(16))  # vocabulary.ActionState
    snoozed_until: Mapped[date | None]
    decided_at: Mapped[datetime]


class ModelFit(Base):
    """A fitted model's parameters, known by what it was fitted on."""

    __tablename__ = "model_fits"
    __table_args__ = (UniqueConstraint("model", "revision", "as_of", "horizon_days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(SHORT)
    revision: Mapped[int]
    as_of: Mapped[date]
    horizon_days: Mapped[int]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime]


class Prediction(Base):
    """A figure that was shown to the owner; never changed afterwards, so that it can be graded."""

    __tablename__ = "predictions"
    __table_args__ = (UniqueConstraint("customer_id", "quantity", "model", "as_of", "horizon_days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    quantity: Mapped[str] = mapped_column(SHORT)  # for example "at_stake_minor"
    model: Mapped[str] = mapped_column(SHORT)
    as_of: Mapped[date]
    horizon_days: Mapped[int]
    value: Mapped[float]
    low: Mapped[float | None]
    high: Mapped[float | None]
    currency: Mapped[str] = mapped_column(String(3))


class Setting(Base):
    """One choice of the owner's."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(SHORT, primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class Revision(Base):
    """A single row: how often the analytical input has changed."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
