"""Keep columns of files that have no place of their own, beside customers, products and orders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0009"
down_revision = "0008"

BYTEWISE = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("default_charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}
NAME = sa.String(length=191).with_variant(
    mysql.VARCHAR(191, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
)
VALUE = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
OWNERS = {"customer_id": "customers", "product_id": "products", "order_id": "orders"}


def upgrade() -> None:
    op.create_table(
        "custom_fields",
        sa.Column("id", sa.Integer(), nullable=False),
        *[sa.Column(owner, sa.Integer(), nullable=True) for owner in OWNERS],
        sa.Column("name", NAME, nullable=False),
        sa.Column("value", VALUE, nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        *[
            sa.ForeignKeyConstraint(
                [owner], [f"{table}.id"], name=f"fk_custom_fields_{owner}_{table}", ondelete="CASCADE"
            )
            for owner, table in OWNERS.items()
        ],
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_custom_fields_import_id_imports"),
        sa.PrimaryKeyConstraint("id", name="pk_custom_fields"),
        *[sa.UniqueConstraint(owner, "name", name=f"uq_custom_fields_{owner}_name") for owner in OWNERS],
        if_not_exists=True,
        **BYTEWISE,
    )


def downgrade() -> None:
    op.drop_table("custom_fields", if_exists=True)
