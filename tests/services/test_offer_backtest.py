"""Offers on past days: both lists, blind to the future, and sentences for small and young shops."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm_core.services.offer_backtest import LEAST_CUSTOMERS, ListKind, run_offer_backtest
from crm_core.store.session import Store
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.shops import add_orders


def test_both_lists_are_tested_on_past_days(demo_store: Store) -> None:
    told: list[float] = []
    base = base_of(demo_store, LAST_DAY)
    found = run_offer_backtest(demo_store, base, horizon_days=90, tell=lambda share, _what: told.append(share))
    assert not found.too_early
    assert told == sorted(told)
    days = found.past_days
    assert set(days["which"]) == set(ListKind)
    assert days["cut_off"].max() + pd.Timedelta(days=90) <= base.days["ordered_on"].max()
    for which in ListKind:
        shares = found.grades[which].table["hit_share"]
        own = days[days["which"] == which]
        assert shares["list"] == pytest.approx(np.average(own["list"], weights=own["customers"]))
        assert shares["list"] > 1.2 * shares["chance"]
    hits = round(100 * found.grades[ListKind.NEXT].table.loc["list", "hit_share"])
    assert found.sentence(ListKind.NEXT).startswith(
        f"Of 100 customers who bought again within 90 days, {hits} bought something from their list; from a list of "
    )
    assert found.verdict(ListKind.NEXT) == "Better than bestsellers by more than chance explains."


def test_what_came_after_the_day_looked_at_changes_nothing(demo_store: Store) -> None:
    then = date(2025, 6, 1)
    before = run_offer_backtest(demo_store, base_of(demo_store, then), horizon_days=60)
    add_orders(demo_store, [(f"new {n}", "2025-09-01", 500) for n in range(40)])
    after = run_offer_backtest(demo_store, base_of(demo_store, then), horizon_days=60)
    pd.testing.assert_frame_equal(before.past_days, after.past_days, rtol=1e-9)


def test_small_and_young_shops_get_a_sentence(store: Store) -> None:
    empty = run_offer_backtest(store, base_of(store, date(2026, 3, 1)), horizon_days=30)
    assert empty.too_early.startswith("Your orders name no products")
    add_orders(store, [(f"c{n}", f"2026-0{month}-0{n}", 1000) for n in range(1, 9) for month in (1, 2)])
    young = run_offer_backtest(store, base_of(store, date(2026, 3, 1)), horizon_days=30)
    assert "Testing 30 days ahead needs orders over at least 60 days" in young.too_early
    assert young.sentence(ListKind.NEW) == young.too_early
    assert young.verdict(ListKind.NEW) == ""
    assert young.customers < LEAST_CUSTOMERS
