"""The base frame, people and their history, scores, and the day that is looked at."""

from datetime import date

import pytest

from crm_core.errors import CrmError, NotFoundError
from crm_core.services.as_of import effective_day
from crm_core.services.customers import CustomerBase, customer_base
from crm_core.services.overview import shop_overview
from crm_core.services.people import PAGE_ROWS, list_people, load_person, sales_by_quarter
from crm_core.services.preferences import Preferences, load_preferences, save_preferences
from crm_core.services.scores import score_customers
from crm_core.store.session import Store
from tests import bases
from tests.shops import SMALL_SHOPS, add_orders, add_refund

END = date(2026, 6, 30)


def base_of(store: Store, as_of: date = END) -> CustomerBase:
    return bases.base_of(store, as_of)


@pytest.mark.parametrize("shop", SMALL_SHOPS)
def test_small_shops_have_a_base_without_a_made_up_number(store: Store, shop: str) -> None:
    add_orders(store, SMALL_SHOPS[shop])
    base = base_of(store)
    table = base.table
    assert len(table) == len({customer for customer, day, _ in SMALL_SHOPS[shop] if date.fromisoformat(day) <= END})
    assert table["p_active"].dropna().between(0, 1).all()
    assert table["stage"].isin(["new", "active", "loyal", "at risk", "lapsed", "lost"]).all()
    for column in ("expected_purchases", "expected_spend_minor", "clv_minor"):
        assert table[column].notna().all(), column
        assert (table[column] >= 0).all(), column
    assert shop_overview(store, base).nothing_to_do
    scores = score_customers(base, alpha=0.6, beta=0.4, low_cut=40, high_cut=70)
    assert len(scores) == len(table)


def test_refunds_lower_what_a_customer_is_worth_so_far(store: Store) -> None:
    add_orders(store, SMALL_SHOPS["all amounts equal"])
    before = base_of(store).table
    add_refund(store, 1, "2026-06-01", 200)
    after = base_of(store).table
    assert before.loc[1, "spend_minor"] - after.loc[1, "spend_minor"] == 200
    assert before.loc[1, "orders"] == after.loc[1, "orders"]


def test_other_currencies_are_said_in_a_note(store: Store) -> None:
    add_orders(store, SMALL_SHOPS["all amounts equal"])
    add_orders(store, [("c1", "2026-06-02", 12300)], currency="USD")
    assert base_of(store).notes[0].startswith("1 order in USD ($123) count")


def test_the_day_is_today_unless_the_data_ended_long_ago(store: Store) -> None:
    assert effective_day(store, today=END).is_today
    add_orders(store, [("a", "2026-01-01", 1), ("a", "2026-01-11", 1), ("a", "2026-01-21", 1), ("b", "2030-01-01", 1)])
    assert effective_day(store, today=date(2026, 3, 22)).day == date(2026, 3, 22)
    silent = effective_day(store, today=date(2026, 3, 23))  # 61 days of silence
    assert (silent.day, silent.is_today) == (date(2026, 1, 21), False)
    assert silent.sentence == "The last order is from 21 Jan 2026, 2 months ago, so every figure is as of that day."


def test_slow_shops_may_be_silent_for_three_of_their_gaps(store: Store) -> None:
    add_orders(store, [("a", "2025-01-01", 1), ("a", "2025-04-01", 1), ("a", "2025-06-30", 1)])
    assert effective_day(store, today=date(2026, 3, 20)).is_today
    assert not effective_day(store, today=date(2026, 3, 30)).is_today


def test_preferences_are_kept_and_checked(store: Store) -> None:
    assert load_preferences(store) == Preferences()
    add_orders(store, [("a", "2026-01-01", 1)], currency="GBP")
    assert load_preferences(store).currency == "GBP"
    wished = Preferences(currency="USD", margin_share=0.4, alpha=0.2)
    revision = store.revision()
    save_preferences(store, wished)
    assert load_preferences(store) == wished
    assert store.revision() == revision
    with pytest.raises(CrmError, match=r"Margin share is 1\.5; it must lie between"):
        Preferences(margin_share=1.5)
    with pytest.raises(CrmError, match="swap them"):
        Preferences(low_cut=80, high_cut=60)


def test_people_are_found_page_by_page_and_by_stage(demo_store: Store) -> None:
    base = base_of(demo_store, date(2026, 3, 14))
    first, second = (list_people(demo_store, base, page=page) for page in (1, 2))
    assert len(first.table) == PAGE_ROWS
    assert first.total == second.total >= 700
    assert not set(first.table.index) & set(second.table.index)
    late = list_people(demo_store, base, stage="at risk", sort="sales")
    assert set(late.table["stage"]) == {"at risk"}
    assert late.table["spend_minor"].is_monotonic_decreasing
    name = late.table["label"].iloc[3]
    assert name in list_people(demo_store, base, stage="at risk", text=name.upper()).table["label"].to_list()
    assert list_people(demo_store, base, text="no such person").total == 0
    with pytest.raises(CrmError, match="can't be sorted by 'shoe size'"):
        list_people(demo_store, base, sort="shoe size")


def test_a_persons_history_adds_up_to_their_sales(demo_store: Store) -> None:
    base = base_of(demo_store, date(2026, 3, 14))
    busiest = int(base.table["orders"].idxmax())
    person = load_person(demo_store, base, busiest)
    paid = person.history[
        person.history["kind"].isin(["order", "refund"]) & ~person.history["what"].str.contains("not counted")
    ]
    assert paid["amount_minor"].sum() == base.table.loc[busiest, "spend_minor"]
    quarters = sales_by_quarter(base, busiest)
    assert quarters["orders"].sum() == base.table.loc[busiest, "orders"]
    with pytest.raises(NotFoundError, match="no customer with number 0"):
        load_person(demo_store, base, 0)


def test_a_history_counts_other_currencies_at_the_owners_rate(store: Store) -> None:
    add_orders(store, [("a", "2026-01-01", 1000)])
    add_orders(store, [("a", "2026-01-02", 500)], currency="JPY")

    def history(choices: Preferences) -> list[list[object]]:
        base = customer_base(store, as_of=END, preferences=choices)
        table = load_person(store, base, 1).history
        return table[["what", "amount_minor", "currency"]].astype(object).where(table.notna(), None).to_numpy().tolist()

    soap = [["Lavender soap", 1000.0, "EUR"]]
    assert history(Preferences(rates=(("JPY", "0.0061"),))) == [["Lavender soap, ¥500", 305.0, "EUR"], *soap]
    assert history(Preferences()) == [["Lavender soap, ¥500", None, None], *soap]
