"""Natural groups: K-means on scaled facts, the number of groups chosen by silhouette."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_limits

from crm_core.errors import CrmError, TooLittleDataError
from crm_core.features.scaled_facts import ScaledFacts, scale_facts

__all__ = ["CLEAR_FROM", "GROUP_NUMBERS", "LEAST_CUSTOMERS", "Clusters", "find_clusters"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
GROUP_NUMBERS = range(2, 9)
LEAST_CUSTOMERS = 10
CLEAR_FROM = 0.25  # Kaufman & Rousseeuw (1990): below, no substantial structure
SAMPLE = 5_000
STARTS = 5


@dataclass(frozen=True)
class Clusters:
    """Labels 0..k-1 by customer_id (0 is the largest group), sizes, centres on the scaled facts, silhouette by k."""

    labels: pd.Series
    sizes: pd.Series
    centres: pd.DataFrame
    silhouettes: pd.Series
    k: int
    notes: tuple[str, ...]

    @property
    def silhouette(self) -> float:
        """How well the chosen groups are set apart: 1 fully, 0 not at all."""
        return float(self.silhouettes[self.k])

    @property
    def columns(self) -> tuple[str, ...]:
        """The facts that took part."""
        return tuple(map(str, self.centres.columns))


def find_clusters(table: pd.DataFrame, *, columns: Sequence[str], k: int | None = None, seed: int = 7) -> Clusters:
    """Groups of customers who are alike in the chosen facts; k from 2 to 8 by silhouette unless it is given.

    In: one row per customer (index customer_id) with numeric facts. Silhouettes are taken on at most 5,000 customers
    drawn with the seed. The same customers in another order get the same groups. Source of the silhouette: Rousseeuw
    (1987), J. Comput. Appl. Math. 20.

    >>> facts = pd.DataFrame({"orders": [1, 2, 3] * 4 + [31, 32, 33] * 2})
    >>> groups = find_clusters(facts, columns=["orders"])
    >>> groups.k, groups.sizes.tolist()
    (2, [12, 6])
    """
    scaled = scale_facts(table, columns=columns)
    most = check_enough(scaled, k)
    order = np.lexsort(scaled.values.to_numpy().T[::-1])
    points = scaled.values.to_numpy()[order]
    sample = draw_sample(points, seed)
    numbers = range(2, most + 1) if k is None else sorted({k, *range(2, most + 1)})
    with threadpool_limits(limits=1):  # on a busy machine the threads of OpenMP wait for each other many times longer
        fits = {number: KMeans(number, n_init=STARTS, random_state=seed).fit(sample) for number in numbers}
    silhouettes = pd.Series(
        {number: measure_silhouette(sample, fit.labels_) for number, fit in fits.items()}, dtype="float64"
    )
    chosen = int(silhouettes.idxmax()) if k is None else k
    fit = refine(fits[chosen], points, sample, seed)
    labels, centres = order_groups(fit.labels_.astype(np.int64), fit.cluster_centers_)
    by_customer = pd.Series(labels[np.argsort(order)], index=scaled.values.index, name="group")
    return Clusters(
        labels=by_customer,
        sizes=by_customer.value_counts().sort_index(),
        centres=pd.DataFrame(centres, columns=scaled.values.columns),
        silhouettes=silhouettes,
        k=chosen,
        notes=(*scaled.notes, *describe_strength(float(silhouettes[chosen]))),
    )


def check_enough(scaled: ScaledFacts, k: int | None) -> int:
    """The most groups these customers allow, or a sentence saying what is missing."""
    number = len(scaled.values)
    if number < LEAST_CUSTOMERS:
        raise TooLittleDataError(
            f"Natural groups need at least {LEAST_CUSTOMERS} customers with orders; there are {number} so far."
        )
    kinds = len(scaled.values.drop_duplicates())
    if not scaled.columns or kinds < 3:
        raise TooLittleDataError("These customers are too much alike in the chosen facts to fall into groups.")
    most = min(GROUP_NUMBERS[-1], kinds - 1)
    if k is not None and not 2 <= k <= most:
        raise CrmError(f"Choose from 2 to {most} groups for these customers, not {k}.")
    return most


def draw_sample(points: Floats, seed: int) -> Floats:
    """At most 5,000 of the points, drawn with the seed and kept in order."""
    if len(points) <= SAMPLE:
        return points
    drawn = np.random.default_rng(seed).choice(len(points), SAMPLE, replace=False)
    return points[np.sort(drawn)]


def measure_silhouette(points: Floats, labels: Ints) -> float:
    """The mean silhouette, or -1 when all points ended in one group."""
    return float(silhouette_score(points, labels)) if len(np.unique(labels)) > 1 else -1.0


def refine(fit: KMeans, points: Floats, sample: Floats, seed: int) -> KMeans:
    """The groups of the sample carried over to all customers and settled there."""
    if sample is points:
        return fit
    with threadpool_limits(limits=1):
        return KMeans(fit.n_clusters, init=fit.cluster_centers_, n_init=1, random_state=seed).fit(points)


def order_groups(labels: Ints, centres: Floats) -> tuple[Ints, Floats]:
    """Groups renumbered by size, the largest first, equal sizes by their centres."""
    sizes = np.bincount(labels, minlength=len(centres))
    order = np.lexsort((*centres.round(9).T[::-1], -sizes))
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    return places[labels], centres[order]


def describe_strength(silhouette: float) -> tuple[str, ...]:
    """A warning where the groups are hardly set apart."""
    if silhouette >= CLEAR_FROM:
        return ()
    return (
        f"No clear groups here (silhouette {silhouette:.2f}, clear from {CLEAR_FROM}): "
        f"read these as slices of one crowd, not as kinds of people.",
    )
