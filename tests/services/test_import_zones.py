"""Files whose times state a zone: their days are the owner's."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from crm_core.services.imports import import_file, preview_import
from crm_core.services.preferences import change_preferences
from crm_core.store.session import Store
from crm_core.store.tables import Order

FILE = (
    b"customer_id,order_id,created_at,amount,currency\n"
    b"a,1,2026-03-14T23:30:00Z,10.00,EUR\n"
    b"a,2,2026-03-14T12:00:00Z,10.00,EUR\n"
    b"b,3,2026-03-14 23:30:00,10.00,EUR\n"
)
NOW = datetime(2026, 3, 14, 23, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("UTC", ["2026-03-14", "2026-03-14", "2026-03-14"]),
        ("Europe/Berlin", ["2026-03-15", "2026-03-14", "2026-03-14"]),
        ("Pacific/Auckland", ["2026-03-15", "2026-03-15", "2026-03-14"]),
    ],
)
def test_orders_fall_on_the_owners_days(store: Store, zone: str, days: list[str]) -> None:
    change_preferences(store, {"time_zone": zone})
    report = import_file(store, FILE, file_name="orders.csv", now=NOW)
    with store.read() as session:
        stored = session.scalars(select(Order.ordered_on).order_by(Order.source_id)).all()
    assert [day.isoformat() for day in stored] == days
    moved = days.count("2026-03-15")
    rows = {0: None, 1: "1 row falls", 2: "2 rows fall"}[moved]
    said = [note for note in report.notes if note.startswith("Times were read in")]
    assert said == ([f"Times were read in {zone}, where {rows} on another day than written."] if rows else [])
    assert not any("dated after today" in note for note in report.notes)  # it is the 15th there already


def test_the_preview_reads_times_as_the_import_does(store: Store) -> None:
    seen = preview_import(FILE, file_name="orders.csv", time_zone="Europe/Berlin")
    assert str(seen.last_day) == "2026-03-15"
    assert "Times were read in Europe/Berlin" in seen.staged.notes[0]  # type: ignore[union-attr]


def test_a_file_read_twice_in_one_zone_is_a_duplicate(store: Store) -> None:
    change_preferences(store, {"time_zone": "Europe/Berlin"})
    import_file(store, FILE, file_name="orders.csv", now=NOW)
    assert import_file(store, FILE, file_name="orders.csv", now=NOW).duplicates == 3
