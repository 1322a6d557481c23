"""What Today promised is stored as it was shown, and graded once its window has passed."""

from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import insert, select

from crm_core.services.promises import GradedPromises, grade_promises
from crm_core.services.today import find_suggestions, todays_list
from crm_core.store.session import Store
from crm_core.store.tables import Prediction
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.shops import add_orders, add_refund


def show_list(store: Store, day: date) -> pd.DataFrame:
    """Today's list as it was seen on a day."""
    base = base_of(store, day)
    return todays_list(store, base, find_suggestions(store, base, today=day), today=day, share_saved=0.2).table


def promise(store: Store, customer: int, day: str, *, currency: str = "EUR", model: str = "own rhythm") -> None:
    with store.begin() as session:
        session.execute(
            insert(Prediction).values(
                customer_id=customer, quantity="at_stake_minor", model=model, as_of=date.fromisoformat(day),
                horizon_days=90, value=1000.0, low=500.0, high=2000.0, currency=currency,
            )
        )  # fmt: skip


def test_what_today_shows_is_stored_with_method_day_horizon_and_range(demo_store: Store) -> None:
    shown = show_list(demo_store, LAST_DAY)
    with demo_store.read() as session:
        stored = session.execute(
            select(Prediction.customer_id, Prediction.model, Prediction.low, Prediction.value, Prediction.high)
        ).all()
        when = set(session.execute(select(Prediction.as_of, Prediction.horizon_days, Prediction.currency)).all())
    assert when == {(LAST_DAY, 90, "EUR")}
    columns = ["customer_id", "evidence", "at_stake_low_minor", "at_stake_minor", "at_stake_high_minor"]
    assert sorted(stored) == sorted(shown[columns].itertuples(index=False, name=None))


def test_nothing_is_graded_before_its_window_has_passed(demo_store: Store) -> None:
    show_list(demo_store, LAST_DAY)
    graded = grade_promises(demo_store, base_of(demo_store, LAST_DAY))
    assert graded.table.empty
    assert graded.waiting == 7
    assert graded.first_due == LAST_DAY + timedelta(days=90)
    assert "The first can be graded on 12 Jun 2026" in graded.sentence


def test_promises_of_an_earlier_day_are_graded(demo_store: Store) -> None:
    earlier = LAST_DAY - timedelta(days=120)
    shown = show_list(demo_store, earlier).set_index("customer_id")
    show_list(demo_store, earlier + timedelta(days=1))  # most of them again, which counts once
    graded = grade_promises(demo_store, base_of(demo_store, LAST_DAY))
    assert graded.waiting == 0
    table = graded.table[graded.table["as_of"] == pd.Timestamp(earlier)].set_index("customer_id")
    pd.testing.assert_series_equal(
        table["promised_minor"].sort_index(), shown["at_stake_minor"].sort_index(), check_names=False
    )
    assert not graded.table.duplicated(["customer_id", "evidence"]).any()
    assert (graded.table["inside"] == graded.table["actual_minor"].between(
        graded.table["low_minor"], graded.table["high_minor"])).all()  # fmt: skip
    assert graded.sentence.startswith(f"Of {len(graded.table)} promises about")


def shop(store: Store) -> GradedPromises:
    return grade_promises(store, base_of(store, date(2026, 7, 1)))


def test_the_window_begins_after_the_day_and_ends_with_its_last(store: Store) -> None:
    on_edges = [("a", "2026-01-10", 7), ("a", "2026-01-11", 600), ("a", "2026-04-10", 50), ("a", "2026-04-11", 9)]
    add_orders(store, on_edges)
    add_refund(store, 1, "2026-02-01", 100)
    promise(store, 1, "2026-01-10")
    graded = shop(store)
    assert graded.table[["promised_minor", "actual_minor", "inside"]].to_numpy().tolist() == [[1000.0, 550.0, True]]
    assert graded.sentence.startswith("Of 1 promise about 1 customer, 1 came out within the range")


def test_days_that_are_not_brought_in_yet_grade_nothing(store: Store) -> None:
    add_orders(store, [("a", "2026-01-10", 700), ("a", "2026-04-01", 700)])
    promise(store, 1, "2026-01-10")
    graded = shop(store)
    assert graded.table.empty
    assert "when its window has passed and your orders up to that day are in" in graded.sentence


def test_another_currency_is_left_out_and_counted(store: Store) -> None:
    add_orders(store, [("a", "2026-01-10", 700), ("a", "2026-06-01", 700)])
    promise(store, 1, "2026-01-10", currency="USD")
    promise(store, 1, "2026-01-10", model="counts")
    graded = shop(store)
    assert graded.left_out == 1
    assert graded.table["evidence"].tolist() == ["counts"]


@pytest.mark.parametrize("orders", [[], [("a", "2026-01-10", 700)]])
def test_without_promises_a_sentence_says_how_they_come_about(store: Store, orders: list[tuple[str, str, int]]) -> None:
    add_orders(store, orders)
    assert shop(store).sentence.startswith("Nothing has been promised yet")
