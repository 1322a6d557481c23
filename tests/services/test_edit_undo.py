"""Whatever is edited by hand, in whatever order it is taken back: all is as before, or it is told what is not."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from crm_core.errors import CrmError
from crm_core.services.adding import add_by_hand
from crm_core.services.edit_history import EditUndoReport, undo_edit
from crm_core.services.edit_tables import EDITABLE, edit_page
from crm_core.services.editing import CellEdit, archive_rows, delete_rows, save_edits
from crm_core.services.merging import merge_customers, not_the_same
from crm_core.store.session import Store
from crm_core.store.tables import Base
from tests.shops import add_orders, add_refund

TODAY = date(2026, 6, 30)
WHO = {"now": datetime(2026, 6, 30, 12, tzinfo=UTC), "by": "owner"}
HISTORY = {"edits", "edit_changes", "revision"}
VALUES = {
    "name": ["Ana", "Ben", "Cem"],
    "email": ["a@shop.org", "b@shop.org", None],
    "phone": ["+49 30 901820", "+44 20 7946 0018", None],
    "postcode": ["10115", None],
    "country": ["Germany", None],
    "birthday": [date(1990, 5, 1), None],
    "channel": ["fair", None],
    "day": [date(2026, 5, 5), date(2026, 5, 6)],
    "status": ["paid", "cancelled"],
    "customer": ["ana", "H1", None],
    "amount": ["7.00", "8.50"],
}
STEPS = some.lists(
    some.tuples(
        some.sampled_from(["change", "change", "archive", "delete", "add", "merge", "tell apart"]),
        some.sampled_from(["customers", "products", "orders"]),
        some.integers(0, 99),
        some.integers(0, 99),
    ),
    min_size=1,
    max_size=8,
)
OFTEN = settings(
    max_examples=16,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def shop(store: Store) -> Store:
    add_orders(store, [("ana", "2026-01-01", 1000), ("ben", "2026-02-01", 500), ("ana", "2026-03-01", 700)])
    add_refund(store, 1, "2026-03-05", 100)
    return store


def whole(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
            if table.name not in HISTORY
        }


def do(store: Store, step: tuple[str, str, int, int]) -> int | None:
    """One edit, as far as it is possible; its number."""
    kind, name, first, second = step
    if kind == "add":
        values: dict[str, Any] = {"name": f"New {first}", "day": TODAY, "amount": "3", "customer": None}
        wanted = {field.name: values[field.name] for field in EDITABLE[name].fields if field.name in values}
        return add_by_hand(store, name, wanted, currency="EUR", today=TODAY, **WHO).edit_id
    table = edit_page(store, name, archived=bool(second % 3 == 0)).table
    if table.empty:
        return None
    row_id = int(table.index[first % len(table)])
    people = edit_page(store, "customers").table.index
    if kind in ("merge", "tell apart"):
        if len(people) < 2:
            return None
        one, other = int(people[first % len(people)]), int(people[(first + 1) % len(people)])
        if kind == "merge":
            return merge_customers(store, one, other, choices={"name": other} if second % 2 else {}, **WHO).edit_id
        return not_the_same(store, one, other, **WHO).edit_id
    if kind == "archive" and name != "orders":
        return archive_rows(store, name, [row_id], archive=second % 3 != 0, **WHO).edit_id
    if kind == "delete":
        return delete_rows(store, name, {row_id: {}}, **WHO).edit_id
    field = [field.name for field in EDITABLE[name].fields if field.kind != "fixed"]
    chosen = field[second % len(field)]
    new = VALUES[chosen][first % len(VALUES[chosen])]
    edit = CellEdit(row_id, chosen, table.loc[row_id, chosen], new)
    return save_edits(store, name, [edit], today=TODAY, **WHO).edit_id


def undo_if_possible(store: Store, edit_id: int) -> EditUndoReport:
    """An undo; one that has to wait for that of a later merge has done nothing and says so."""
    try:
        return undo_edit(store, edit_id, **WHO)
    except CrmError as error:
        return EditUndoReport(edit_id, 0, (str(error),))


def orders_add_up(store: Store) -> bool:
    """An order's amount is the sum of its lines."""
    now = whole(store)
    amount = Base.metadata.tables["orders"].c.keys().index("amount_minor")
    return all(row[amount] == sum(line[5] for line in now["order_lines"] if line[0] == row[0]) for row in now["orders"])


@OFTEN
@given(steps=STEPS)
def test_edits_taken_back_latest_first_leave_no_trace(shop: Store, steps: list[tuple[str, str, int, int]]) -> None:
    before = whole(shop)
    made = [edit_id for step in steps if (edit_id := do(shop, step)) is not None]
    for edit_id in reversed(made):
        assert undo_edit(shop, edit_id, **WHO).kept == ()
    assert whole(shop) == before


@OFTEN
@given(steps=STEPS, order=some.randoms(use_true_random=False))
def test_edits_taken_back_in_any_order_leave_what_they_tell(
    shop: Store, steps: list[tuple[str, str, int, int]], order: Any
) -> None:
    """What can't be taken back yet stays open and can be later; what stays for good was told."""
    before = whole(shop)
    made = [edit_id for step in steps if (edit_id := do(shop, step)) is not None]
    order.shuffle(made)
    told = []
    while made:
        answers = {edit_id: undo_if_possible(shop, edit_id) for edit_id in made}
        told += [sentence for answer in answers.values() if answer.done for sentence in answer.kept]
        assert all(answer.done or answer.kept for answer in answers.values())
        left = [edit_id for edit_id in made if not answers[edit_id].done]
        if len(left) == len(made):
            break
        made = left
    assert told or made or whole(shop) == before
    assert orders_add_up(shop)
    for edit_id in made:  # for the next example
        assert undo_if_possible(shop, edit_id).kept
