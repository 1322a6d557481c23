"""How groups merged step by step, as lines to draw: the last merges of Ward's tree."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import dendrogram
from threadpoolctl import threadpool_limits

from crm_core.features.scaled_facts import ScaledFacts
from crm_core.models.clusters import SAMPLES, Clusters, draw_places, in_order
from crm_core.models.part_points import Floats, Ints, merge_tree

__all__ = ["MergePicture", "draw_merges"]

LEAVES = 24


@dataclass(frozen=True)
class MergePicture:
    """merges: one row per merge, [x1..x4, y1..y4: corners of its bracket, is_cut: above the groups shown]; ends: one
    row per end, left to right, [x, customers: of those looked at, group: that most of them are in]; cut: the height
    between the groups shown and the next merge."""

    merges: pd.DataFrame
    ends: pd.DataFrame
    cut: float


def draw_merges(scaled: ScaledFacts, clusters: Clusters, *, seed: int = 7, leaves: int = LEAVES) -> MergePicture:
    """The last merges, down to so many ends, of the customers whom Ward's method looked at.

    In: the facts and the groups that it found with the same seed.
    """
    points, labels = in_order(scaled, clusters)
    places = draw_places(len(points), SAMPLES[clusters.choice.method], seed)
    points, labels = points[places], labels[places]
    with threadpool_limits(limits=1):
        tree = merge_tree(points)
    drawn = dendrogram(tree, p=min(leaves, len(points)), truncate_mode="lastp", no_plot=True)
    heights = np.append(tree[:, 2], tree[-1, 2] * 1.1)
    cut = float(heights[len(points) - clusters.k - 1 : len(points) - clusters.k + 1].mean())
    corners = np.column_stack([np.array(drawn["icoord"]), np.array(drawn["dcoord"])])
    merges = pd.DataFrame(corners, columns=[f"{axis}{corner}" for axis in "xy" for corner in range(1, 5)])
    ends = [members(tree, int(node), len(points)) for node in drawn["leaves"]]
    return MergePicture(
        merges=merges.assign(is_cut=merges["y2"] > cut),
        ends=pd.DataFrame(
            {
                "x": 5.0 + 10.0 * np.arange(len(ends)),  # where SciPy puts them
                "customers": [len(inside) for inside in ends],
                "group": [int(pd.Series(labels[inside]).mode()[0]) for inside in ends],
            }
        ),
        cut=cut,
    )


def members(tree: Floats, node: int, points: int) -> Ints:
    """The points below a node of the tree.

    >>> members(np.array([[0.0, 1, 1, 2], [2, 3, 5, 3]]), 4, 3).tolist()
    [0, 1, 2]
    """
    found, ahead = [], [node]
    while ahead:
        at = ahead.pop()
        if at < points:
            found.append(at)
        else:
            ahead += [int(tree[at - points, 0]), int(tree[at - points, 1])]
    return np.sort(np.array(found, np.int64))
