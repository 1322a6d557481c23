"""Create every table of the first version, and the revision counter at 0.

Longer than a module should be, because it repeats the tables as they were in that version: it is never changed again.
Each step can be taken twice: where schema changes commit at once (MariaDB), an interrupted run is simply continued.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0001"
down_revision = None

IDENTIFIER = sa.String(191).with_variant(
    mysql.VARCHAR(191, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
)

BYTEWISE = {  # MariaDB and MySQL: every character, and text compares byte by byte as in the other databases
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("default_charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}


def _table(name: str, *columns: Any, **options: Any) -> None:
    op.create_table(name, *columns, if_not_exists=True, **BYTEWISE, **options)


def _index(name: str, table: str, columns: list[str]) -> None:
    op.create_index(name, table, columns, if_not_exists=True)


def _drop(name: str) -> None:
    op.drop_table(name, if_exists=True)


def upgrade() -> None:
    _create_imports()
    _create_model_fits()
    _create_revision_and_settings()
    _create_customers()
    _create_import_journal()
    _create_import_rejected_rows()
    _create_import_repeated_rows()
    _create_products()
    _create_actions()
    _create_customer_identities()
    _create_interactions()
    _create_orders()
    _create_predictions()
    _create_survey_answers()
    _create_tickets()
    _create_import_repeated_lines()
    _create_order_lines()
    _create_refunds()
    op.execute("INSERT INTO revision (id, number) SELECT 1, 0 WHERE NOT EXISTS (SELECT 1 FROM revision)")


def downgrade() -> None:
    _drop("refunds")
    _drop("order_lines")
    _drop("import_repeated_lines")
    _drop("tickets")
    _drop("survey_answers")
    _drop("predictions")
    _drop("orders")
    _drop("interactions")
    _drop("customer_identities")
    _drop("actions")
    _drop("products")
    _drop("import_repeated_rows")
    _drop("import_rejected_rows")
    _drop("import_journal")
    _drop("customers")
    _drop("settings")
    _drop("revision")
    _drop("model_fits")
    _drop("imports")


def _create_imports() -> None:
    _table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("source", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("accepted_count", sa.Integer(), nullable=False),
        sa.Column("duplicate_count", sa.Integer(), nullable=False),
        sa.Column("rejected_count", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
    )


def _create_model_fits() -> None:
    _table(
        "model_fits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_model_fits"),
        sa.UniqueConstraint(
            "model", "revision", "as_of", "horizon_days", name="uq_model_fits_model_revision_as_of_horizon_days"
        ),
    )


def _create_revision_and_settings() -> None:
    _table(
        "revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
    )
    _table(
        "settings",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )


def _create_customers() -> None:
    _table(
        "customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", IDENTIFIER, nullable=False),
        sa.Column("source_id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=True),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("phone", sa.String(length=64), nullable=True),
        sa.Column("postcode", sa.String(length=64), nullable=True),
        sa.Column("country", sa.String(length=100), nullable=True),
        sa.Column("birthday", sa.Date(), nullable=True),
        sa.Column("channel", sa.String(length=64), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_customers_import_id_imports"),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.UniqueConstraint("source", "source_id", name="uq_customers_source_source_id"),
    )
    _index("ix_customers_import_id", "customers", ["import_id"])


def _create_import_journal() -> None:
    _table(
        "import_journal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name="fk_import_journal_import_id_imports", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_journal"),
    )
    _index("ix_import_journal_import_id", "import_journal", ["import_id"])


def _create_import_rejected_rows() -> None:
    _table(
        "import_rejected_rows",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name="fk_import_rejected_rows_import_id_imports", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "row_number", name="pk_import_rejected_rows"),
    )


def _create_import_repeated_rows() -> None:
    _table(
        "import_repeated_rows",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("row_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name="fk_import_repeated_rows_import_id_imports", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "table_name", "row_id", name="pk_import_repeated_rows"),
    )


def _create_products() -> None:
    _table(
        "products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", IDENTIFIER, nullable=False),
        sa.Column("source_id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_products_import_id_imports"),
        sa.PrimaryKeyConstraint("id", name="pk_products"),
        sa.UniqueConstraint("source", "source_id", name="uq_products_source_source_id"),
    )
    _index("ix_products_import_id", "products", ["import_id"])


def _create_actions() -> None:
    _table(
        "actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("episode", IDENTIFIER, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_actions_customer_id_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_actions"),
        sa.UniqueConstraint("customer_id", "kind", "episode", name="uq_actions_customer_id_kind_episode"),
    )


def _create_customer_identities() -> None:
    _table(
        "customer_identities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("issuer", IDENTIFIER, nullable=False),
        sa.Column("value", IDENTIFIER, nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_customer_identities_customer_id_customers", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_customer_identities_import_id_imports"),
        sa.PrimaryKeyConstraint("id", name="pk_customer_identities"),
        sa.UniqueConstraint("kind", "issuer", "value", name="uq_customer_identities_kind_issuer_value"),
    )
    _index("ix_customer_identities_customer_id", "customer_identities", ["customer_id"])
    _index("ix_customer_identities_import_id", "customer_identities", ["import_id"])


def _create_interactions() -> None:
    _table(
        "interactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Double(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_interactions_customer_id_customers", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_interactions_import_id_imports"),
        sa.PrimaryKeyConstraint("id", name="pk_interactions"),
    )
    _index("ix_interactions_customer_id", "interactions", ["customer_id"])
    _index("ix_interactions_import_id", "interactions", ["import_id"])


def _create_orders() -> None:
    _table(
        "orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", IDENTIFIER, nullable=False),
        sa.Column("source_id", IDENTIFIER, nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("status_raw", sa.String(length=64), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_orders_customer_id_customers"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_orders_import_id_imports"),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.UniqueConstraint("source", "source_id", name="uq_orders_source_source_id"),
    )
    _index("ix_orders_facts", "orders", ["customer_id", "ordered_on", "status", "currency", "amount_minor"])
    _index("ix_orders_import_id", "orders", ["import_id"])


def _create_predictions() -> None:
    _table(
        "predictions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_predictions_customer_id_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_predictions"),
        sa.UniqueConstraint(
            "customer_id",
            "quantity",
            "model",
            "as_of",
            "horizon_days",
            name="uq_predictions_customer_id_quantity_model_as_of_horizon_days",
        ),
    )


def _create_survey_answers() -> None:
    _table(
        "survey_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("question", sa.String(length=255), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_survey_answers_customer_id_customers", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_survey_answers_import_id_imports"),
        sa.PrimaryKeyConstraint("id", name="pk_survey_answers"),
    )
    _index("ix_survey_answers_customer_id", "survey_answers", ["customer_id"])
    _index("ix_survey_answers_import_id", "survey_answers", ["import_id"])


def _create_tickets() -> None:
    _table(
        "tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("first_response_minutes", sa.Double(), nullable=True),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_tickets_customer_id_customers", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_tickets_import_id_imports"),
        sa.PrimaryKeyConstraint("id", name="pk_tickets"),
    )
    _index("ix_tickets_customer_id", "tickets", ["customer_id"])
    _index("ix_tickets_import_id", "tickets", ["import_id"])


def _create_import_repeated_lines() -> None:
    _table(
        "import_repeated_lines",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("occurrence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name="fk_import_repeated_lines_import_id_imports", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_import_repeated_lines_order_id_orders", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("order_id", "fingerprint", "occurrence", "import_id", name="pk_import_repeated_lines"),
        sqlite_with_rowid=False,
    )


def _create_order_lines() -> None:
    _table(
        "order_lines",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("occurrence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("quantity", sa.Double(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_order_lines_import_id_imports"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_lines_order_id_orders", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_order_lines_product_id_products"),
        sa.PrimaryKeyConstraint("order_id", "fingerprint", "occurrence", name="pk_order_lines"),
        sqlite_with_rowid=False,
    )
    _index("ix_order_lines_product_id", "order_lines", ["product_id"])


def _create_refunds() -> None:
    _table(
        "refunds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", IDENTIFIER, nullable=False),
        sa.Column("source_id", IDENTIFIER, nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("refunded_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_refunds_customer_id_customers"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_refunds_import_id_imports"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_refunds_order_id_orders"),
        sa.PrimaryKeyConstraint("id", name="pk_refunds"),
        sa.UniqueConstraint("source", "source_id", name="uq_refunds_source_source_id"),
    )
    _index("ix_refunds_facts", "refunds", ["customer_id", "refunded_on", "currency", "amount_minor"])
    _index("ix_refunds_import_id", "refunds", ["import_id"])
    _index("ix_refunds_order_id", "refunds", ["order_id"])
