"""The declared tables of what the owner changes by hand; ``tables.py`` has the others."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from crm_core.store.table_base import SHORT, Base

__all__ = ["Edit", "EditChange"]


class Edit(Base):
    """What the owner changed by hand at one go; ``undone_at`` is set once it was taken back."""

    __tablename__ = "edits"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(255))  # the user of the computer
    kind: Mapped[str] = mapped_column(SHORT)  # "change", "add", "archive", "restore", "delete", "merge" or "tell apart"
    table_name: Mapped[str] = mapped_column(SHORT)  # what was edited: customers, products or orders
    row_count: Mapped[int]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(255))


class EditChange(Base):
    """One field that an edit changed; or, with ``field`` None, a whole row it added (no before) or deleted (no after).

    Of rows without a number of their own (order lines), ``row_id`` is that of the row they belong to.
    """

    __tablename__ = "edit_changes"
    __table_args__ = (Index("ix_edit_changes_table_name_row_id", "table_name", "row_id"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    edit_id: Mapped[int] = mapped_column(ForeignKey("edits.id", ondelete="CASCADE"), index=True)
    table_name: Mapped[str] = mapped_column(SHORT)
    row_id: Mapped[int]
    field: Mapped[str | None] = mapped_column(SHORT)
    before: Mapped[Any] = mapped_column(JSON)
    after: Mapped[Any] = mapped_column(JSON)
