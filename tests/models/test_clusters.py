"""Natural groups: published examples, recovery of simulated groups by every method, properties, and refusals."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris
from sklearn.metrics import adjusted_rand_score

from crm_core.errors import CrmError, TooLittleDataError
from crm_core.features.scaled_facts import ScaledFacts, scale_facts
from crm_core.models.clusters import NO_GROUP, SAMPLES, Clusters, find_clusters
from crm_core.models.group_choice import GroupChoice
from crm_core.vocabulary import GroupMethod
from tests.models.simulated_groups import simulate_groups

METHODS = list(GroupMethod)


def groups_of(table: pd.DataFrame, columns: list[str] | None = None, **choice: object) -> Clusters:
    scaled = scale_facts(table, columns=columns or list(table.columns))
    return find_clusters(scaled, choice=GroupChoice(**choice))  # type: ignore[arg-type]


def test_the_mall_customers_fall_into_the_published_groups(shared_data: Callable[[str], Path]) -> None:
    """Standardised income and spending score: k = 5, silhouette .5547, sizes 22, 23, 35, 39, 81; with age 6, .4274."""
    people = pd.read_csv(shared_data("Mall_Customers.csv"))
    scaled = scale_facts(people, columns=["AnnualIncome", "SpendingScore"], flatten=False)
    found = find_clusters(scaled, choice=GroupChoice(most=10))
    assert found.k == 5
    assert found.silhouette == pytest.approx(0.5547, abs=0.0001)
    assert found.sizes.tolist() == [81, 39, 35, 23, 22]
    with_age = scale_facts(people, columns=["AnnualIncome", "SpendingScore", "Age"], flatten=False)
    found = find_clusters(with_age, choice=GroupChoice(most=10))
    assert found.k == 6
    assert found.silhouette == pytest.approx(0.4274, abs=0.0001)


def test_iris_has_the_published_silhouettes() -> None:
    """Standardised iris: .5818 with two groups, .4599 with three (scikit-learn's own data set)."""
    flowers = pd.DataFrame(load_iris().data, columns=["a", "b", "c", "d"])
    found = groups_of(flowers)
    assert found.k == 2
    assert found.by_number.loc[2, "silhouette"] == pytest.approx(0.5818, abs=0.0005)
    assert found.by_number.loc[3, "silhouette"] == pytest.approx(0.4599, abs=0.0005)


def test_silhouette_and_inertia_of_a_line_are_those_worked_out_by_hand() -> None:
    """Points 0, 1, 9, 10 three times over: a = 8/9·..., all in units of their own spread."""
    scaled = ScaledFacts(pd.DataFrame({"x": [0.0, 1.0, 9.0, 10.0] * 3}), ())
    found = find_clusters(scaled, choice=GroupChoice(k=2))
    # outer points: a = 3/5 (three of the five others are 1 away), b = 9.5; inner ones: b = 8.5
    outer, inner = 1 - 0.6 / 9.5, 1 - 0.6 / 8.5
    assert found.silhouette == pytest.approx((outer + inner) / 2)
    assert found.by_number.loc[2, "inertia"] == pytest.approx(12 * 0.25)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_finds_simulated_groups_again(method: GroupMethod) -> None:
    table, truth = simulate_groups()
    found = groups_of(table, method=method)
    inside = (found.labels != NO_GROUP).to_numpy()
    assert found.k == 3
    assert adjusted_rand_score(truth[inside], found.labels[inside]) > 0.99
    assert inside.mean() > 0.8
    assert found.notes == ()
    if not GroupChoice(method).is_dense:
        assert found.sizes.tolist() == [300, 120, 60]
        assert list(found.by_number.index) == list(range(2, 9))


@pytest.mark.parametrize("method", METHODS)
def test_groups_of_a_sample_are_carried_over_to_everyone_and_that_is_said(
    method: GroupMethod, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SAMPLES, method, 500)
    table, truth = simulate_groups((800, 320, 160))
    found = groups_of(table, method=method, k=None if GroupChoice(method).is_dense else 3)
    inside = (found.labels != NO_GROUP).to_numpy()
    assert found.k == 3
    assert len(found.labels) == 1_280
    assert adjusted_rand_score(truth[inside], found.labels[inside]) > 0.99
    assert found.sample == 500
    assert found.notes[0].startswith("Found on 500 customers drawn from 1,280; the others joined the nearest")


@pytest.mark.parametrize("method", METHODS)
def test_shuffled_customers_fall_into_the_same_groups(method: GroupMethod) -> None:
    table = simulate_groups()[0] + np.random.default_rng(1).normal(0, 40, (480, 3))
    first = groups_of(table, method=method)
    second = groups_of(table.sample(frac=1, random_state=9), method=method)
    pd.testing.assert_series_equal(second.labels.sort_index(), first.labels)
    pd.testing.assert_frame_equal(second.by_number, first.by_number)


def test_another_unit_changes_no_group() -> None:
    table, _ = simulate_groups()
    other = table.assign(tenure_days=table["tenure_days"] * 24)
    assert groups_of(other).labels.equals(groups_of(table).labels)


def test_labels_run_from_the_largest_group_and_the_table_stays_as_it_was() -> None:
    table, _ = simulate_groups()
    before = table.copy(deep=True)
    found = groups_of(table, ["tenure_days"], k=4)
    assert found.k == 4
    assert sorted(found.labels.unique()) == [0, 1, 2, 3]
    assert found.sizes.is_monotonic_decreasing
    assert found.sizes.sum() == len(table)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("method", [GroupMethod.DBSCAN, GroupMethod.HDBSCAN])
def test_who_stands_far_off_is_in_no_group(method: GroupMethod) -> None:
    table, _ = simulate_groups()
    far = pd.DataFrame([[3_000.0, 3_000.0, 900.0], [-3_000.0, 0.0, 0.0]], columns=table.columns, index=[901, 902])
    found = groups_of(pd.concat([table, far]), method=method)
    assert found.labels[[901, 902]].tolist() == [NO_GROUP, NO_GROUP]
    assert found.outside == (found.labels == NO_GROUP).sum() >= 2
    assert found.outside + found.sizes.sum() == len(table) + 2


def test_a_reach_given_is_the_reach_used() -> None:
    table, _ = simulate_groups()
    found = groups_of(table, method=GroupMethod.DBSCAN, reach=50.0, neighbours=7)
    assert (found.k, found.outside, found.reach, found.neighbours) == (1, 0, 50.0, 7)
    assert np.isnan(found.silhouette)
    assert not found.is_clear


def test_crowds_too_small_to_be_groups_are_counted() -> None:
    table, _ = simulate_groups((300, 120, 6))
    found = groups_of(table, method=GroupMethod.DBSCAN, reach=0.6, neighbours=3)
    assert found.k == 2
    assert found.labels.tail(6).tolist() == [NO_GROUP] * 6
    assert found.notes == ("1 further crowd of few customers (6 of those looked at) is left in no group.",)


def test_a_fact_that_is_the_same_for_all_is_left_out_and_that_is_said() -> None:
    table, _ = simulate_groups()
    found = groups_of(table.assign(orders=1), ["orders", "tenure_days"])
    assert found.columns == ("tenure_days",)
    assert found.notes[0] == "Orders is the same for everyone, so it tells nobody apart."


def test_too_few_or_too_equal_customers_get_a_sentence() -> None:
    table, _ = simulate_groups()
    with pytest.raises(TooLittleDataError, match="at least 10 customers with orders; there are 9 so far"):
        groups_of(table.head(9), ["tenure_days"])
    with pytest.raises(TooLittleDataError, match="too much alike"):
        groups_of(table.assign(orders=1), ["orders"])
    with pytest.raises(TooLittleDataError, match="need at least 10 rows; there are 9 so far"):
        find_clusters(scale_facts(table.head(9), columns=["tenure_days"]), who="row")
    with pytest.raises(CrmError, match="from 2 to 8 groups for these customers, not 9"):
        groups_of(table, ["tenure_days"], k=9)
    with pytest.raises(CrmError, match="A reach must be above 0, not 0"):
        GroupChoice(GroupMethod.DBSCAN, reach=0)
    with pytest.raises(CrmError, match="from 3 to 50 neighbours, not 2"):
        GroupChoice(GroupMethod.DBSCAN, neighbours=2)


@pytest.mark.parametrize("method", METHODS)
def test_many_identical_customers_break_no_method(method: GroupMethod) -> None:
    table = pd.DataFrame({"orders": [1.0] * 60 + [2.0] * 30 + [9.0] * 30})
    found = groups_of(table, method=method)
    assert found.k >= 2
    assert found.labels.groupby(table["orders"]).nunique().max() == 1
