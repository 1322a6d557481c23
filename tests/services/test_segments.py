"""Segments of a stored shop: groups, grid, and small shops."""

from datetime import date

import pytest

from crm_core.services.segments import customers_of, segment_customers
from crm_core.store.session import Store
from tests.bases import base_of
from tests.conftest import LAST_DAY
from tests.services.test_customers import SMALL_SHOPS
from tests.shops import add_orders

END = date(2026, 6, 30)


def test_groups_and_grid_hold_everyone_and_all_the_money(demo_store: Store) -> None:
    base = base_of(demo_store, LAST_DAY)
    found = segment_customers(base)
    people, money = len(base.table), base.table["spend_minor"].sum()
    for table in (found.groups, found.grid):
        assert table["customers"].sum() == people
        assert table["spend_minor"].sum() == money
    assert len(found.grid) == 25
    assert found.groups["spend_share"].sum() == pytest.approx(1)
    assert found.groups["customer_share"].sum() == pytest.approx(1)
    for row in found.groups.itertuples():
        chosen = customers_of(found, group=row.group)
        assert len(chosen) == row.customers
        assert chosen["spend_minor"].is_monotonic_decreasing
        assert found.grid.loc[found.grid["group"] == row.group, "customers"].sum() == row.customers
    assert len(customers_of(found, group=None)) == people
    assert (found.made_by.customers, found.made_by.as_of) == (people, LAST_DAY)


def test_champions_ordered_later_and_oftener_than_the_lost(demo_store: Store) -> None:
    groups = segment_customers(base_of(demo_store, LAST_DAY)).groups.set_index("group")
    assert groups.loc["Champions", "median_days_since"] < 60 < groups.loc["Lost", "median_days_since"]
    assert groups.loc["Champions", "median_orders"] > groups.loc["Lost", "median_orders"]


@pytest.mark.parametrize("shop", SMALL_SHOPS)
def test_small_shops_have_as_many_segments_as_people_allow(store: Store, shop: str) -> None:
    add_orders(store, SMALL_SHOPS[shop])
    base = base_of(store, END)
    found = segment_customers(base)
    assert found.groups["customers"].sum() == len(base.table)
    if shop == "one":
        assert found.groups["group"].tolist() == ["Need attention"]
