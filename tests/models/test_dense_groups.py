"""Dense crowds: published labels, numbers from the data, and who joins them later."""

import numpy as np
import pytest
from sklearn.datasets import make_moons
from sklearn.metrics import adjusted_rand_score

from crm_core.models.dense_groups import join_crowds, neighbour_distances, part_by_density, usual_reach
from crm_core.models.group_choice import GroupChoice
from crm_core.vocabulary import GroupMethod

DENSE = [GroupMethod.DBSCAN, GroupMethod.HDBSCAN]


@pytest.mark.parametrize("method", DENSE)
def test_two_moons_are_two_crowds_which_no_centre_could_find(method: GroupMethod) -> None:
    points, truth = make_moons(600, noise=0.05, random_state=3)
    found = part_by_density(points, GroupChoice(method))
    inside = found.labels >= 0
    assert found.labels.max() == 1
    assert inside.mean() > 0.8
    assert adjusted_rand_score(truth[inside], found.labels[inside]) > 0.99


def test_hand_counted_neighbours_make_the_hearts() -> None:
    """Within 1.5, with 3 neighbours: the four in a row hold together, their ends are no hearts, 99 is alone."""
    points = np.array([[0.0], [1.0], [2.0], [3.0], [4.0], [99.0]])
    found = part_by_density(points, GroupChoice(GroupMethod.DBSCAN, reach=1.5, neighbours=3))
    assert found.labels.tolist() == [0, 0, 0, 0, 0, -1]
    assert found.is_core.tolist() == [False, True, True, True, False, False]


def test_later_points_join_the_nearest_heart_within_reach() -> None:
    sample = np.array([[0.0], [1.0], [2.0], [3.0], [4.0], [99.0]])
    found = part_by_density(sample, GroupChoice(GroupMethod.DBSCAN, reach=1.5, neighbours=3))
    later = join_crowds(np.array([[4.4], [4.6], [-0.4], [99.0]]), sample, found)
    assert later.tolist() == [0, -1, 0, -1]


def test_where_there_is_no_crowd_nobody_joins_one() -> None:
    points = np.arange(20.0)[:, None]
    found = part_by_density(points, GroupChoice(GroupMethod.DBSCAN, reach=0.1, neighbours=3))
    assert set(found.labels) == {-1}
    assert set(join_crowds(points, points, found)) == {-1}


def test_the_knee_lies_between_the_crowd_and_those_apart() -> None:
    rng = np.random.default_rng(4)
    crowd, apart = rng.normal(0, 0.1, (300, 2)), rng.uniform(-9, 9, (20, 2))
    distances = neighbour_distances(np.vstack([crowd, apart]), 5)
    assert np.quantile(distances[:300], 0.9) < usual_reach(distances) < np.median(distances[300:])
