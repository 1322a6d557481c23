"""Let a conversation be stored whose length nobody wrote down."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    _let(sa.Column("minutes", sa.Double(), nullable=True))


def downgrade() -> None:
    op.execute("UPDATE interactions SET minutes = 0 WHERE minutes IS NULL")
    _let(sa.Column("minutes", sa.Double(), nullable=False, server_default="0"))


def _let(column: sa.Column[float]) -> None:
    """SQLite can't change a column, and a table made anew is not the same twice: equal backups would differ."""
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("interactions", "minutes", existing_type=sa.Double(), nullable=column.nullable)
        return
    op.alter_column("interactions", "minutes", new_column_name="minutes_before")
    op.add_column("interactions", column)
    op.execute("UPDATE interactions SET minutes = minutes_before")
    op.drop_column("interactions", "minutes_before")
