"""Let a conversation be stored whose length nobody wrote down."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    with op.batch_alter_table("interactions") as table:
        table.alter_column("minutes", existing_type=sa.Double(), nullable=True)


def downgrade() -> None:
    op.execute("UPDATE interactions SET minutes = 0 WHERE minutes IS NULL")
    with op.batch_alter_table("interactions") as table:
        table.alter_column("minutes", existing_type=sa.Double(), nullable=False)
