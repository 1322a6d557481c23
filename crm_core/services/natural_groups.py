"""Natural groups of customers, or of the rows of a table: found, described, explained, and put to the test."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from crm_core.decisions.cluster_profiles import ClusterProfile, describe_clusters
from crm_core.decisions.group_rules import rules_table
from crm_core.decisions.group_verdict import say_agreement, say_apart, say_groups, warn_of_groups
from crm_core.errors import TooLittleDataError
from crm_core.features.fact_words import name_fact
from crm_core.features.scaled_facts import ScaledFacts, scale_facts
from crm_core.models.clusters import GROUP_NUMBERS, LEAST_CUSTOMERS, NO_GROUP, Clusters, draw_places, find_clusters
from crm_core.models.gap_statistic import beats_even_crowd, gap_statistic, groups_by_gap
from crm_core.models.group_choice import FEWEST_NEIGHBOURS, MOST_NEIGHBOURS, GroupChoice
from crm_core.models.group_stability import GroupStability, try_again
from crm_core.models.group_tree import explain_groups
from crm_core.models.merge_picture import MergePicture, draw_merges
from crm_core.progress import Progress, silently
from crm_core.provenance import Provenance
from crm_core.services.customers import CustomerBase
from crm_core.services.group_facts import (
    DEFAULT_FACTS,
    NEEDS,
    GroupFacts,
    behaviour_facts,
    group_facts,
    with_needs,
)
from crm_core.store.session import Store
from crm_core.vocabulary import GroupMethod

__all__ = [
    "DEFAULT_FACTS",
    "FEWEST_NEIGHBOURS",
    "GROUP_NUMBERS",
    "LEAST_CUSTOMERS",
    "MOST_NEIGHBOURS",
    "NO_GROUP",
    "GroupChoice",
    "GroupFacts",
    "GroupMethod",
    "NaturalGroups",
    "find_natural_groups",
    "group_facts",
    "groups_of_customers",
    "name_fact",
    "people_of",
    "sample_points",
    "say_agreement",
    "say_apart",
    "study_groups",
]

SEED = 7
GAP_POINTS = 1_000
MOST_POINTS = 5_000


@dataclass(frozen=True)
class NaturalGroups:
    """Groups with a profile for each, largest first, and how far they can be trusted.

    answer: the sentence; warnings: what speaks against them; gap: index k from 1, [gap, spread], None for methods that
    need no number; gap_number: how many groups the gap suggests; rules: [group: name, rule: words, customers, right:
    count, right_share]; right_share: of all customers whom the rules place rightly; merges: of Ward's method; made_by:
    None for a table of the owner's.
    """

    clusters: Clusters
    profiles: tuple[ClusterProfile, ...]
    answer: str
    warnings: tuple[str, ...]
    stability: GroupStability
    gap: pd.DataFrame | None
    gap_number: int | None
    rules: pd.DataFrame
    right_share: float
    merges: MergePicture | None
    facts: GroupFacts
    made_by: Provenance | None = None

    @property
    def beats_chance(self) -> bool:
        """Whether the groups are tighter than those of even crowds, where that was measured."""
        return self.gap is not None and beats_even_crowd(self.gap, self.clusters.k)

    @property
    def names(self) -> dict[int, str]:
        """Group -> its name; of those in no group too, where there are any."""
        return {profile.group: profile.name for profile in self.profiles}


def study_groups(
    facts: GroupFacts,
    *,
    columns: Sequence[str],
    choice: GroupChoice,
    whom: str = "Your customers",
    tell: Progress = silently,
) -> NaturalGroups | str:
    """Groups by the chosen facts with all that tells how far to trust them; or a sentence that says what is missing."""
    try:
        tell(0.0, "Looking for groups")
        scaled = scale(facts, columns)
        clusters = find_clusters(scaled, choice=choice, seed=SEED, who=facts.who)
    except TooLittleDataError as error:
        return str(error)
    profiles = describe(facts, scaled, clusters)
    tell(0.4, "Comparing them with an even crowd")
    gap = measure_gap(scaled, clusters)
    tell(0.6, "Trying whether they appear again")
    stability = try_again(scaled, clusters, seed=SEED)
    tell(0.9, "Explaining them")
    rules = explain_groups(scaled.units, clusters.labels)
    names = {profile.group: profile.name for profile in profiles}
    return NaturalGroups(
        clusters=clusters,
        profiles=profiles,
        answer=say_groups(clusters, gap, stability.agreement, whom=whom),
        warnings=warn_of_groups(clusters, gap, stability.agreement),
        stability=stability,
        gap=gap,
        gap_number=None if gap is None else groups_by_gap(gap),
        rules=rules_table(rules, clusters.traits, names, currency=facts.currency),
        right_share=rules.right_share,
        merges=draw_merges(scaled, clusters, seed=SEED) if choice.method is GroupMethod.WARD else None,
        facts=facts,
    )


def groups_of_customers(
    store: Store,
    base: CustomerBase,
    facts: GroupFacts,
    *,
    columns: Sequence[str],
    choice: GroupChoice,
    tell: Progress = silently,
) -> NaturalGroups | str:
    """The same of a base; what everybody buys is counted only where it is asked for."""
    if NEEDS in columns:
        tell(0.0, "Counting what everybody buys")
        facts = with_needs(store, base, facts)
    found = study_groups(facts, columns=columns, choice=choice, tell=tell)
    if isinstance(found, str):
        return found
    made_by = Provenance(
        method=f"{choice.method}, k = {found.clusters.k}",
        customers=len(base.table),
        orders=int(base.table["orders"].sum()),
        as_of=base.as_of,
        seed=SEED,
        source="silhouette: Rousseeuw 1987; gap: Tibshirani et al. 2001; stability: Hennig 2007",
    )
    return replace(found, made_by=made_by)


def find_natural_groups(base: CustomerBase) -> tuple[Clusters, tuple[ClusterProfile, ...]] | None:
    """The groups that are shown first, and their profiles, without the tests: for files. None where people are too
    few or too much alike."""
    facts = behaviour_facts(base)
    scaled = scale(facts, facts.default or DEFAULT_FACTS)
    try:
        clusters = find_clusters(scaled, seed=SEED)
    except TooLittleDataError:
        return None
    return clusters, describe(facts, scaled, clusters)


def scale(facts: GroupFacts, columns: Sequence[str]) -> ScaledFacts:
    """The chosen facts on one scale."""
    return scale_facts(facts.table, columns=columns, shares=facts.shares, flatten=facts.flatten, who=facts.who)


def describe(facts: GroupFacts, scaled: ScaledFacts, clusters: Clusters) -> tuple[ClusterProfile, ...]:
    """A profile for each group."""
    return describe_clusters(facts.table, scaled, clusters, currency=facts.currency, spend=facts.spend)


def measure_gap(scaled: ScaledFacts, clusters: Clusters) -> pd.DataFrame | None:
    """The gap statistic on at most 1,000 customers; None for methods that need no number of groups."""
    if clusters.by_number.empty:
        return None
    values = scaled.values.sort_values(list(scaled.values.columns)).to_numpy()
    points = values[draw_places(len(values), GAP_POINTS, SEED)]
    return gap_statistic(points, [int(k) for k in clusters.by_number.index], seed=SEED)


def people_of(base: CustomerBase, found: NaturalGroups, *, group: int | None = None) -> pd.DataFrame:
    """The people of one natural group, or all with their group, biggest spenders first.

    Out: index customer_id, [label, email, stage, days_since_last_order, orders, spend_minor, group: name].
    """
    labels = found.clusters.labels
    inside = labels if group is None else labels[labels == group]
    table = base.table.loc[inside.index, ["label", "email", "stage", "days_since_last_order", "orders", "spend_minor"]]
    table = table.assign(group=inside.map(found.names))
    return table.sort_values("spend_minor", ascending=False, kind="stable")


def sample_points(found: NaturalGroups, *, group: int, x: str, y: str, most: int = MOST_POINTS) -> pd.DataFrame:
    """At most so many of those whose two numbers are known, drawn with the seed, and whether they are in a group.

    Out: index customer_id (or row), [x, y, in_group: bool].
    """
    table = found.facts.table
    points = pd.DataFrame({"x": table[x], "y": table[y], "in_group": found.clusters.labels == group}).dropna()
    points = points.sort_index()
    return points if len(points) <= most else points.sample(most, random_state=SEED)
