"""Find the changes of an edit quickly."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index("ix_edit_changes_edit_id", "edit_changes", ["edit_id"], if_not_exists=True)


def downgrade() -> None:
    op.drop_index("ix_edit_changes_edit_id", "edit_changes", if_exists=True)
