"""Today's list: what stands on it, what the owner did with it, and what is kept to be graded."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crm_core.errors import CrmError
from crm_core.services.actions import decide_action, list_decisions, put_back
from crm_core.services.customers import CustomerBase
from crm_core.services.overview import list_birthdays
from crm_core.services.today import TodaysList, find_suggestions, todays_list
from crm_core.store.session import Store
from crm_core.store.tables import Customer, Prediction
from crm_core.vocabulary import ActionState
from tests import bases
from tests.conftest import LAST_DAY


def base_of(store: Store) -> CustomerBase:
    return bases.base_of(store, LAST_DAY)


def list_of(store: Store, base: CustomerBase, today: date = LAST_DAY) -> TodaysList:
    return todays_list(store, base, find_suggestions(store, base, today=today), today=today, share_saved=0.2)


def first_of(answer: TodaysList) -> dict[str, object]:
    return answer.table.iloc[0][["customer_id", "kind", "episode"]].to_dict() | {
        "customer_id": int(answer.table.loc[0, "customer_id"])
    }


def test_the_demonstration_has_a_full_list_with_reasons_and_ranges(demo_store: Store) -> None:
    answer = list_of(demo_store, base_of(demo_store))
    table = answer.table
    assert len(table) == 7
    assert table["customer_id"].is_unique
    assert (table["at_stake_low_minor"] <= table["at_stake_minor"]).all()
    assert (table["at_stake_minor"] <= table["at_stake_high_minor"]).all()
    assert table["evidence"].isin(["counts", "own rhythm"]).all()
    rhythm = table["evidence"] == "own rhythm"
    assert table.loc[rhythm, "reason"].str.contains(r"\d+ days; it has been \d+|Bought once, \d+ days ago").all()
    assert answer.recoverable_minor == pytest.approx(0.2 * table["at_stake_minor"].sum())
    assert table["at_stake_low_minor"].sum() < answer.total.low_minor < answer.total.high_minor
    assert answer.total.high_minor < table["at_stake_high_minor"].sum()
    assert answer.waiting > 0


def test_the_same_data_give_the_same_list(demo_store: Store) -> None:
    base = base_of(demo_store)
    one, other = list_of(demo_store, base), list_of(demo_store, base)
    assert one.table.equals(other.table)
    assert one.total.low_minor == other.total.low_minor


def test_the_export_has_the_documented_columns_in_major_units(demo_store: Store) -> None:
    answer = list_of(demo_store, base_of(demo_store))
    export = answer.as_export()
    assert list(export.columns) == (
        "rank customer_id kind reason action at_stake at_stake_low at_stake_high recoverable currency evidence".split()
    )
    assert export["at_stake"].iloc[0] == pytest.approx(answer.table["at_stake_minor"].iloc[0] / 100, abs=0.005)


@pytest.mark.parametrize("state", [ActionState.DONE, ActionState.NOT_USEFUL])
def test_what_was_dealt_with_leaves_the_list_until_it_is_put_back(demo_store: Store, state: ActionState) -> None:
    base = base_of(demo_store)
    before = list_of(demo_store, base)
    first = first_of(before)
    decide_action(demo_store, **first, state=state, today=LAST_DAY)
    after = list_of(demo_store, base)
    assert first["customer_id"] not in after.table["customer_id"].to_list()
    assert len(after.table) == 7  # the next one moves up
    assert list_decisions(demo_store, today=LAST_DAY)["state"].to_list() == [state.value]
    put_back(demo_store, **first)
    assert list_of(demo_store, base).table.equals(before.table)


def test_a_snooze_ends_on_its_day(demo_store: Store) -> None:
    base = base_of(demo_store)
    first = first_of(list_of(demo_store, base))
    decide_action(demo_store, **first, state=ActionState.SNOOZED, today=LAST_DAY, snooze_days=7)
    assert first["customer_id"] not in list_of(demo_store, base).table["customer_id"].to_list()
    later = LAST_DAY + timedelta(days=7)
    assert list_decisions(demo_store, today=later).empty
    suggestions = find_suggestions(demo_store, base, today=LAST_DAY)
    again = todays_list(demo_store, base, suggestions, today=later, share_saved=0.2)
    assert first["customer_id"] in again.table["customer_id"].to_list()


def test_the_last_word_counts(demo_store: Store) -> None:
    first = first_of(list_of(demo_store, base_of(demo_store)))
    decide_action(demo_store, **first, state=ActionState.SNOOZED, today=LAST_DAY, snooze_days=1)
    decide_action(demo_store, **first, state=ActionState.DONE, today=LAST_DAY)
    decided = list_decisions(demo_store, today=LAST_DAY)
    assert decided["state"].to_list() == ["done"]
    assert decided["snoozed_until"].isna().all()


def test_impossible_words_are_refused(demo_store: Store) -> None:
    with pytest.raises(CrmError, match="choose 1 to 365 days"):
        decide_action(
            demo_store,
            customer_id=1,
            kind="later than usual",
            episode="e",
            state=ActionState.SNOOZED,
            today=LAST_DAY,
            snooze_days=0,
        )
    with pytest.raises(CrmError, match="no kind of action called 'dance'"):
        decide_action(demo_store, customer_id=1, kind="dance", episode="e", state=ActionState.DONE, today=LAST_DAY)


def test_what_was_shown_is_kept_once_and_never_changed(demo_store: Store) -> None:
    base = base_of(demo_store)
    answer = list_of(demo_store, base)
    revision = demo_store.revision()
    list_of(demo_store, base)
    with demo_store.read() as session:
        assert session.scalar(select(func.count()).select_from(Prediction)) == 7
        kept = session.scalars(
            select(Prediction).where(Prediction.customer_id == int(answer.table.loc[0, "customer_id"]))
        ).one()
    assert kept.value == pytest.approx(answer.table.loc[0, "at_stake_minor"])
    assert (kept.as_of, kept.horizon_days) == (LAST_DAY, 90)
    assert demo_store.revision() == revision


def test_birthdays_are_of_the_real_day(demo_store: Store) -> None:
    with demo_store.read() as session:
        customer = session.scalars(select(Customer).where(Customer.birthday.is_not(None))).first()
        assert customer is not None
        born = customer.birthday
        assert born is not None
    someone = list_birthdays(demo_store, today=date(2026, born.month, born.day))
    assert (customer.id, customer.name, 2026 - born.year) in someone
