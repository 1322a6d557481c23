"""Natural groups: customers who are alike in scaled facts, by one of five methods."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from sklearn.metrics import pairwise_distances_argmin
from threadpoolctl import threadpool_limits

from crm_core.errors import CrmError, TooLittleDataError
from crm_core.features.scaled_facts import ScaledFacts, Trait
from crm_core.models.dense_groups import DenseGroups, join_crowds, part_by_density
from crm_core.models.group_choice import GroupChoice
from crm_core.models.group_numbers import measure_silhouette, no_numbers, try_numbers
from crm_core.models.part_points import Floats, Ints, centres_of, settle
from crm_core.vocabulary import GroupMethod
from crm_core.wording import count, plural

__all__ = [
    "CLEAR_FROM",
    "GROUP_NUMBERS",
    "LEAST_CUSTOMERS",
    "NO_GROUP",
    "Clusters",
    "draw_places",
    "find_clusters",
    "in_order",
]

GROUP_NUMBERS = range(2, 9)
LEAST_CUSTOMERS = 10
NO_GROUP = -1
CLEAR_FROM = 0.25  # Kaufman & Rousseeuw (1990): below, no substantial structure
SAMPLES = {  # points that a method looks at itself; its time or memory grows with their square
    GroupMethod.K_MEANS: 4_000,
    GroupMethod.BISECTING: 4_000,
    GroupMethod.WARD: 3_000,
    GroupMethod.DBSCAN: 4_000,
    GroupMethod.HDBSCAN: 4_000,
}


@dataclass(frozen=True)
class Clusters:
    """Who belongs together.

    labels: 0..k-1 by customer_id, 0 the largest group, -1 in no group; sizes: of 0..k-1; centres: the means of the
    groups on the scaled facts, each column over its own spread; by_number: index k, [silhouette, inertia], no row for
    methods that need no number; silhouette: of the groups found, NaN with fewer than two; sample: how many customers
    the method looked at itself, the rest assigned; reach, neighbours: of DBSCAN and HDBSCAN.
    """

    labels: pd.Series
    sizes: pd.Series
    centres: pd.DataFrame
    by_number: pd.DataFrame
    silhouette: float
    choice: GroupChoice
    sample: int
    notes: tuple[str, ...]
    reach: float | None = None
    neighbours: int | None = None
    traits: Mapping[str, Trait] = field(default_factory=dict)

    @property
    def k(self) -> int:
        """How many groups there are; who is in none makes no group."""
        return len(self.sizes)

    @property
    def outside(self) -> int:
        """How many are in no group."""
        return int((self.labels == NO_GROUP).sum())

    @property
    def is_clear(self) -> bool:
        """Whether the groups are set apart."""
        return bool(self.silhouette >= CLEAR_FROM)

    @property
    def columns(self) -> tuple[str, ...]:
        """The traits that took part."""
        return tuple(map(str, self.centres.columns))


def find_clusters(
    scaled: ScaledFacts, *, choice: GroupChoice | None = None, seed: int = 7, who: str = "customer"
) -> Clusters:
    """Groups of customers who are alike in the scaled facts; their number by silhouette unless it is given.

    Above its sample size a method looks at customers drawn with the seed, and the rest is assigned: to the nearest
    centre, or to the nearest heart of a crowd within reach. The same customers in another order get the same groups.
    Source of the silhouette: Rousseeuw (1987), J. Comput. Appl. Math. 20.

    >>> from crm_core.features.scaled_facts import scale_facts
    >>> facts = scale_facts(pd.DataFrame({"orders": [1, 2, 3] * 4 + [31, 32, 33] * 2}), columns=["orders"])
    >>> groups = find_clusters(facts)
    >>> groups.k, groups.sizes.tolist()
    (2, [12, 6])
    """
    choice = choice or GroupChoice()
    most = check_enough(scaled, choice, who)
    order = canonical_order(scaled)
    points = scaled.values.to_numpy()[order]
    places = draw_places(len(points), SAMPLES[choice.method], seed)
    with threadpool_limits(limits=1):  # on a busy machine the threads of OpenMP wait for each other many times longer
        found = (
            find_crowds(points, places, choice) if choice.is_dense else find_parts(points, places, choice, most, seed)
        )
    labels = order_groups(found.labels, centres_of(points, found.labels))
    by_customer = pd.Series(labels[np.argsort(order)], index=scaled.values.index, name="group")
    centres = pd.DataFrame(centres_of(points, labels), columns=scaled.values.columns)
    crowds = found.crowds
    return Clusters(
        labels=by_customer,
        sizes=by_customer[by_customer >= 0].value_counts().sort_index(),
        centres=centres / scaled.values.std(ddof=0),
        by_number=found.by_number,
        silhouette=found.silhouette,
        choice=choice,
        sample=len(places),
        notes=(*scaled.notes, *describe_sample(len(places), len(points), choice, who), *describe_crowds(crowds, who)),
        reach=crowds.reach if crowds else None,
        neighbours=crowds.neighbours if crowds else None,
        traits=scaled.traits,
    )


@dataclass(frozen=True)
class _Found:
    """Labels of all points, before they are renumbered, and what is known of them."""

    labels: Ints
    by_number: pd.DataFrame
    silhouette: float
    crowds: DenseGroups | None = None


def find_crowds(points: Floats, places: Ints, choice: GroupChoice) -> _Found:
    """Dense crowds of a sample, and who stands within their reach."""
    sample = points[places]
    found = part_by_density(sample, choice)
    labels = join_crowds(points, sample, found)
    labels[places] = found.labels
    return _Found(labels, no_numbers(), measure_silhouette(sample, found.labels), found)


def find_parts(points: Floats, places: Ints, choice: GroupChoice, most: int, seed: int) -> _Found:
    """So many groups of a sample, and for everybody else the nearest centre; of K-means after it settled among all."""
    sample = points[places]
    by_sample, by_number = try_numbers(sample, range(2, most + 1), method=choice.method, seed=seed)
    k = choice.k or int(by_number["silhouette"].idxmax())
    labels = by_sample[k]
    if len(sample) < len(points):
        centres = centres_of(sample, labels)
        if choice.method is GroupMethod.K_MEANS:
            labels = settle(points, centres, seed=seed)
        else:
            everybody = pairwise_distances_argmin(points, centres).astype(np.int64)
            everybody[places] = labels
            labels = everybody
    return _Found(labels, by_number, float(by_number.loc[k, "silhouette"]))


def canonical_order(scaled: ScaledFacts) -> Ints:
    """The customers' places by what their facts are, so that the order of the table changes nothing."""
    order: Ints = np.lexsort(scaled.values.to_numpy().T[::-1])
    return order


def in_order(scaled: ScaledFacts, clusters: Clusters) -> tuple[Floats, Ints]:
    """The scaled facts in that order, and the groups of the same customers."""
    order = canonical_order(scaled)
    return scaled.values.to_numpy()[order], clusters.labels.to_numpy()[order]


def draw_places(number: int, most: int, seed: int) -> Ints:
    """At most so many places of a number of points, drawn with the seed, in order.

    >>> draw_places(3, 5, 7).tolist(), len(draw_places(9, 5, 7))
    ([0, 1, 2], 5)
    """
    if number <= most:
        return np.arange(number)
    return np.sort(np.random.default_rng(seed).choice(number, most, replace=False))


def check_enough(scaled: ScaledFacts, choice: GroupChoice, who: str) -> int:
    """The most groups these customers allow, or a sentence saying what is missing."""
    number, whom = len(scaled.values), f"{who}s with orders" if who == "customer" else f"{who}s"
    if number < LEAST_CUSTOMERS:
        raise TooLittleDataError(f"Natural groups need at least {LEAST_CUSTOMERS} {whom}; there are {number} so far.")
    kinds = len(scaled.values.drop_duplicates())
    if not scaled.columns or kinds < 3:
        raise TooLittleDataError(f"These {who}s are too much alike in the chosen facts to fall into groups.")
    most = min(choice.most, kinds - 1)
    if choice.k is not None and not choice.is_dense and not 2 <= choice.k <= most:
        raise CrmError(f"Choose from 2 to {most} groups for these {who}s, not {choice.k}.")
    return most


def order_groups(labels: Ints, centres: Floats) -> Ints:
    """Groups renumbered by size, the largest first, equal sizes by their centres; -1 stays."""
    sizes = np.bincount(labels[labels >= 0], minlength=len(centres))
    order = np.lexsort((*centres.round(9).T[::-1], -sizes))
    places = np.full(len(order) + 1, NO_GROUP)
    places[order] = np.arange(len(order))
    renamed: Ints = places[labels]
    return renamed


def describe_sample(sample: int, number: int, choice: GroupChoice, who: str) -> tuple[str, ...]:
    """That not everybody was looked at, where that is so."""
    if sample == number:
        return ()
    rest = "crowd within reach" if choice.is_dense else "group"
    return (f"Found on {count(sample)} {who}s drawn from {count(number)}; the others joined the nearest {rest}.",)


def describe_crowds(found: DenseGroups | None, who: str) -> tuple[str, ...]:
    """That crowds were too small to be groups, where there are such."""
    if found is None or not found.small_crowds:
        return ()
    crowds = plural(found.small_crowds, "further crowd")
    verb = "is" if found.small_crowds == 1 else "are"
    return (f"{crowds} of few {who}s ({count(found.in_small_crowds)} of those looked at) {verb} left in no group.",)
