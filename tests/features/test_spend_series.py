"""Months counted back from a day: none is cut, none before the first order is a zero, and who has a series."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm_core.errors import CrmError
from crm_core.features.spend_series import Regularity, month_ends, monthly_spend, regular_customers

END = date(2026, 3, 14)


def days_of(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    """Rows of (customer, days before the end, spend)."""
    ago = [pd.Timestamp(END) - pd.Timedelta(days=back) for _, back, _ in rows]
    return pd.DataFrame(
        {"customer_id": [who for who, _, _ in rows], "ordered_on": ago, "spend_minor": [spend for _, _, spend in rows]}
    )


def test_a_month_ends_with_the_day_and_nothing_is_counted_twice() -> None:
    every_day = days_of([(1, back, 1) for back in range(731)])
    table = monthly_spend(every_day, as_of=END)
    assert table.shape == (1, 24)
    assert set(table.to_numpy()[0]) == {30.0, 31.0}
    assert table.to_numpy().sum() == 731  # two years and half a day, all of it
    assert table.columns[-1] == pd.Timestamp(END)
    assert (np.diff(table.columns) / np.timedelta64(1, "D")).tolist() == table.to_numpy()[0, 1:].tolist()


def test_months_that_began_before_the_first_order_are_unknown() -> None:
    table = monthly_spend(days_of([(1, 70, 100), (1, 0, 700), (2, 29, 900), (3, 30, 50), (3, -1, 9)]), as_of=END)
    assert table.loc[1].tolist() == [0.0, 700.0]
    assert table.loc[2].isna().all()  # 30 days are no whole month
    assert table.loc[3].isna().tolist() == [True, False]
    assert table.loc[3].iloc[-1] == 50.0


def test_refunds_are_taken_off_and_rows_may_come_in_any_order() -> None:
    days = days_of([(1, 90, 100), (1, 40, 500), (1, 35, -200), (1, 40, 30), (2, 90, 10)])
    table = monthly_spend(days, as_of=END)
    assert table.loc[1].tolist() == [330.0, 0.0]
    pd.testing.assert_frame_equal(monthly_spend(days.sample(frac=1, random_state=3), as_of=END), table)
    with pytest.raises(CrmError, match="'spend_minor'"):
        monthly_spend(days[["customer_id", "ordered_on"]], as_of=END)


def test_months_ahead_follow_those_so_far() -> None:
    ahead = month_ends(END, months=12, ahead=True)
    assert set(np.diff(np.r_[np.datetime64(END), ahead.to_numpy()]) / np.timedelta64(1, "D")) == {30.0, 31.0}
    assert ahead[-1] == pd.Timestamp(END) + pd.Timedelta(days=365)


def test_who_has_a_series() -> None:
    often = [(1, back, 1) for back in range(0, 760, 30)]
    seldom = [(2, back, 1) for back in (740, *range(0, 700, 95))]  # eight of the latest months have an order
    fewer = [(3, back, 1) for back in (735, 400, 390, 380, 10, 9, 8, 7, 6, 5)]
    young = [(4, back, 1) for back in range(0, 720, 10)]
    days = days_of([*often, *seldom, *fewer, *young]).sample(frac=1, random_state=1)
    found = regular_customers(days, as_of=END, rule=Regularity())
    assert found.index.tolist() == [1, 2]
    assert found.loc[2].tolist() == [24, 8]
    assert regular_customers(days, as_of=date(2024, 5, 1), rule=Regularity()).empty
    assert regular_customers(days.iloc[:0], as_of=END, rule=Regularity()).empty
    assert 4 in regular_customers(days, as_of=END, rule=Regularity(months=12)).index
