"""Keep how each customer stood in a month's snapshot."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

BYTEWISE = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("default_charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}


def upgrade() -> None:
    op.create_table(
        "standings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("rfm_group", sa.String(64), nullable=True),
        sa.Column("value_tier", sa.String(16), nullable=True),
        sa.Column("loyalty_tier", sa.String(16), nullable=True),
        sa.Column("loyalty", sa.Double(), nullable=True),
        sa.Column("segments", sa.String(255), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_standings_customer_id_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_standings"),
        sa.UniqueConstraint("customer_id", "as_of", name="uq_standings_customer_id_as_of"),
        sa.Index("ix_standings_as_of", "as_of"),
        if_not_exists=True,
        **BYTEWISE,
    )


def downgrade() -> None:
    op.drop_table("standings", if_exists=True)
