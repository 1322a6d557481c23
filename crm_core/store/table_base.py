"""What all tables share: one metadata, and the kinds of text that are the same on every database."""

from sqlalchemy import Double, MetaData, String, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import DeclarativeBase

__all__ = ["IDENTIFIER", "LONG_TEXT", "SHORT", "WITHOUT_ROWID", "Base"]

# Identifiers compare byte by byte everywhere: "a1" and "A1" are two orders.
_BINARY = mysql.VARCHAR(191, charset="utf8mb4", collation="utf8mb4_bin")
IDENTIFIER = String(191).with_variant(_BINARY, "mysql", "mariadb")
SHORT = String(64)
LONG_TEXT = Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")  # a cell may be longer than 64 kB
WITHOUT_ROWID = {"sqlite_with_rowid": False}  # SQLite: the primary key is the table, not a second tree beside it


class Base(DeclarativeBase):
    """All tables share one metadata, with constraint names that every database accepts."""

    type_annotation_map = {float: Double}  # noqa: RUF012 -- SQLAlchemy's own word; MariaDB's FLOAT has seven digits

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
