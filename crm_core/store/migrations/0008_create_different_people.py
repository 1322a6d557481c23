"""Keep which customers the owner said are not the same person."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

BYTEWISE = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("default_charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}


def upgrade() -> None:
    op.create_table(
        "different_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_id"], ["customers.id"], name="fk_different_people_first_id_customers", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["customers.id"], name="fk_different_people_second_id_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_different_people"),
        sa.UniqueConstraint("first_id", "second_id", name="uq_different_people_first_id_second_id"),
        sa.Index("ix_different_people_second_id", "second_id"),
        if_not_exists=True,
        **BYTEWISE,
    )


def downgrade() -> None:
    op.drop_table("different_people", if_exists=True)
