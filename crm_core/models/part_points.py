"""Points parted into a given number of groups: around centres, by merging, or by splitting."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster
from sklearn.cluster import AgglomerativeClustering, BisectingKMeans, KMeans

from crm_core.vocabulary import GroupMethod

__all__ = ["Floats", "Ints", "centres_of", "inertia_of", "merge_tree", "part_points", "settle"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FEWEST_STARTS, MOST_STARTS = 5, 50
STARTS_TIMES_POINTS = 20_000  # few points take many starts in no time, and need them to find the best groups
SPLIT_STARTS = 5  # of each splitting in two


def part_points(
    points: Floats, numbers: Iterable[int], *, method: GroupMethod, seed: int, starts: int | None = None
) -> dict[int, Ints]:
    """Labels 0, 1, ... of the points for each number of groups.

    K-means: Lloyd (1982). Ward: the merge that adds least to the squares within (Ward 1963), one tree for all numbers.
    Bisecting: the widest group is split in two until there are enough (Steinbach, Karypis & Kumar 2000).

    >>> points = np.array([[0.0], [0.1], [5.0], [5.1]])
    >>> [len(set(part_points(points, [2], method=method, seed=7)[2][:2])) for method in list(GroupMethod)[:3]]
    [1, 1, 1]
    """
    if method is GroupMethod.WARD:
        tree = merge_tree(points)
        return {k: fcluster(tree, k, criterion="maxclust").astype(np.int64) - 1 for k in numbers}
    if method is GroupMethod.BISECTING:
        fits = {k: BisectingKMeans(k, n_init=SPLIT_STARTS, random_state=seed).fit(points) for k in numbers}
    else:
        starts = starts or min(max(STARTS_TIMES_POINTS // len(points), FEWEST_STARTS), MOST_STARTS)
        fits = {k: KMeans(k, n_init=starts, random_state=seed).fit(points) for k in numbers}
    return {k: fit.labels_.astype(np.int64) for k, fit in fits.items()}


def merge_tree(points: Floats) -> Floats:
    """Ward's merges as SciPy writes them: one row each, [first, second, distance, points in it].

    >>> merge_tree(np.array([[0.0], [1.0], [5.0]])).round(2).tolist()
    [[0.0, 1.0, 1.0, 2.0], [2.0, 3.0, 5.2, 3.0]]
    """
    fit = AgglomerativeClustering(n_clusters=None, distance_threshold=0, linkage="ward").fit(points)
    inside = np.ones(2 * len(points) - 1)
    for place, (first, second) in enumerate(fit.children_):
        inside[len(points) + place] = inside[first] + inside[second]
    merged = inside[len(points) :]
    return np.column_stack([fit.children_, fit.distances_, merged]).astype(np.float64)


def centres_of(points: Floats, labels: Ints) -> Floats:
    """The mean of each group 0, 1, ...; who is in none (-1) counts nowhere."""
    inside = labels >= 0
    groups = int(labels.max(initial=-1)) + 1
    sums = np.zeros((groups, points.shape[1]))
    np.add.at(sums, labels[inside], points[inside])
    return sums / np.bincount(labels[inside], minlength=groups)[:, None]


def inertia_of(points: Floats, labels: Ints) -> float:
    """The sum of squared distances to the centre of the own group.

    >>> inertia_of(np.array([[0.0], [2.0], [9.0]]), np.array([0, 0, 1]))
    2.0
    """
    return float(((points - centres_of(points, labels)[labels]) ** 2).sum())


def settle(points: Floats, centres: Floats, *, seed: int) -> Ints:
    """Everybody's group, from the centres that a sample gave, moved to where they settle among all."""
    fit = KMeans(len(centres), init=centres, n_init=1, random_state=seed).fit(points)
    labels: Ints = fit.labels_.astype(np.int64)
    return labels
