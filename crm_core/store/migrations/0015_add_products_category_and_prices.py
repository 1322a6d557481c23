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
    for name in TYPES.keys() - _columns():
        op.add_column("products", sa.Column(name, TYPES[name], nullable=True))


def downgrade() -> None:
    for name in TYPES.keys() & _columns():
        op.drop_column("products", name)


def _columns() -> set[str]:
    """What an interrupted run has left where schema changes commit at once (MariaDB)."""
    return {column["name"] for column in sa.inspect(op.get_bind()).get_columns("products")}
