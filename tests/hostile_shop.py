"""The demonstration company with every word of its owner replaced by a hostile one."""

from collections.abc import Callable
from itertools import count
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm_core.store.session import Store, raise_revision
from crm_core.store.tables import (
    Customer,
    ImportRun,
    Interaction,
    Order,
    Product,
    Refund,
    SurveyAnswer,
    Ticket,
)
from tests.hostile_words import HOSTILE

__all__ = ["hostile_word", "make_hostile"]


def hostile_word(number: int, most: int = 255) -> str:
    """The word that the row with this number bears.

    >>> hostile_word(0) == HOSTILE[0], len(hostile_word(len(HOSTILE) - 1, 64))
    (True, 64)
    """
    return HOSTILE[number % len(HOSTILE)][:most]


def make_hostile(store: Store) -> None:
    """Give everything that has an owner's word a hostile one; numbers, days and amounts stay."""
    with store.begin() as session:
        _rename(session, Customer, "name", lambda n: hostile_word(n))
        _rename(session, Customer, "email", lambda n: f"{n}{hostile_word(n, 200)}@evil.example")
        _rename(session, Customer, "phone", lambda n: hostile_word(n + 1, 64))
        _rename(session, Customer, "postcode", lambda n: hostile_word(n + 2, 64))
        _rename(session, Customer, "country", lambda n: hostile_word(n + 3, 100))
        _rename(session, Customer, "channel", lambda n: hostile_word(n + 4, 64))
        _rename(session, Product, "name", lambda n: hostile_word(n + 5))
        _rename(session, Product, "category", lambda n: hostile_word(n + 12))
        _rename(session, Order, "status_raw", lambda n: hostile_word(n + 6, 64))
        _rename(session, Order, "channel", lambda n: hostile_word(n + 7, 64))
        _rename(session, Interaction, "channel", lambda n: hostile_word(n + 8, 64))
        _rename(session, Interaction, "note", lambda n: hostile_word(n + 9))
        _rename(session, Ticket, "subject", lambda n: hostile_word(n + 10))
        _rename(session, SurveyAnswer, "question", lambda n: hostile_word(n + 11))
        _rename(session, ImportRun, "file_name", lambda n: hostile_word(n + 1, 255))
        for table in (Customer, Product, Order, Refund):
            _rename(session, table, "source_id", lambda n: f"{hostile_word(n, 150)} {n}")
        raise_revision(session)


def _rename(session: Session, table: Any, column: str, word: Callable[[int], str]) -> None:
    ids = session.scalars(select(table.id).order_by(table.id)).all()
    rows = [{"id": row_id, column: word(number)} for number, row_id in zip(count(), ids, strict=False)]
    if rows:
        session.execute(update(table), rows)
