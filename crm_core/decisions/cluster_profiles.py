"""Natural groups in plain words: a name of its own for each, and what sets it apart from all customers."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isnan
from typing import Protocol

import pandas as pd

from crm_core.decisions.trait_words import name_trait, say_kind
from crm_core.features.fact_words import name_fact, say_days, say_fact, say_number
from crm_core.features.scaled_facts import ScaledFacts, Trait
from crm_core.models.clusters import NO_GROUP, Clusters
from crm_core.wording import money, plural, share

__all__ = ["OUTSIDE_NAME", "ClusterProfile", "describe_clusters", "say_ratio"]

ONLY_NAME, OUTSIDE_NAME = "The crowd", "In no group"
OUTSIDE_MEANS = "Like no larger crowd in the chosen facts"
STANDS_OUT = 0.35  # standard deviations of a group's centre from everyone's
KIND_STANDS_OUT = 0.25  # a kind that most have can't stand out far
TRAITS_NAMED = 2
FRACTIONS = ((0.45, 0.55, "half"), (0.3, 0.37, "a third"), (0.23, 0.28, "a quarter"))


class Fits(Protocol):
    """Whether a group's median lies above, or below, everyone's in a column."""

    def __call__(self, group: int, column: str, *, above: bool) -> bool: ...


@dataclass(frozen=True)
class ClusterProfile:
    """One natural group: its name, size, shares of customers and sales, and sentences on what sets it apart.

    group: -1 for those in no group; spend_minor and spend_share: None where nothing is known of money. Name and
    sentences may hold the owner's own words.
    """

    group: int
    name: str
    customers: int
    customer_share: float
    spend_minor: int | None
    spend_share: float | None
    sentences: tuple[str, ...]


def describe_clusters(
    table: pd.DataFrame, scaled: ScaledFacts, clusters: Clusters, *, currency: str, spend: pd.Series | None = None
) -> tuple[ClusterProfile, ...]:
    """A profile for each group, largest first, then one for those in no group.

    In: table, the facts as they are known (unknown ones NaN), and the same scaled; spend: minor units by customer_id.
    """
    words = Comparison.of(table, scaled, clusters, currency)
    names = [*name_clusters(clusters, say=words.middle, fits=words.differs), OUTSIDE_NAME]
    groups = [*range(clusters.k), *([NO_GROUP] if clusters.outside else [])]
    paid = None if spend is None else spend.groupby(clusters.labels).sum()
    total = 1 if paid is None else max(int(paid.sum()), 1)
    sizes = clusters.labels.value_counts()
    return tuple(
        ClusterProfile(
            group=group,
            name=names[group],
            customers=int(sizes[group]),
            customer_share=float(sizes[group] / len(clusters.labels)),
            spend_minor=None if paid is None else int(paid[group]),
            spend_share=None if paid is None else float(paid[group] / total),
            sentences=(*((OUTSIDE_MEANS,) if group == NO_GROUP else ()), *words.sentences(group)),
        )
        for group in groups
    )


@dataclass(frozen=True)
class Comparison:
    """What is usual in each group and among all: medians of numbers, shares of kinds."""

    traits: dict[str, Trait]
    by_group: pd.DataFrame
    all: pd.Series
    currency: str

    @classmethod
    def of(cls, table: pd.DataFrame, scaled: ScaledFacts, clusters: Clusters, currency: str) -> "Comparison":
        """The middles of each group: of numbers as far as they are known."""
        traits = dict(clusters.traits)
        numbers = [column for column, trait in traits.items() if not trait.kind]
        kinds = [column for column, trait in traits.items() if trait.kind]
        known, shares = table[numbers].astype("float64"), scaled.units[kinds]
        by_group = known.groupby(clusters.labels).median().join(shares.groupby(clusters.labels).mean())
        return cls(traits, by_group, pd.concat([known.median(), shares.mean()]), currency)

    def middle(self, group: int, fact: str) -> str:
        """A group's median of one number in words."""
        return say_fact(fact, float(self.by_group.loc[group, fact]), currency=self.currency)

    def differs(self, group: int, column: str, *, above: bool) -> bool:
        """Whether a group's median lies on that side of everyone's, so that a name may say it; of kinds always."""
        if self.traits[column].kind:
            return True
        own, usual = float(self.by_group.loc[group, column]), float(self.all[column])
        return own > usual if above else own < usual

    def sentences(self, group: int) -> tuple[str, ...]:
        """One for each fact, in the order chosen; of kinds the one that stands out most above all."""
        said = []
        for fact in dict.fromkeys(trait.fact for trait in self.traits.values()):
            columns = [column for column, trait in self.traits.items() if trait.fact == fact]
            own, usual = self.by_group.loc[group, columns], self.all[columns]
            if not self.traits[columns[0]].kind:
                said.append(compare_fact(fact, float(own.iloc[0]), float(usual.iloc[0]), self.currency))
                continue
            column = str((own - usual).idxmax())
            said.append(say_kind(self.traits[column], float(own[column]), float(usual[column])))
        return tuple(said)


def name_clusters(
    clusters: Clusters, *, say: Callable[[int, str], str] | None = None, fits: Fits | None = None
) -> list[str]:
    """A different name for each group, from the traits in which its centre stands out most, and its median too where
    ``fits`` can tell.

    More traits are named where two would not do; groups that no trait tells apart get the middle of the fact in which
    they differ most, where ``say`` tells it, else a number.
    """
    if clusters.k == 1:
        return [ONLY_NAME]
    rows = [_telling(place, row, fits) for place, (_, row) in enumerate(clusters.centres.iterrows())]
    for most in range(TRAITS_NAMED, max(len(clusters.columns), TRAITS_NAMED) + 1):
        names = [name_centre(row, most, clusters) for row in rows]
        if len(set(names)) == len(names):
            return names
    names = [name_centre(row, TRAITS_NAMED, clusters) for row in rows]
    return [name + tell_apart(place, names, clusters, say) for place, name in enumerate(names)]


def _telling(group: int, centre: pd.Series, fits: Fits | None) -> pd.Series:
    """The centre without what its median does not bear out: a few far values move a mean, and nobody else."""
    if fits is None:
        return centre
    return centre[[fits(group, str(column), above=bool(value > 0)) for column, value in centre.items()]]


def tell_apart(place: int, names: list[str], clusters: Clusters, say: Callable[[int, str], str] | None) -> str:
    """What follows a name that other groups have too; nothing where none has."""
    same = [other for other, name in enumerate(names) if name == names[place]]
    if len(same) == 1:
        return ""
    numbers = [column for column in clusters.columns if not clusters.traits.get(column, Trait(column)).kind]
    if say is not None and numbers:
        centres = clusters.centres.loc[same, numbers]
        widest = str((centres.max() - centres.min()).idxmax())
        words = {other: say(other, widest) for other in same}
        if len(set(words.values())) == len(same):
            return f", {words[place]}"
    return f", group {place + 1}"


def name_centre(centre: pd.Series, most: int, clusters: Clusters) -> str:
    """The words of the strongest traits of a centre, in an order that is always the same; of kinds only those above."""
    traits = {column: clusters.traits.get(column, Trait(column)) for column in map(str, centre.index)}
    telling = [column for column, trait in traits.items() if not trait.kind or centre[column] > 0]
    strength = centre[telling].abs().sort_values(ascending=False, kind="stable")
    least = [KIND_STANDS_OUT if traits[str(column)].kind else STANDS_OUT for column in strength.index]
    outstanding = map(str, strength.index[strength >= least][:most])
    words = sorted(name_trait(traits[column], above=bool(centre[column] > 0)) for column in outstanding)
    name = ", ".join(word for _, word in words)
    return name[:1].upper() + name[1:] if name else "Middling"


def compare_fact(column: str, value: float, middle: float, currency: str) -> str:
    """A group's median of one fact beside everyone's.

    >>> compare_fact("orders", 9, 3, "EUR"), compare_fact("days_since_last_order", 12, 95, "EUR")
    ('Orders 3 times as often: 9 orders (all: 3)', 'Last ordered 12 days ago (all: 3.1 months)')
    >>> compare_fact("own: Income", 86.5, 61.5, ""), compare_fact("age_years", float("nan"), 51, "EUR")
    ('Income 86.5 (all: 61.5)', 'Age unknown (all: 51)')
    """
    if isnan(value):
        return f"{name_fact(column)} unknown (all: {say_number(middle)})"
    compare = COMPARISONS.get(column)
    if compare is not None:
        return compare(value, middle, currency)
    return f"{name_fact(column)} {say_number(value)} (all: {say_number(middle)})"


def compare_orders(value: float, middle: float, _: str) -> str:
    """How often they order."""
    return f"Orders {say_ratio(value, middle)} often: {plural(round(value), 'order')} (all: {middle:.0f})"


def compare_spend(value: float, middle: float, currency: str) -> str:
    """How much they spend."""
    return f"Spends {say_ratio(value, middle)} much: {money(value, currency)} (all: {money(middle, currency)})"


def say_ratio(value: float, middle: float) -> str:
    """How many times a value is of the middle, up to the word "as".

    >>> say_ratio(3, 1), say_ratio(2, 1), say_ratio(1.05, 1), say_ratio(1.4, 1), say_ratio(1, 2), say_ratio(1, 5)
    ('3 times as', 'twice as', 'about as', '1.4 times as', 'half as', '20% as')
    """
    if middle <= 0:
        return "about as" if value <= 0 else "far more than most, as"
    ratio = value / middle
    if 0.9 <= ratio <= 1.1:
        return "about as"
    if ratio > 1.1:
        return "twice as" if 1.9 <= ratio <= 2.1 else f"{ratio:.1f}".removesuffix(".0") + " times as"
    return next((f"{word} as" for low, high, word in FRACTIONS if low <= ratio <= high), f"{share(ratio)} as")


def minutes(value: float) -> str:
    """Minutes as words."""
    return plural(round(value), "minute")


COMPARISONS: dict[str, Callable[[float, float, str], str]] = {
    "orders": compare_orders,
    "spend_minor": compare_spend,
    "mean_order_minor": lambda value, all_, code: f"{money(value, code)} an order (all: {money(all_, code)})",
    "days_since_last_order": lambda value, all_, _: f"Last ordered {say_days(value)} ago (all: {say_days(all_)})",
    "tenure_days": lambda value, all_, _: f"Customers for {say_days(value)} (all: {say_days(all_)})",
    "usual_gap_days": lambda value, all_, _: f"Orders every {say_days(value)} (all: {say_days(all_)})",
    "satisfaction": lambda value, all_, _: f"{share(value)} satisfied (all: {share(all_)})",
    "interaction_minutes": lambda value, all_, _: f"{minutes(value)} of talk (all: {all_:.0f})",
    "first_response_minutes": lambda value, all_, _: f"First answer after {minutes(value)} (all: {all_:.0f})",
    "age_years": lambda value, all_, _: f"{plural(round(value), 'year')} old (all: {all_:.0f})",
}
