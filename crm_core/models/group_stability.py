"""Would the same groups appear again? They are found anew in draws, and compared."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from crm_core.features.scaled_facts import ScaledFacts
from crm_core.models.clusters import NO_GROUP, SAMPLES, Clusters, draw_places, in_order
from crm_core.models.dense_groups import part_by_density
from crm_core.models.group_choice import FEWEST_NEIGHBOURS, GroupChoice
from crm_core.models.part_points import Floats, Ints, part_points
from crm_core.vocabulary import GroupMethod

__all__ = ["GroupStability", "overlap_of_groups", "try_again"]

RESAMPLES = 20
DENSE_RESAMPLES = 10  # of nearly a whole sample each, which takes longer
SUBSET = 0.8
LOOKED_AT = {  # dense groups need the very sample that they were found on: another has another density
    GroupMethod.K_MEANS: 2_000,
    GroupMethod.BISECTING: 2_000,
    GroupMethod.WARD: 1_500,
    GroupMethod.DBSCAN: SAMPLES[GroupMethod.DBSCAN],
    GroupMethod.HDBSCAN: SAMPLES[GroupMethod.HDBSCAN],
}
STARTS = 2


@dataclass(frozen=True)
class GroupStability:
    """agreement: mean adjusted Rand index of the groups found anew with those shown, 1 the same, 0 as by chance;
    by_group: index group, mean Jaccard overlap with the group found anew that is most like it, 0..1; drawn: how."""

    agreement: float
    by_group: pd.Series
    resamples: int
    looked_at: int
    drawn: str


def try_again(
    scaled: ScaledFacts, clusters: Clusters, *, resamples: int | None = None, seed: int = 7
) -> GroupStability:
    """The groups shown against those found anew in ``resamples`` draws, by the same method and numbers.

    Draws are with replacement (20); of dense groups 10 with four in five of the points each, because a point drawn
    twice would be a crowd of its own. Sources: Jaccard overlap of each group in resampling and subsetting, Hennig
    (2007), Comput. Stat. Data Anal. 52; adjusted Rand index, Hubert & Arabie (1985), J. Classif. 2.
    """
    dense = clusters.choice.is_dense
    resamples = resamples or (DENSE_RESAMPLES if dense else RESAMPLES)
    points, labels = in_order(scaled, clusters)
    places = draw_places(len(points), LOOKED_AT[clusters.choice.method], seed)
    points, labels = points[places], labels[places]
    rng = np.random.default_rng(seed)
    agreements, overlaps = [], []
    with threadpool_limits(limits=1):
        for _ in range(resamples):
            drawn = draw_again(len(points), rng, dense=dense)
            seen, first = np.unique(drawn, return_index=True)
            again = find_again(points[drawn], clusters, seed)[first]
            agreements.append(adjusted_rand_score(labels[seen], again))
            overlaps.append(overlap_of_groups(labels[seen], again, clusters.k))
    return GroupStability(
        agreement=float(np.mean(agreements)),
        by_group=pd.DataFrame(overlaps).mean().rename_axis("group"),
        resamples=resamples,
        looked_at=len(points),
        drawn="four in five of them" if dense else "as many again, some of them twice and some not at all,",
    )


def draw_again(number: int, rng: np.random.Generator, *, dense: bool) -> Ints:
    """Places of the points of one draw, in order."""
    if dense:
        return np.sort(rng.choice(number, max(1, round(SUBSET * number)), replace=False))
    return np.sort(rng.integers(number, size=number))


def find_again(points: Floats, clusters: Clusters, seed: int) -> Ints:
    """Labels of the points, by the method and the numbers of the groups shown; fewer points, fewer neighbours."""
    choice: GroupChoice = clusters.choice
    if choice.is_dense:
        neighbours = max(FEWEST_NEIGHBOURS, round(SUBSET * (clusters.neighbours or 0)))
        return part_by_density(points, replace(choice, reach=clusters.reach, neighbours=neighbours)).labels
    k = min(clusters.k, len(np.unique(points, axis=0)))
    return part_points(points, [k], method=choice.method, seed=seed, starts=STARTS)[k]


def overlap_of_groups(labels: Ints, again: Ints, k: int) -> pd.Series:
    """Of each group shown, the Jaccard overlap with the group found anew that is most like it; NaN where nobody of it
    was drawn.

    >>> overlap_of_groups(np.array([0, 0, 1, 1]), np.array([5, 5, 5, 2]), 2).round(3).tolist()
    [0.667, 0.5]
    """
    table = pd.crosstab(labels, again)
    sizes, found = table.sum(axis=1), table.sum(axis=0)
    either = sizes.to_numpy()[:, None] + found.to_numpy() - table
    return (table / either).drop(columns=NO_GROUP, errors="ignore").max(axis=1).reindex(range(k))
