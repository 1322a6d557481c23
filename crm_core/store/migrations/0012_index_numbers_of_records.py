"""Let the database refuse a conversation, ticket or survey answer that is in already."""

from alembic import op

revision = "0012"
down_revision = "0011"

TABLES = ("interactions", "tickets", "survey_answers")


def upgrade() -> None:
    for table in TABLES:
        op.create_index(f"uq_{table}_number", table, ["source", "source_id"], unique=True, if_not_exists=True)


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"uq_{table}_number", table, if_exists=True)
