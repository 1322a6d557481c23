"""A past day as the services tell it: who was known, what was open and what was decided by its end."""

from datetime import date, datetime

import pytest
from sqlalchemy import insert, update

from crm_core.errors import CrmError
from crm_core.services.actions import decide_action, list_decisions
from crm_core.services.as_of import AsOf, effective_day, end_of_day, first_order_day, replayed_day
from crm_core.services.customers import CustomerBase
from crm_core.services.overview import count_stored
from crm_core.services.people import SORT_ORDERS, list_people, load_person
from crm_core.services.today import find_suggestions
from crm_core.store.daily_queries import tickets_waiting_then
from crm_core.store.session import Store
from crm_core.store.tables import Action, Customer, Order, Ticket
from crm_core.vocabulary import ActionKind, ActionState
from tests import bases
from tests.shops import SOURCE, add_orders, add_refund

THEN, NOW = date(2026, 3, 1), date(2026, 6, 1)
USUAL = AsOf(NOW, True, "Every figure is as of today.")
ORDERS = [("a", "2026-01-01", 100), ("a", "2026-02-01", 100), ("b", "2026-03-02", 100), ("a", "2026-04-01", 100)]


def base_of(store: Store, day: date = THEN) -> CustomerBase:
    return bases.base_of(store, day)


def add_tickets(store: Store, *tickets: dict[str, object]) -> None:
    """Tickets of the first customer, opened on 27 February."""
    with store.begin() as session:
        for number, ticket in enumerate(tickets):
            same = {"customer_id": 1, "opened_on": date(2026, 2, 27), "subject": f"Ticket {number}"}
            session.execute(insert(Ticket).values(**same | ticket))


def test_a_past_day_is_told_as_such_and_the_usual_one_is_no_past() -> None:
    then = replayed_day("2026-03-01", usual=USUAL, first=date(2026, 1, 1))
    assert (then.day, then.is_today, then.is_replayed) == (THEN, False, True)
    assert replayed_day("2026-06-01", usual=USUAL, first=date(2026, 1, 1)) is USUAL
    assert replayed_day("2026-01-01", usual=USUAL, first=date(2026, 1, 1)).day == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("yesterday", "“yesterday” in the address is not a day; write it like 2025-03-01. You see 1 Jun 2026"),
        ("2026-06-02", "2 Jun 2026 is later than the last day"),
        ("2025-12-31", "31 Dec 2025 is before your first order, on 1 Jan 2026"),
    ],
)
def test_a_day_out_of_reach_is_refused_with_the_reason(asked: str, words: str) -> None:
    with pytest.raises(CrmError, match=words):
        replayed_day(asked, usual=USUAL, first=date(2026, 1, 1))


def test_the_first_day_is_of_a_paid_order_that_has_come(store: Store) -> None:
    assert first_order_day(store, until=NOW) is None
    add_orders(store, [("a", "2026-01-05", 100)], status="cancelled")
    add_orders(store, [("a", "2026-02-05", 100)])
    assert first_order_day(store, until=NOW) == date(2026, 2, 5)
    assert first_order_day(store, until=date(2026, 2, 4)) is None
    assert effective_day(store, today=NOW, silence_days=365).is_replayed is False


def test_who_came_later_was_not_known(store: Store) -> None:
    add_orders(store, ORDERS)
    with store.begin() as session:
        session.execute(insert(Customer).values(id=9, source=SOURCE, source_id="z", name="Never ordered"))
        session.execute(insert(Order), [_guest(101, date(2026, 2, 1)), _guest(102, date(2026, 5, 1))])
    base = base_of(store)
    for sort in SORT_ORDERS:
        found = list_people(store, base, sort=sort, until=THEN)
        assert (set(found.table.index), found.total) == ({1, 9}, 2)
        assert list_people(store, base, sort=sort).total == 3
    assert list_people(store, base, text="person b", until=THEN).total == 0
    known = count_stored(store, until=THEN)
    assert (known["customers"], known["orders"], known["guest orders"]) == (2, 3, 1)
    assert count_stored(store)["orders"] == 6


def _guest(number: int, day: date) -> dict[str, object]:
    order = {"id": number, "source": SOURCE, "source_id": f"g{number}", "customer_id": None, "ordered_on": day}
    return order | {"status": "paid", "currency": "EUR", "amount_minor": 100}


def test_a_ticket_answered_or_resolved_later_waited_then(store: Store) -> None:
    add_orders(store, ORDERS)
    add_tickets(
        store,
        {},  # nobody has answered yet
        {"first_response_minutes": 3 * 1440.0, "status": "closed"},  # on 2 March at the earliest
        {"first_response_minutes": 3 * 1440.0 - 1},  # may have been on 1 March
        {"resolved_on": date(2026, 3, 2), "status": "closed"},
        {"resolved_on": date(2026, 3, 1)},
        {"status": "closed"},  # nobody knows when
        {"opened_on": date(2026, 3, 2)},
    )
    base = base_of(store)
    with store.read() as session:
        waiting = tickets_waiting_then(session, day=THEN)["subject"].to_list()
    assert waiting == ["Ticket 0", "Ticket 1", "Ticket 3"]
    kinds = [found.kind for found in find_suggestions(store, base, today=THEN, replayed=True)]
    assert ActionKind.TICKET_WAITS in kinds
    history = load_person(store, base, 1, until=THEN).history
    said = history.loc[history["kind"] == "ticket", "what"].to_list()
    waits = "waits for an answer"
    assert sorted(said) == [
        f"Ticket 0 ({waits})",
        f"Ticket 1 ({waits})",
        "Ticket 2 (answered after 3 days)",
        f"Ticket 3 ({waits})",
        "Ticket 4 (closed)",
        "Ticket 5 (closed)",
    ]


def test_a_history_ends_with_the_day(store: Store) -> None:
    add_orders(store, ORDERS)
    add_refund(store, 1, "2026-03-05", 50)
    base = base_of(store)
    assert len(load_person(store, base, 1).history) == 4
    assert load_person(store, base, 1, until=THEN).history["happened_on"].max() == date(2026, 2, 1)
    assert load_person(store, base, 2, until=THEN).history.empty


def test_what_was_decided_after_the_day_was_open_then(store: Store) -> None:
    add_orders(store, ORDERS)
    occasion = {"customer_id": 1, "kind": ActionKind.LATE, "episode": "2026-02-01"}
    decide_action(store, **occasion, state=ActionState.DONE, today=THEN)
    end = end_of_day(THEN, time_zone="Europe/Berlin")  # 23:00 in UTC
    for decided_at, decided in (("2026-03-01T22:59:00+00:00", 1), ("2026-03-01T23:00:00+00:00", 0)):
        with store.begin() as session:
            moment = datetime.fromisoformat(decided_at).replace(tzinfo=None)
            session.execute(update(Action).values(decided_at=moment))
        assert len(list_decisions(store, today=THEN, before=end)) == decided
        assert len(list_decisions(store, today=THEN)) == 1
