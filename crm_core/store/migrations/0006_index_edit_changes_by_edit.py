"""Find the changes of an edit quickly."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index("ix_edit_changes_edit_id", "edit_changes", ["edit_id"], if_not_exists=True)


def downgrade() -> None:
    if op.get_context().dialect.name in ("mysql", "mariadb"):
        return  # the foreign key lives on it there; it goes with the table
    op.drop_index("ix_edit_changes_edit_id", "edit_changes", if_exists=True)
