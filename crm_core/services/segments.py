"""What kinds of customers there are: the named groups of the RFM grid, and natural groups found by K-means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_core.decisions.cluster_profiles import ClusterProfile, describe_clusters
from crm_core.decisions.rfm_groups import GRID, RfmGroup, called_groups, name_groups
from crm_core.features.fact_words import COMPARABLE_FACTS, name_fact
from crm_core.features.rfm import rfm_table
from crm_core.models.clusters import GROUP_NUMBERS, LEAST_CUSTOMERS, Clusters, find_clusters
from crm_core.provenance import Provenance
from crm_core.services.customers import CustomerBase
from crm_core.services.preferences import Preferences

__all__ = [
    "DEFAULT_FACTS",
    "GROUP_NUMBERS",
    "LEAST_CUSTOMERS",
    "NaturalGroups",
    "Segments",
    "comparable_facts",
    "customers_of",
    "find_natural_groups",
    "name_fact",
    "people_of",
    "sample_points",
    "segment_customers",
]

DEFAULT_FACTS = ("days_since_last_order", "orders", "spend_minor", "tenure_days")
SEED = 7


@dataclass(frozen=True)
class Segments:
    """The base by RFM.

    customers: index customer_id, [label, email, orders, days_since_last_order, spend_minor, r_score, f_score, m_score,
    fm_score: 1..5, rfm_level, rfm_group: the group's own name]; groups: one row per named group that has people, best
    kind first, [group, called: the owner's name for it, customers, customer_share, spend_minor, spend_share,
    median_days_since, median_orders, meaning, action]; grid: all 25 cells [r_score, fm_score, group, called, customers,
    spend_minor]; called: the owner's name of every group.
    """

    customers: pd.DataFrame
    groups: pd.DataFrame
    grid: pd.DataFrame
    called: Mapping[str, str]
    made_by: Provenance


@dataclass(frozen=True)
class NaturalGroups:
    """Groups found by K-means, with a profile for each, largest first."""

    clusters: Clusters
    profiles: tuple[ClusterProfile, ...]
    made_by: Provenance


def segment_customers(base: CustomerBase, preferences: Preferences | None = None) -> Segments:
    """Scores, named groups and the grid of a base, by the owner's limits and under the owner's names."""
    wanted = preferences or Preferences()
    scored = name_groups(rfm_table(base.table, as_of=base.as_of, limits=wanted.rfm_limits))
    customers = base.table.loc[scored.index, ["label", "email"]].join(scored)
    kinds = called_groups(wanted.group_words)
    called = {kind.name: kind.shown for kind in kinds}
    own = any((wanted.recency_limits, wanted.order_limits, wanted.spend_limits))
    return Segments(
        customers=customers,
        groups=sum_groups(customers, kinds),
        grid=sum_grid(customers, called),
        called=called,
        made_by=Provenance(
            method="RFM by your own limits" if own else "RFM quintiles, ties kept together",
            customers=len(customers),
            orders=int(customers["orders"].sum()),
            as_of=base.as_of,
            source="Hughes 1994",
        ),
    )


def sum_groups(customers: pd.DataFrame, kinds: Sequence[RfmGroup]) -> pd.DataFrame:
    """People and money of each named group that has people."""
    by_group = customers.groupby("rfm_group")
    sums = by_group.agg(
        customers=("orders", "size"),
        spend_minor=("spend_minor", "sum"),
        median_days_since=("days_since_last_order", "median"),
        median_orders=("orders", "median"),
    )
    words = pd.DataFrame(
        [{"group": kind.name, "called": kind.shown, "meaning": kind.meaning, "action": kind.action} for kind in kinds]
    )
    table = words.join(sums, on="group", how="inner").reset_index(drop=True)
    total = table["spend_minor"].sum()
    table["customer_share"] = table["customers"] / max(len(customers), 1)
    table["spend_share"] = table["spend_minor"] / total if total > 0 else np.nan
    return table


def sum_grid(customers: pd.DataFrame, called: Mapping[str, str]) -> pd.DataFrame:
    """People and money of each of the 25 cells, empty ones too."""
    sums = customers.groupby(["r_score", "fm_score"]).agg(
        customers=("orders", "size"), spend_minor=("spend_minor", "sum")
    )
    cells = pd.MultiIndex.from_product([range(1, 6), range(1, 6)], names=["r_score", "fm_score"])
    grid = sums.reindex(cells, fill_value=0).reset_index()
    grid["group"] = [GRID[r - 1][fm - 1] for r, fm in zip(grid["r_score"], grid["fm_score"], strict=True)]
    grid["called"] = grid["group"].map(called)
    return grid


def customers_of(segments: Segments, *, group: str | None) -> pd.DataFrame:
    """The people of one named group, or all, biggest spenders first."""
    people = segments.customers
    if group is not None:
        people = people[people["rfm_group"] == group]
    return people.sort_values("spend_minor", ascending=False, kind="stable")


def comparable_facts(base: CustomerBase) -> list[str]:
    """The facts of this base that customers can be grouped by: known for most, and different between them."""
    table = base.table
    return [
        fact
        for fact in COMPARABLE_FACTS
        if fact in table.columns and table[fact].notna().mean() > 0.5 and table[fact].min() < table[fact].max()
    ]


def find_natural_groups(
    base: CustomerBase, *, columns: Sequence[str] = DEFAULT_FACTS, k: int | None = None
) -> NaturalGroups:
    """K-means groups of a base on the chosen facts; k by silhouette unless it is given."""
    clusters = find_clusters(base.table, columns=columns, k=k, seed=SEED)
    return NaturalGroups(
        clusters=clusters,
        profiles=describe_clusters(base.table, clusters, currency=base.currency),
        made_by=Provenance(
            method=f"K-means, k = {clusters.k}",
            customers=len(base.table),
            orders=int(base.table["orders"].sum()),
            as_of=base.as_of,
            seed=SEED,
            source="silhouette: Rousseeuw 1987",
        ),
    )


def people_of(base: CustomerBase, found: NaturalGroups, *, group: int) -> pd.DataFrame:
    """The people of one natural group, biggest spenders first.

    Out: index customer_id, [label, email, stage, days_since_last_order, orders, spend_minor].
    """
    table = base.table.loc[found.clusters.labels.index[found.clusters.labels == group]]
    table = table[["label", "email", "stage", "days_since_last_order", "orders", "spend_minor"]]
    return table.sort_values("spend_minor", ascending=False, kind="stable")


def sample_points(base: CustomerBase, found: NaturalGroups, *, group: int, most: int = 5_000) -> pd.DataFrame:
    """At most so many customers who spent anything, drawn with the seed, and whether they belong to a group.

    Out: index customer_id, [days_since_last_order, spend_minor, label, in_group: bool].
    """
    table = base.table[["days_since_last_order", "spend_minor", "label"]].assign(
        in_group=found.clusters.labels == group
    )
    table = table[table["spend_minor"] > 0]
    return table if len(table) <= most else table.sample(most, random_state=SEED)
