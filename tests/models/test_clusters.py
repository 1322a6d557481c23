"""Natural groups: a published example, recovery of simulated groups, properties, and refusals."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris
from sklearn.metrics import adjusted_rand_score

from crm_core.errors import CrmError, TooLittleDataError
from crm_core.models.clusters import find_clusters


def simulate_groups(sizes: tuple[int, ...] = (300, 120, 60), seed: int = 5) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers around far-apart middles, and the group each was drawn from."""
    rng = np.random.default_rng(seed)
    middles = np.array([[30, 100, 20], [300, 300, 60], [600, 80, 90]])
    truth = np.repeat(np.arange(len(sizes)), sizes)
    points = middles[truth] + rng.normal(0, 12, (len(truth), 3))
    columns = ["days_since_last_order", "tenure_days", "mean_order_minor"]
    return pd.DataFrame(points, columns=columns, index=np.arange(1, len(truth) + 1)), truth


def test_the_mall_customers_fall_into_the_five_published_groups(shared_data: Callable[[str], Path]) -> None:
    """Income and spending score standardised: k = 5, silhouette .5547, sizes 22, 23, 35, 39, 81."""
    people = pd.read_csv(shared_data("Mall_Customers.csv"))
    found = find_clusters(people, columns=["AnnualIncome", "SpendingScore"])
    assert found.k == 5
    assert found.silhouette == pytest.approx(0.5547, abs=0.0001)
    assert found.sizes.tolist() == [81, 39, 35, 23, 22]


def test_iris_has_the_published_silhouettes() -> None:
    """Standardised iris: .5818 with two groups, .4599 with three (scikit-learn's own data set)."""
    flowers = pd.DataFrame(load_iris().data, columns=["a", "b", "c", "d"])
    found = find_clusters(flowers, columns=["a", "b", "c", "d"])
    assert found.k == 2
    assert found.silhouettes[2] == pytest.approx(0.5818, abs=0.0005)
    assert found.silhouettes[3] == pytest.approx(0.4599, abs=0.0005)


def test_simulated_groups_are_found_again() -> None:
    table, truth = simulate_groups()
    found = find_clusters(table, columns=list(table.columns))
    assert found.k == 3
    assert adjusted_rand_score(truth, found.labels) > 0.99
    assert found.sizes.tolist() == [300, 120, 60]
    assert found.notes == ()


def test_groups_of_a_sample_are_carried_over_to_everyone() -> None:
    table, truth = simulate_groups((6_000, 2_400, 1_200))
    found = find_clusters(table, columns=list(table.columns))
    assert found.k == 3
    assert len(found.labels) == 9_600
    assert adjusted_rand_score(truth, found.labels) > 0.99


def test_shuffled_customers_fall_into_the_same_groups() -> None:
    table = simulate_groups()[0] + np.random.default_rng(1).normal(0, 80, (480, 3))
    first = find_clusters(table, columns=list(table.columns))
    second = find_clusters(table.sample(frac=1, random_state=9), columns=list(table.columns))
    pd.testing.assert_series_equal(second.labels.sort_index(), first.labels)
    pd.testing.assert_series_equal(second.silhouettes, first.silhouettes)


def test_another_unit_changes_no_group() -> None:
    table, _ = simulate_groups()
    other = table.assign(tenure_days=table["tenure_days"] * 24)
    assert find_clusters(other, columns=list(table)).labels.equals(find_clusters(table, columns=list(table)).labels)


def test_labels_run_from_the_largest_group_and_the_table_stays_as_it_was() -> None:
    table, _ = simulate_groups()
    before = table.copy(deep=True)
    found = find_clusters(table, columns=["tenure_days"], k=4)
    assert found.k == 4
    assert sorted(found.labels.unique()) == [0, 1, 2, 3]
    assert found.sizes.is_monotonic_decreasing
    assert found.sizes.sum() == len(table)
    pd.testing.assert_frame_equal(table, before)


def test_one_crowd_is_called_one_crowd() -> None:
    crowd = pd.DataFrame(np.random.default_rng(3).normal(size=(400, 6)), columns=list("abcdef"))
    found = find_clusters(crowd, columns=list("abcdef"))
    assert found.silhouette < 0.25
    assert found.notes[-1].startswith("No clear groups here (silhouette 0.1")


def test_a_fact_that_is_the_same_for_all_is_left_out_and_that_is_said() -> None:
    table, _ = simulate_groups()
    found = find_clusters(table.assign(orders=1), columns=["orders", "tenure_days"])
    assert found.columns == ("tenure_days",)
    assert found.notes[0] == "Orders is the same for everyone, so it tells nobody apart."


def test_too_few_or_too_equal_customers_get_a_sentence() -> None:
    table, _ = simulate_groups()
    with pytest.raises(TooLittleDataError, match="at least 10 customers with orders; there are 9 so far"):
        find_clusters(table.head(9), columns=["tenure_days"])
    with pytest.raises(TooLittleDataError, match="too much alike"):
        find_clusters(table.assign(orders=1), columns=["orders"])
    with pytest.raises(CrmError, match="from 2 to 8 groups for these customers, not 9"):
        find_clusters(table, columns=["tenure_days"], k=9)
