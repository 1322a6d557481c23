"""Keep whether a ticket is closed, and where it came in."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

TYPES: dict[str, sa.types.TypeEngine[Any]] = {"status": sa.String(16), "channel": sa.String(64)}


def upgrade() -> None:
    there = _columns()
    for name in [name for name in TYPES if name not in there]:  # in one order: backups are compared column by column
        op.add_column("tickets", sa.Column(name, TYPES[name], nullable=True))


def downgrade() -> None:
    there = _columns()
    for name in [name for name in TYPES if name in there]:
        op.drop_column("tickets", name)


def _columns() -> set[str]:
    """What an interrupted run has left where schema changes commit at once (MariaDB)."""
    return {column["name"] for column in sa.inspect(op.get_bind()).get_columns("tickets")}
