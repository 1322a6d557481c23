"""Subscriptions: offered or not and why, what they bring, and what is said where little is known."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm_core.models.shifted_beta_geometric import ShiftedBetaGeometric
from crm_core.services.customers import CustomerBase, customer_base
from crm_core.services.exports import export_table
from crm_core.services.preference_effects import subscriptions_effect
from crm_core.services.preferences import Preferences, change_preferences
from crm_core.services.subscriptions import Subscriptions, offer_subscriptions, subscriptions_of
from crm_core.store.session import Store
from tests.conftest import LAST_DAY
from tests.shops import SMALL_SHOPS, add_orders
from tests.simulated_contracts import AS_OF, as_orders, simulate_payments

AUTO, ON, OFF = (Preferences(subscriptions=choice) for choice in ("auto", "on", "off"))


def base_of(store: Store, orders: Sequence[tuple[str, str, int]] = (), *, as_of: date = AS_OF) -> CustomerBase:
    if orders:
        add_orders(store, orders)
    return customer_base(store, as_of=as_of, preferences=Preferences())


def found_in(base: CustomerBase, preferences: Preferences) -> Subscriptions:
    found = subscriptions_of(base, preferences, offer_subscriptions(base, preferences))
    assert found is not None
    return found


def monthly(people: int) -> list[tuple[str, str, int]]:
    return [(f"c{n}", f"2026-0{month}-01", 1000) for n in range(people) for month in (1, 2, 3)]


@pytest.fixture
def shop(store: Store) -> CustomerBase:
    return base_of(store, as_orders(simulate_payments(120, seed=5, extras=0.05, one_off=80)))


def test_a_mixed_shop_is_offered_with_all_its_figures(shop: CustomerBase) -> None:
    offer = offer_subscriptions(shop, AUTO)
    assert offer.offered
    assert offer.reason.endswith(" customers with orders on 3 or more days pay monthly.")
    found = found_in(shop, AUTO)
    table, running = found.table, found.running
    assert 115 <= len(table) <= 122
    assert found.made_by.customers == len(table)
    assert (found.period.each, found.made_by.as_of) == ("monthly", AS_OF)
    assert not table.isna().any().any()
    assert running["p_renews"].between(0.5, 1).all()
    assert (table.loc[~table["running"], ["p_renews", "value_ahead_minor", "value_lifetime_minor"]] == 0).all(axis=None)
    assert (running["value_lifetime_minor"] >= running["value_ahead_minor"]).all()
    assert running["value_lifetime_minor"].is_monotonic_decreasing
    assert found.ahead.value_minor == pytest.approx(table["value_ahead_minor"].sum())
    assert found.ahead.low_minor < found.ahead.value_minor < found.ahead.high_minor
    assert found.lifetime.low_minor < found.lifetime.value_minor < found.lifetime.high_minor
    assert 0 < found.still_paying < len(running)
    assert (running["expected_payments"] <= 12).all()
    assert any("customers with other orders are left out." in note for note in found.notes)


def test_the_curve_is_counted_and_fitted(shop: CustomerBase) -> None:
    found = found_in(shop, AUTO)
    curve, table = found.curve, found.table
    assert curve.loc[0].tolist() == [len(table), len(table), 1.0, 1.0]
    renewals = table["periods_paid"] + table["skipped"] - 1
    could = (renewals >= 1) | ~table["running"]
    assert curve.loc[1, ["could_renew", "renewed"]].tolist() == [could.sum(), (renewals >= 1).sum()]
    assert curve.loc[1, "observed"] == pytest.approx((renewals >= 1).sum() / could.sum())
    model = ShiftedBetaGeometric.from_parameters(found.parameters)
    assert curve["fitted"].to_numpy() == pytest.approx(model.survival(len(curve) - 1).to_numpy())
    seen = curve[curve["observed"].notna()]
    assert np.abs(seen["observed"] - seen["fitted"]).mean() < 0.05
    assert (seen["could_renew"] >= 5).all()


def test_margin_discount_and_horizon_are_the_owners(shop: CustomerBase) -> None:
    whole, part = found_in(shop, AUTO), found_in(shop, replace(AUTO, margin_share=0.4))
    assert part.ahead.value_minor == pytest.approx(0.4 * whole.ahead.value_minor)
    assert part.margin_share == 0.4
    short = found_in(shop, replace(AUTO, horizon_days=90))
    assert short.ahead.value_minor < whole.ahead.value_minor
    assert short.lifetime == whole.lifetime
    free = found_in(shop, replace(AUTO, discount_rate=0.0))
    assert np.isfinite(free.lifetime.value_minor)
    assert free.lifetime.value_minor > whole.lifetime.value_minor


def test_the_same_shop_has_the_same_answer(shop: CustomerBase) -> None:
    shuffled = replace(shop, days=shop.days.sample(frac=1, random_state=2))
    one, two = found_in(shop, AUTO), found_in(shuffled, AUTO)
    pd.testing.assert_frame_equal(one.table, two.table)
    assert one.lifetime == two.lifetime


def test_the_demonstration_is_no_shop_of_subscriptions(demo_store: Store) -> None:
    base = base_of(demo_store, as_of=LAST_DAY)
    offer = offer_subscriptions(base, AUTO)
    assert not offer.offered
    assert offer.found.share < 0.1
    assert offer.reason.startswith("Your orders don't come at fixed intervals: of ")
    assert subscriptions_of(base, AUTO, offer) is None
    wanted = offer_subscriptions(base, ON)
    assert wanted.offered
    assert "the figures take the median gap of " in wanted.reason
    found = found_in(base, ON)
    assert len(found.table) == len(base.table)
    assert not found.table.isna().any().any()


def test_off_is_off(shop: CustomerBase) -> None:
    offer = offer_subscriptions(shop, OFF)
    assert (offer.offered, offer.reason) == (False, "Subscriptions are switched off in Settings.")
    assert subscriptions_of(shop, OFF, offer) is None


def test_four_regular_payers_are_few_and_five_enough(store: Store) -> None:
    base = base_of(store, monthly(4))
    offer = offer_subscriptions(base, AUTO)
    assert not offer.offered
    assert offer.reason == (
        "4 of 4 customers with orders on 3 or more days pay monthly. From 5 on these count as subscriptions."
    )
    assert found_in(base, ON).period.each == "monthly"
    assert offer_subscriptions(base_of(store, [(f"d{n}", d, a) for n, d, a in monthly(1)]), AUTO).offered


def test_where_nobody_left_or_everybody_did_a_cautious_guess_weighs_in(store: Store) -> None:
    found = found_in(base_of(store, monthly(12)), AUTO)
    assert found.table["running"].all()
    assert found.notes[0].startswith("0 subscribers have left and 12 still pay: too few to learn from alone")
    later = found_in(base_of(store, as_of=date(2026, 6, 1)), AUTO)
    assert not later.table["running"].any()
    assert (later.ahead.value_minor, later.still_paying, later.lifetime.high_minor) == (0, 0, 0)
    assert later.curve.notna().all(axis=None)


@pytest.mark.parametrize("name", SMALL_SHOPS)
@pytest.mark.parametrize("chosen", [AUTO, ON, OFF], ids=lambda preferences: preferences.subscriptions)
def test_small_shops_have_a_true_answer(name: str, chosen: Preferences, store: Store) -> None:
    base = base_of(store, SMALL_SHOPS[name], as_of=date(2026, 7, 1))
    offer = offer_subscriptions(base, chosen)
    found = subscriptions_of(base, chosen, offer)
    assert offer.reason.endswith((".", "guide."))
    nine_days = name == "all amounts equal"  # nine people, each every nine days: that is an interval
    assert offer.offered == (chosen is ON or (nine_days and chosen is AUTO))
    if found is None:
        assert chosen is not ON or "on a second day yet" in offer.reason
    else:
        assert not found.table.isna().any().any()
        assert np.isfinite([*vars(found.ahead).values(), *vars(found.lifetime).values(), found.still_paying]).all()


def test_subscribers_are_an_export_and_a_setting_says_what_it_does(store: Store) -> None:
    base = base_of(store, monthly(6))
    rows = export_table(store, "subscriptions", as_of=AS_OF)
    assert rows["customer_id"].tolist() == [f"c{n}" for n in range(6)]
    assert {"value_ahead", "value_lifetime", "amount", "currency", "running"} <= set(rows.columns)
    assert subscriptions_effect(base, AUTO).sentences[0] == "The tab Subscriptions is shown."
    assert subscriptions_effect(base, OFF).sentences == ("There is no tab Subscriptions.",)
    change_preferences(store, {"subscriptions": "off"})
    assert export_table(store, "subscriptions", as_of=AS_OF).empty
