"""The declared tables of the owner's own segments and of the monthly snapshots; ``tables.py`` has the others."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_core.store.table_base import IDENTIFIER, SHORT, Base

__all__ = ["Segment", "Snapshot", "Standing"]


class Segment(Base):
    """A segment of the owner's own: a name, and the rules that say who belongs to it."""

    __tablename__ = "segments"
    __table_args__ = (UniqueConstraint("name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_key: Mapped[str] = mapped_column(IDENTIFIER)  # the name without upper case, so that none is given twice
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)  # decisions.segment_rules writes and reads them
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Snapshot(Base):
    """How everybody stood when Regulars was first opened in a month. segments: name and rules of the owner's own
    segments as they were then, by number; choices: the owner's choices that the figures came from."""

    __tablename__ = "snapshots"
    __table_args__ = (UniqueConstraint("month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date]  # its first day
    as_of: Mapped[date]
    made_at: Mapped[datetime]
    segments: Mapped[dict[str, Any]] = mapped_column(JSON)
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)


class Standing(Base):
    """One customer in the snapshot of a day. segments: numbers of the owner's own that they belonged to, as "3 12"."""

    __tablename__ = "standings"
    __table_args__ = (UniqueConstraint("customer_id", "as_of"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    as_of: Mapped[date] = mapped_column(index=True)  # that of the snapshot
    stage: Mapped[str] = mapped_column(String(16))  # vocabulary.Stage
    rfm_group: Mapped[str | None] = mapped_column(SHORT)
    value_tier: Mapped[str | None] = mapped_column(String(16))  # vocabulary.Tier
    loyalty_tier: Mapped[str | None] = mapped_column(String(16))
    loyalty: Mapped[float | None]  # 0..100
    segments: Mapped[str | None] = mapped_column(String(255))
