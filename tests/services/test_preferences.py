"""The owner's choices: checked in one sentence, kept as they are, changed and taken back."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, select

from crm_core.errors import CrmError
from crm_core.services.as_of import effective_day
from crm_core.services.customers import customer_base
from crm_core.services.preferences import Preferences, change_preferences, load_preferences, save_preferences
from crm_core.services.time_zones import day_in_zone, known_zones, zone_of
from crm_core.store.session import Store
from crm_core.store.tables import Setting
from tests.shops import add_orders

ALL = Preferences(
    currency="USD",
    rates=(("EUR", "1.0869565"), ("JPY", "0.0067")),
    margin_share=0.4,
    discount_rate=1.0,
    horizon_days=182,
    alpha=1.0,
    beta=0.0,
    low_cut=10.0,
    high_cut=90.5,
    share_saved=0.0,
    at_risk_from=2.0,
    lapsed_from=4.5,
    lost_from=10.0,
    loyal_from_days=6,
    silence_days=30,
    churn_days=45,
    time_zone="America/Argentina/Buenos_Aires",
    week_start="sunday",
    subscriptions="off",
)


def test_every_choice_comes_back_as_it_was(store: Store) -> None:
    save_preferences(store, ALL)
    found = load_preferences(store)
    assert found == ALL
    assert [type(value) for value in vars(found).values()] == [type(value) for value in vars(ALL).values()]
    save_preferences(store, Preferences())
    assert load_preferences(store) == Preferences()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"currency": "EURO"}, "'EURO' is not a currency code; write it like EUR, GBP or USD."),
        ({"rates": (("XYZ", "2"),)}, "'XYZ' is not a currency code"),
        ({"rates": (("USD", "0"),)}, "The rate '0' for USD is not a number above 0; write it like 0.92."),
        ({"rates": (("USD", "-1"),)}, "The rate '-1' for USD is not a number above 0"),
        ({"rates": (("USD", "1e5"),)}, "The rate '1e5' for USD is not a number above 0"),
        ({"rates": (("USD", "nine"),)}, "The rate 'nine' for USD is not a number above 0"),
        ({"rates": (("USD", "0.9"), ("USD", "0.8"))}, "A currency has two rates; keep one of them."),
        ({"rates": (("EUR", "1.1"),)}, "EUR is the base currency, so it needs no rate; leave it out."),
        ({"time_zone": "Mars/Olympus"}, "There is no time zone 'Mars/Olympus'; write it like Europe/Berlin"),
        ({"time_zone": "../etc/passwd"}, "There is no time zone '../etc/passwd'"),
        ({"week_start": "friday"}, "A week starts on monday, saturday, sunday, not on 'friday'."),
        ({"subscriptions": "yes"}, "Subscriptions are auto, on, off, not 'yes'."),
        ({"at_risk_from": 3.0}, "at risk from 3, lapsed from 3 and lost from 6 usual gaps: these must rise"),
        ({"lost_from": 2.0}, "these must rise, and lie between 1 and 100"),
        ({"loyal_from_days": 1}, "Loyal from 1 days with an order: choose 2 to 100 days."),
        ({"churn_days": 6}, "Churn days is 6; it must lie between 7 and 365."),
        ({"silence_days": 0}, "Silence days is 0; it must lie between 1 and 3650."),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(wrong: dict[str, object], sentence: str, store: Store) -> None:
    with pytest.raises(CrmError) as refused:
        change_preferences(store, {"margin_share": 0.5, **wrong})
    assert sentence in str(refused.value)
    assert load_preferences(store) == Preferences()  # nothing half done


def test_weights_that_weigh_nothing_are_not_saved(store: Store) -> None:
    with pytest.raises(CrmError, match="nothing is left to weigh"):
        change_preferences(store, {"alpha": 0.0, "beta": 0.0})


def test_a_change_leaves_the_others_and_can_be_taken_back(store: Store) -> None:
    change_preferences(store, {"margin_share": 0.5, "alpha": 0.1})
    back = change_preferences(store, {"margin_share": 0.4, "horizon_days": 90})
    assert back == {"margin_share": 0.5, "horizon_days": None}
    change_preferences(store, {"beta": 0.9})  # meanwhile, in another window
    change_preferences(store, back)
    assert load_preferences(store) == Preferences(margin_share=0.5, alpha=0.1, beta=0.9)
    with store.read() as session:
        assert sorted(session.scalars(select(Setting.key))) == ["alpha", "beta", "margin_share"]


def test_rates_stay_with_their_base_currency(store: Store) -> None:
    add_orders(store, [("a", "2026-01-01", 1000)], currency="GBP")
    change_preferences(store, {"rates": (("USD", "0.8"),)})
    add_orders(store, [("a", f"2026-01-{n:02d}", 1000) for n in range(2, 9)], currency="USD")
    assert load_preferences(store) == Preferences(currency="GBP", rates=(("USD", "0.8"),))
    back = change_preferences(store, {"currency": "USD"})
    assert load_preferences(store) == Preferences(currency="USD")
    change_preferences(store, back)
    assert load_preferences(store).rates == (("USD", "0.8"),)


def test_a_zone_that_this_computer_lacks_does_not_lock_the_owner_out(store: Store) -> None:
    change_preferences(store, {"margin_share": 0.5, "at_risk_from": 4.0, "lapsed_from": 5.0})
    with store.begin() as session:
        session.execute(insert(Setting).values(key="time_zone", value="Mars/Olympus"))
    assert load_preferences(store) == Preferences(margin_share=0.5, at_risk_from=4.0, lapsed_from=5.0)


def test_the_day_is_that_of_the_owners_zone() -> None:
    late = datetime(2026, 3, 14, 23, 30, tzinfo=UTC)
    assert day_in_zone(late, "Europe/Berlin") == date(2026, 3, 15)
    assert day_in_zone(late, "America/New_York") == date(2026, 3, 14)
    assert day_in_zone(late, "") == late.astimezone().date()
    assert zone_of("") is not None
    assert {"Europe/Berlin", "UTC", "Asia/Kolkata"} < set(known_zones())


def test_the_silence_before_data_count_as_ended_can_be_chosen(store: Store) -> None:
    add_orders(store, [("a", "2026-01-01", 1), ("a", "2026-01-11", 1), ("a", "2026-01-21", 1)])
    assert effective_day(store, today=date(2026, 3, 1), silence_days=60).is_today
    silent = effective_day(store, today=date(2026, 3, 1), silence_days=31)
    assert (silent.day, silent.is_today) == (date(2026, 1, 21), False)


def test_the_base_goes_by_rates_and_thresholds(store: Store) -> None:
    add_orders(store, [("a", f"2026-0{month}-01", 1000) for month in (1, 2, 3)])
    add_orders(store, [("a", "2026-03-01", 500)], currency="USD")
    end = date(2026, 5, 1)  # two usual gaps after the last order
    plain = customer_base(store, as_of=end, preferences=Preferences())
    chosen = Preferences(rates=(("USD", "0.92"),), at_risk_from=3.0, lapsed_from=4.0, loyal_from_days=3)
    base = customer_base(store, as_of=end, preferences=chosen)
    assert (plain.table["spend_minor"].item(), base.table["spend_minor"].item()) == (3000, 3460)
    assert (plain.table["stage"].item(), base.table["stage"].item()) == ("at risk", "loyal")
    assert plain.notes[0].startswith("1 order in USD ($5) counts as an order, but its money is not in any EUR figure.")
    assert base.notes[0] == "1 order in USD ($5) counts in every EUR figure at your rate of 0.92."
