"""Would the same groups appear again: sure ones do, slices of a crowd do not."""

import numpy as np
import pandas as pd
import pytest

from crm_core.features.scaled_facts import scale_facts
from crm_core.models.clusters import find_clusters
from crm_core.models.group_choice import GroupChoice
from crm_core.models.group_stability import overlap_of_groups, try_again
from crm_core.vocabulary import GroupMethod
from tests.models.simulated_groups import simulate_groups


@pytest.mark.parametrize("method", list(GroupMethod))
def test_groups_far_apart_appear_again(method: GroupMethod) -> None:
    table, _ = simulate_groups()
    scaled = scale_facts(table, columns=list(table))
    found = find_clusters(scaled, choice=GroupChoice(method))
    tried = try_again(scaled, found)
    assert tried.agreement > 0.95
    assert tried.by_group.index.tolist() == [0, 1, 2]
    assert tried.by_group.min() > (0.7 if method is GroupMethod.DBSCAN else 0.97)


def test_slices_of_one_crowd_do_not() -> None:
    crowd = pd.DataFrame(np.random.default_rng(3).normal(size=(400, 6)), columns=list("abcdef"))
    scaled = scale_facts(crowd, columns=list("abcdef"))
    tried = try_again(scaled, find_clusters(scaled, choice=GroupChoice(k=6)))
    assert tried.agreement < 0.5
    assert tried.by_group.max() < 0.6


def test_of_groups_some_may_be_sure_and_others_not() -> None:
    """A crowd far off stays; the other one is cut in two by chance."""
    rng = np.random.default_rng(3)
    points = np.vstack([rng.normal(0, 1, (200, 2)), rng.normal(12, 1, (100, 2))])
    scaled = scale_facts(pd.DataFrame(points, columns=["a", "b"]), columns=["a", "b"])
    found = find_clusters(scaled, choice=GroupChoice(k=3))
    tried = try_again(scaled, found)
    far = found.labels.iloc[-1]
    assert tried.by_group[far] > 0.99
    assert tried.by_group.drop(far).max() < 0.9


def test_the_order_of_customers_changes_nothing() -> None:
    table, _ = simulate_groups()
    answers = []
    for people in (table, table.sample(frac=1, random_state=3)):
        scaled = scale_facts(people, columns=list(table))
        answers.append(try_again(scaled, find_clusters(scaled, choice=GroupChoice(k=4)), resamples=3))
    assert answers[0].agreement == answers[1].agreement
    pd.testing.assert_series_equal(answers[0].by_group, answers[1].by_group)


def test_overlap_counts_who_is_in_both_among_who_is_in_either() -> None:
    shown, again = np.array([0, 0, 0, 1, 1, -1]), np.array([1, 1, 0, 0, 0, 0])
    found = overlap_of_groups(shown, again, 3)
    assert found[[0, 1]].tolist() == pytest.approx([2 / 3, 2 / 4])
    assert np.isnan(found[2])


def test_ten_customers_are_enough() -> None:
    scaled = scale_facts(pd.DataFrame({"a": np.arange(10.0)}), columns=["a"])
    for method in GroupMethod:
        tried = try_again(scaled, find_clusters(scaled, choice=GroupChoice(method)), resamples=3)
        assert -1 <= tried.agreement <= 1
