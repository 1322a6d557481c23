"""Grouped customers stand for the single ones."""

import numpy as np

from crm_core.models.purchase_groups import GroupedCustomers, distinct_rows

X, LAST, END = np.array([2.0, 0, 2, 0, 1]), np.array([5.5, 0, 5.5, 0, 3]), np.array([9.0, 9, 9, 9, 7])


def test_equal_histories_are_one_row_with_a_weight() -> None:
    for fewest, expected in [(0, {(2, 5.5, 9, 2), (0, 0, 9, 2), (1, 3, 7, 1)}), (1, {(2, 5.5, 9, 2), (1, 3, 7, 1)})]:
        groups = GroupedCustomers(X, LAST, END, fewest=fewest)
        rows = zip(groups.x, groups.lasts[groups.last], groups.ends[groups.end], groups.weight, strict=True)
        assert set(rows) == expected
        assert groups.customers == groups.weight_of_count.sum() == groups.weight_of_end.sum() == 5
        assert groups.purchases_of_end.sum() == X.sum()


def test_times_are_in_the_unit_asked_for() -> None:
    assert np.array_equal(GroupedCustomers(X, LAST, END, fewest=0, unit=7).ends, np.arange(10) / 7)


def test_distinct_rows_lead_back_to_all_rows() -> None:
    first, place = distinct_rows(X, LAST, END)
    assert len(first) == 3
    for column in (X, LAST, END):
        assert np.array_equal(column[first][place], column)
