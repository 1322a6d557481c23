"""Dense crowds of any shape, and who stands in none: DBSCAN and HDBSCAN, with numbers that the data suggest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import DBSCAN, HDBSCAN
from sklearn.neighbors import NearestNeighbors

from crm_core.models.group_choice import GroupChoice
from crm_core.models.part_points import Floats, Ints
from crm_core.vocabulary import GroupMethod

__all__ = ["DenseGroups", "join_crowds", "part_by_density", "usual_neighbours", "usual_reach"]

LEAST_SHARE = 0.02  # of the points, which a crowd must have to count as a group
LEAST_CROWD = 5
STILL_NEAR = 1.75  # times the middle distance; tried on moons, crowds among noise and far-off single points


@dataclass(frozen=True)
class DenseGroups:
    """Labels of the points (-1: in no group), which of them are the dense heart of a group, how far each group reaches
    around its heart, the numbers used, and how many smaller crowds were let go with how many points."""

    labels: Ints
    is_core: NDArray[np.bool_]
    reach_of_group: Floats
    reach: float | None
    neighbours: int
    small_crowds: int
    in_small_crowds: int


def part_by_density(points: Floats, choice: GroupChoice) -> DenseGroups:
    """The crowds with at least 2 % of the points, the largest ``choice.most`` of them; numbers not given come from the
    data.

    DBSCAN: Ester, Kriegel, Sander & Xu (1996). HDBSCAN: Campello, Moulavi & Sander (2013).

    >>> points = np.array([[0.01 * n] for n in range(20)] + [[5 + 0.01 * n] for n in range(10)] + [[99.0]])
    >>> np.bincount(part_by_density(points, GroupChoice(GroupMethod.DBSCAN)).labels + 1).tolist()
    [1, 20, 10]
    """
    neighbours = choice.neighbours or usual_neighbours(points)
    neighbours = min(neighbours, len(points))
    crowd = max(LEAST_CROWD, round(LEAST_SHARE * len(points)))
    distances = neighbour_distances(points, neighbours)
    if choice.method is GroupMethod.DBSCAN:
        reach = choice.reach or usual_reach(distances)
        fit = DBSCAN(eps=reach, min_samples=neighbours).fit(points)
        is_core = np.zeros(len(points), bool)
        is_core[fit.core_sample_indices_] = True
        labels, small, inside = keep_large(fit.labels_.astype(np.int64), crowd, choice.most)
        reaches = np.full(int(labels.max(initial=-1)) + 1, reach)
        return DenseGroups(labels, is_core & (labels >= 0), reaches, reach, neighbours, small, inside)
    fit = HDBSCAN(min_cluster_size=crowd, min_samples=neighbours, copy=True).fit(points)
    labels, small, inside = keep_large(fit.labels_.astype(np.int64), crowd, choice.most)
    reaches = np.array([distances[labels == group].max() for group in range(int(labels.max(initial=-1)) + 1)])
    return DenseGroups(labels, labels >= 0, reaches, None, neighbours, small, inside)


def usual_neighbours(points: Floats) -> int:
    """How many make a crowd: twice the number of facts (Sander, Ester, Kriegel & Xu 1998), at least 5.

    >>> usual_neighbours(np.zeros((9, 2))), usual_neighbours(np.zeros((9, 6)))
    (5, 12)
    """
    return max(LEAST_CROWD, 2 * int(points.shape[1]))


def neighbour_distances(points: Floats, neighbours: int) -> Floats:
    """From each point to the last of its so many neighbours, itself the first."""
    found, _ = NearestNeighbors(n_neighbors=neighbours).fit(points).kneighbors(points)
    farthest: Floats = found[:, -1]
    return farthest


def usual_reach(distances: Floats) -> float:
    """The knee of the sorted distances to the last neighbour: where the points leave the crowds and the distances rise.

    It is the point farthest below the line from the first to the last distance, without the upper hundredth, where a
    few far ones alone would make the knee; and never below 1.75 times the middle distance, so that a curve without a
    knee does not cut through the crowds.

    >>> usual_reach(np.array([0.1] * 8 + [0.2, 5.0]))
    0.2
    >>> usual_reach(np.zeros(9))
    1e-09
    """
    ordered = np.sort(distances)
    ordered = ordered[: max(2, int(np.ceil(0.99 * len(ordered))))]
    rise = ordered[-1] - ordered[0]
    if rise > 0:
        below = np.linspace(0, 1, len(ordered)) - (ordered - ordered[0]) / rise
        knee = float(ordered[int(below.argmax())])
    else:
        knee = float(ordered[0])
    positive = ordered[ordered > 0]
    return max(knee, STILL_NEAR * float(np.median(ordered)), float(positive[0]) if len(positive) else 1e-9)


def keep_large(labels: Ints, crowd: int, most: int) -> tuple[Ints, int, int]:
    """Labels of the crowds that are large enough, the largest first; how many were let go, with how many points.

    >>> kept, small, inside = keep_large(np.array([0, 0, 1, 1, 1, 2, -1]), 2, 8)
    >>> kept.tolist(), small, inside
    ([1, 1, 0, 0, 0, -1, -1], 1, 1)
    """
    sizes = np.bincount(labels[labels >= 0])
    order = np.argsort(-sizes, kind="stable")
    kept = [group for group in order if sizes[group] >= crowd][:most]
    places = np.full(len(sizes) + 1, -1)
    places[kept] = np.arange(len(kept))
    renamed: Ints = places[labels]
    return renamed, len(sizes) - len(kept), int(sizes.sum() - sizes[kept].sum())


def join_crowds(points: Floats, sample: Floats, found: DenseGroups) -> Ints:
    """Everybody's group: that of the nearest heart point of the sample, where they stand within the group's reach."""
    labels = np.full(len(points), -1, np.int64)
    if not found.is_core.any():
        return labels
    hearts = NearestNeighbors(n_neighbors=1).fit(sample[found.is_core])
    distance, nearest = (answer[:, 0] for answer in hearts.kneighbors(points))
    groups = found.labels[found.is_core][nearest]
    inside = distance <= found.reach_of_group[groups]
    labels[inside] = groups[inside]
    return labels
