"""The tables of recommendations: what was shown to whom and decided, and what is never offered."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_core.store.table_base import SHORT, Base

__all__ = ["NeverOffered", "Offer"]


class Offer(Base):
    """A product that was recommended for a customer on a day, and what was decided. Whether it was bought is in the
    orders alone."""

    __tablename__ = "offers"
    __table_args__ = (
        UniqueConstraint("customer_id", "product_id", "list_name", "shown_on"),
        Index("ix_offers_product_id", "product_id"),
        Index("ix_offers_shown_on", "shown_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    list_name: Mapped[str] = mapped_column(String(16))  # vocabulary.OfferList
    reason_kind: Mapped[str] = mapped_column(SHORT)  # vocabulary.OfferReason
    shown_on: Mapped[date]
    rank: Mapped[int]  # its place on the list, from 1
    within_days: Mapped[int]  # how long the owner then gave it to be bought
    state: Mapped[str] = mapped_column(String(16))  # vocabulary.OfferState
    decided_at: Mapped[datetime | None]


class NeverOffered(Base):
    """A product that the owner does not want to be recommended to anybody."""

    __tablename__ = "never_offered"
    __table_args__ = (UniqueConstraint("product_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    decided_at: Mapped[datetime]
