"""Keep a product's category, price and cost."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "category": sa.String(255),
    "price_minor": sa.BigInteger(),
    "cost_minor": sa.BigInteger(),
    "currency": sa.String(3),
}


def upgrade() -> None:
    there = _columns()
    for name in [name for name in TYPES if name not in there]:  # in one order: backups are compared column by column
        op.add_column("products", sa.Column(name, TYPES[name], nullable=True))


def downgrade() -> None:
    there = _columns()
    for name in [name for name in TYPES if name in there]:
        op.drop_column("products", name)


def _columns() -> set[str]:
    """What an interrupted run has left where schema changes commit at once (MariaDB)."""
    return {column["name"] for column in sa.inspect(op.get_bind()).get_columns("products")}
