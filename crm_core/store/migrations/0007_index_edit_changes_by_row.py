"""Find the changes of a row quickly."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_index("ix_edit_changes_table_name_row_id", "edit_changes", ["table_name", "row_id"], if_not_exists=True)


def downgrade() -> None:
    op.drop_index("ix_edit_changes_table_name_row_id", "edit_changes", if_exists=True)
