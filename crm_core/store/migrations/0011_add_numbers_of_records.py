"""Let conversations, tickets and survey answers carry their source's number, so that a file twice adds nothing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0011"
down_revision = "0010"

TABLES = ("interactions", "tickets", "survey_answers")
COLUMNS = ("source", "source_id")
IDENTIFIER = sa.String(191).with_variant(
    mysql.VARCHAR(191, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
)


def upgrade() -> None:
    for table in TABLES:
        for name in COLUMNS:
            if name not in _columns(table):
                op.add_column(table, sa.Column(name, IDENTIFIER, nullable=True))


def downgrade() -> None:
    for table in TABLES:
        for name in COLUMNS:
            if name in _columns(table):
                op.drop_column(table, name)


def _columns(table: str) -> set[str]:
    """What an interrupted run has left where schema changes commit at once (MariaDB)."""
    return {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}
