"""How often each customer buys, and how late they are."""

import numpy as np
import pandas as pd
import pytest

from crm_core.features.rhythm import count_returns, rhythm_table, shop_rhythm, waits_between_orders


def days_of(**customers: list[int]) -> pd.DataFrame:
    rows = [(name, pd.Timestamp("2026-01-01") + pd.Timedelta(days=d)) for name, days in customers.items() for d in days]
    return pd.DataFrame(rows, columns=["customer_id", "ordered_on"])


def facts_from(days: pd.DataFrame) -> pd.DataFrame:
    found = days.groupby("customer_id")["ordered_on"].agg(["min", "max", "size"])
    return pd.DataFrame(
        {
            "first_order_on": found["min"],
            "last_order_on": found["max"],
            "purchase_days": found["size"],
            "orders": found["size"],
        }
    )


def test_gaps_are_shrunk_towards_the_shop_by_one_gap() -> None:
    days = days_of(a=[0, 10, 20], b=[0, 30])
    shop = shop_rhythm(days)
    assert (shop.typical_gap_days, shop.first_to_second_days, shop.repeat_buyers) == (20, 20, 2)
    table = rhythm_table(facts_from(days), shop=shop, as_of=pd.Timestamp("2026-02-20"))
    assert table.loc["a", "usual_gap_days"] == pytest.approx((20 + 20) / 3)
    assert table.loc["a", "mean_gap_days"] == 10
    assert table.loc["a", "lateness"] == pytest.approx(30 / (40 / 3))
    assert table.loc["b", "repeat_rate"] == 0.5


def test_one_time_buyers_wait_for_the_shops_second_order() -> None:
    days = days_of(a=[0, 12], once=[0])
    table = rhythm_table(facts_from(days), shop=shop_rhythm(days), as_of=pd.Timestamp("2026-01-25"))
    assert table.loc["once", "usual_gap_days"] == 12
    assert table.loc["once", "lateness"] == 2
    assert np.isnan(table.loc["once", "mean_gap_days"])


def test_without_repeat_buyers_lateness_is_unknown() -> None:
    days = days_of(a=[0], b=[5])
    table = rhythm_table(facts_from(days), shop=shop_rhythm(days), as_of=pd.Timestamp("2026-06-01"))
    assert table["lateness"].isna().all()


def test_shuffled_days_give_the_same_rhythm() -> None:
    days = days_of(a=[0, 3, 40], b=[1, 9], c=[4])
    shuffled = days.sample(frac=1, random_state=3)
    assert shop_rhythm(days) == shop_rhythm(shuffled)
    one, other = (waits_between_orders(d, shop=shop_rhythm(d)) for d in (days, shuffled))
    np.testing.assert_array_equal(one.ended, other.ended)


def test_returns_count_only_waits_whose_window_has_passed() -> None:
    days = days_of(early=[0, 10, 20, 60], gone=[0, 10, 20], fresh=[170, 180])
    shop = shop_rhythm(days)
    waits = waits_between_orders(days, shop=shop)
    cases, returned = count_returns(waits, lateness=2.0, first=False, within_days=90, as_of=pd.Timestamp("2026-07-20"))
    assert (cases, returned) == (3, 1)  # after day 20: early came back, gone did not; after day 60: early did not
    later = count_returns(waits, lateness=2.0, first=False, within_days=90, as_of=pd.Timestamp("2026-03-01"))
    assert later == (0, 0)


def test_an_empty_shop_has_no_waits() -> None:
    days = days_of()
    days["ordered_on"] = pd.to_datetime(days["ordered_on"])
    waits = waits_between_orders(days, shop=shop_rhythm(days))
    assert count_returns(waits, lateness=1, first=True, within_days=90, as_of=pd.Timestamp("2026-01-01")) == (0, 0)
