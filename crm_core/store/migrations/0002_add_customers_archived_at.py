"""Let customers be put away without being deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    if not _is_there():
        op.add_column("customers", sa.Column("archived_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    if _is_there():
        op.drop_column("customers", "archived_at")


def _is_there() -> bool:
    """Whether an interrupted run came as far as this where schema changes commit at once (MariaDB)."""
    return "archived_at" in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("customers")}
