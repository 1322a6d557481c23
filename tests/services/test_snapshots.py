"""Monthly snapshots: taken once a month, complete, kept for three years; else the past day is worked out again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select

from crm_core.decisions.segment_facts import How
from crm_core.decisions.segment_rules import Condition, Group, Rules
from crm_core.services import snapshots
from crm_core.services.customers import CustomerBase
from crm_core.services.exports import export_table
from crm_core.services.merging import merge_customers
from crm_core.services.preferences import change_preferences, load_preferences
from crm_core.services.saved_segments import change_segment, create_segment, list_saved
from crm_core.services.segment_changes import changes_since
from crm_core.services.segment_facts import gather_facts
from crm_core.services.snapshots import (
    find_snapshot,
    replay_standings,
    snapshot_due,
    standings_now,
    take_snapshot,
)
from crm_core.store.session import Store
from crm_core.store.tables import Customer, Order, OrderLine, Snapshot, Standing
from tests import bases
from tests.conftest import LAST_DAY
from tests.shops import add_orders

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
MAY, JUNE = date(2026, 5, 31), date(2026, 6, 30)
TWICE = Rules((Group((Condition("orders", How.AT_LEAST, low=2),)),))
SHOP = [
    ("ana", "2026-01-05", 1000),
    ("ana", "2026-02-05", 3000),
    ("ben", "2026-02-01", 9000),
    ("ben", "2026-06-10", 9000),
    ("cem", "2026-06-15", 500),
]


def base_of(store: Store, as_of: date = JUNE) -> CustomerBase:
    return bases.base_of(store, as_of)


def take(store: Store, as_of: date) -> int:
    return take_snapshot(store, base_of(store, as_of), load_preferences(store), today=as_of, now=NOW)


def counted(store: Store) -> tuple[int, int]:
    with store.read() as session:
        return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in (Snapshot, Standing))  # type: ignore[return-value]


@pytest.fixture
def shop(store: Store) -> Store:
    add_orders(store, SHOP)
    create_segment(store, "Came back", TWICE, now=NOW)
    return store


def test_a_month_is_kept_once(shop: Store) -> None:
    revision = shop.revision()
    assert snapshot_due(shop, base_of(shop))
    assert take(shop, JUNE) == 3
    assert not snapshot_due(shop, base_of(shop, JUNE))
    assert not snapshot_due(shop, base_of(shop, JUNE - timedelta(days=2)))
    assert snapshot_due(shop, base_of(shop, date(2026, 7, 1)))
    assert shop.revision() == revision
    take(shop, JUNE)
    assert counted(shop) == (1, 3)


def test_nobody_needs_no_snapshot(store: Store) -> None:
    assert not snapshot_due(store, base_of(store))


def test_a_snapshot_that_lacks_who_was_brought_later_is_taken_anew(shop: Store) -> None:
    take(shop, JUNE)
    add_orders(shop, [("dan", "2025-01-05", 100), ("eve", "2026-06-29", 100)])
    assert snapshot_due(shop, base_of(shop))
    assert take(shop, JUNE) == 5
    assert not snapshot_due(shop, base_of(shop))


def test_a_snapshot_says_how_everybody_stood(shop: Store) -> None:
    take(shop, JUNE)
    table = export_table(shop, "standings", as_of=JUNE).set_index("customer_id")
    base = base_of(shop)
    assert table["stage"].to_dict() == base.table.set_index("source_id")["stage"].to_dict()
    assert table["segments"].fillna("").to_dict() == {"ana": "Came back", "ben": "Came back", "cem": ""}
    assert table["loyalty"].between(0, 100).all()
    assert table["rfm_group"].notna().all()
    found = find_snapshot(shop, base, load_preferences(shop), list_saved(shop), day=JUNE)
    assert found is not None
    facts = gather_facts(shop, base, load_preferences(shop), today=JUNE)
    now = standings_now(facts, list_saved(shop))
    assert {number: sorted(people) for number, people in found.members.items()} == {
        number: sorted(people) for number, people in now.members.items()
    }
    assert found.table["rfm_group"].to_dict() == now.table["rfm_group"].to_dict()


def test_only_three_years_are_kept(shop: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert snapshots.KEPT_MONTHS == 36
    monkeypatch.setattr(snapshots, "KEPT_MONTHS", 2)
    for month in (3, 4, 5, 6):
        take(shop, date(2026, month, 28))
    assert counted(shop)[0] == 2
    with shop.read() as session:
        assert session.scalar(select(func.min(Snapshot.as_of))) == date(2026, 5, 28)
        assert session.scalar(select(func.min(Standing.as_of))) == date(2026, 5, 28)


def test_who_entered_and_left_is_told_from_a_snapshot_or_by_replay_alike(shop: Store) -> None:
    saved, preferences = list_saved(shop), load_preferences(shop)
    base = base_of(shop)
    facts = gather_facts(shop, base, preferences, today=JUNE)
    assert find_snapshot(shop, base, preferences, saved, day=MAY) is None
    again = replay_standings(shop, preferences, saved, day=MAY)
    own, groups = changes_since(again, facts, saved)
    assert own.counts.to_numpy().tolist() == [["Came back", 1, 1, 0, 2, 1]]
    assert own.people[["name", "what", "customer_id"]].to_numpy().tolist() == [["Came back", "entered", "ben"]]
    assert own.ids.tolist() == [2]
    assert own.basis == "Compared with 31 May 2026, worked out again from what had happened by the end of that day."
    assert groups.counts["now"].sum() == 3
    assert groups.counts["before"].sum() == 2
    take(shop, MAY)
    kept = find_snapshot(shop, base, preferences, saved, day=date(2026, 5, 25))
    assert kept is not None
    from_kept = changes_since(kept, facts, saved)[0]
    assert from_kept.counts.equals(own.counts)
    assert from_kept.basis == "Compared with the snapshot that was kept on 31 May 2026, of 3 customers."


def test_a_snapshot_is_compared_only_with_what_was_asked_then_too(shop: Store) -> None:
    take(shop, MAY)

    def found(day: date = MAY) -> bool:
        return find_snapshot(shop, base_of(shop), load_preferences(shop), list_saved(shop), day=day) is not None

    assert found()
    assert found(date(2026, 5, 15))
    assert not found(date(2026, 5, 14))  # half a month away and more
    kept = list_saved(shop)[0]
    never = Rules((Group((Condition("orders", How.AT_MOST, high=0),)),))
    change_segment(shop, kept.segment_id, name=kept.name, rules=never, now=NOW)
    assert not found()
    change_segment(shop, kept.segment_id, name="Another name", rules=TWICE, now=NOW)
    assert found()
    before = change_preferences(shop, {"lost_from": 9.0})
    assert not found()
    change_preferences(shop, before)
    change_preferences(shop, {"silence_days": 90})  # moves nobody
    assert found()
    create_segment(shop, "Made later", TWICE, now=NOW)
    assert not found()


def test_deleted_customers_go_from_snapshots_and_merged_ones_stand_once(shop: Store) -> None:
    take(shop, JUNE)
    merge_customers(shop, 1, 2, now=NOW, by="me")
    with shop.read() as session:
        assert sorted(session.scalars(select(Standing.customer_id))) == [1, 3]
    with shop.begin() as session:
        orders = select(Order.id).where(Order.customer_id == 3)
        session.execute(delete(OrderLine).where(OrderLine.order_id.in_(orders)))
        session.execute(delete(Order).where(Order.customer_id == 3))
        session.execute(delete(Customer).where(Customer.id == 3))
    with shop.read() as session:
        assert list(session.scalars(select(Standing.customer_id))) == [1]


def test_the_made_up_company_is_kept_and_compared_whole(demo_store: Store) -> None:
    preferences = load_preferences(demo_store)
    base = base_of(demo_store, LAST_DAY)
    assert take_snapshot(demo_store, base, preferences, today=LAST_DAY, now=NOW) == 800
    facts = gather_facts(demo_store, base, preferences, today=LAST_DAY)
    then = find_snapshot(demo_store, base, preferences, [], day=LAST_DAY)
    assert then is not None
    groups = changes_since(then, facts, [])[1]
    assert groups.counts[["entered", "left", "net"]].to_numpy().sum() == 0
    assert groups.people.empty
