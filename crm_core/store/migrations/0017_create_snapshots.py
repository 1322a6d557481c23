"""Keep that a month has its snapshot."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

BYTEWISE = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("default_charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}


def upgrade() -> None:
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_snapshots"),
        sa.UniqueConstraint("month", name="uq_snapshots_month"),
        if_not_exists=True,
        **BYTEWISE,
    )


def downgrade() -> None:
    op.drop_table("snapshots", if_exists=True)
