"""Find what an import kept quickly."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_index("ix_custom_fields_import_id", "custom_fields", ["import_id"], if_not_exists=True)


def downgrade() -> None:
    if op.get_context().dialect.name in ("mysql", "mariadb"):
        return  # the foreign key lives on it there; it goes with the table
    op.drop_index("ix_custom_fields_import_id", "custom_fields", if_exists=True)
