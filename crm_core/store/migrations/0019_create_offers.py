"""Keep what was recommended to whom, and what was decided."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

BYTEWISE = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("default_charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}
ONCE = ("customer_id", "product_id", "list_name", "shown_on")


def upgrade() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("list_name", sa.String(length=16), nullable=False),
        sa.Column("reason_kind", sa.String(length=64), nullable=False),
        sa.Column("shown_on", sa.Date(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("within_days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        *[
            sa.ForeignKeyConstraint(
                [f"{owner}_id"], [f"{owner}s.id"], name=f"fk_offers_{owner}_id_{owner}s", ondelete="CASCADE"
            )
            for owner in ("customer", "product")
        ],
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
        sa.UniqueConstraint(*ONCE, name=f"uq_offers_{'_'.join(ONCE)}"),
        sa.Index("ix_offers_product_id", "product_id"),
        if_not_exists=True,
        **BYTEWISE,
    )


def downgrade() -> None:
    op.drop_table("offers", if_exists=True)
