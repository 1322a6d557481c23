"""Keep whether a ticket is closed, and where it came in."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

TYPES: dict[str, sa.types.TypeEngine[Any]] = {"status": sa.String(16), "channel": sa.String(64)}


def upgrade() -> None:
    for name in TYPES.keys() - _columns():
        op.add_column("tickets", sa.Column(name, TYPES[name], nullable=True))


def downgrade() -> None:
    for name in TYPES.keys() & _columns():
        op.drop_column("tickets", name)


def _columns() -> set[str]:
    """What an interrupted run has left where schema changes commit at once (MariaDB)."""
    return {column["name"] for column in sa.inspect(op.get_bind()).get_columns("tickets")}
