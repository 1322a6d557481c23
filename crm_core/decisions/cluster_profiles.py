"""Natural groups in plain words: a name of its own for each, and what sets it apart from the whole base."""

from dataclasses import dataclass

import pandas as pd

from crm_core.features.fact_words import say_days
from crm_core.models.clusters import Clusters
from crm_core.wording import money, plural, share

__all__ = ["ClusterProfile", "describe_clusters", "say_ratio"]

# A trait has a word for far above and far below the middle of the base. The order settles ties.
TRAIT_WORDS = {
    "orders": ("frequent", "occasional"),
    "spend_minor": ("big-spending", "small-spending"),
    "days_since_last_order": ("long-silent", "recent"),
    "mean_order_minor": ("large-basket", "small-basket"),
    "tenure_days": ("long-standing", "new"),
    "usual_gap_days": ("slow", "quick-returning"),
    "interaction_minutes": ("talkative", "self-reliant"),
    "first_response_minutes": ("long-waiting", "quickly answered"),
    "satisfaction": ("happy", "unhappy"),
}
STANDS_OUT = 0.35  # standard deviations of a group's centre from the base's
TRAITS_NAMED = 2
FRACTIONS = ((0.45, 0.55, "half"), (0.3, 0.37, "a third"), (0.23, 0.28, "a quarter"))


@dataclass(frozen=True)
class ClusterProfile:
    """One natural group: its name, size, shares of customers and sales, and sentences on what sets it apart."""

    group: int
    name: str
    customers: int
    customer_share: float
    spend_minor: int
    spend_share: float
    sentences: tuple[str, ...]


def describe_clusters(table: pd.DataFrame, clusters: Clusters, *, currency: str) -> tuple[ClusterProfile, ...]:
    """A profile for each group, largest first.

    In: the base table [spend_minor and the facts clustered on], index customer_id as in `clusters.labels`.
    """
    names = name_clusters(clusters)
    facts = [column for column in clusters.columns if column in table.columns]
    middle = table[facts].median()
    by_group = table.groupby(clusters.labels)
    medians = by_group[facts].median()
    spend = by_group["spend_minor"].sum()
    total = max(int(spend.sum()), 1)
    return tuple(
        ClusterProfile(
            group=group,
            name=names[group],
            customers=int(clusters.sizes[group]),
            customer_share=float(clusters.sizes[group] / len(table)),
            spend_minor=int(spend[group]),
            spend_share=float(spend[group] / total),
            sentences=tuple(compare_fact(fact, medians.loc[group, fact], middle[fact], currency) for fact in facts),
        )
        for group in range(clusters.k)
    )


def name_clusters(clusters: Clusters) -> list[str]:
    """A different name for each group, from the traits in which its centre stands out most.

    More traits are named where two would not do; groups that no trait tells apart are numbered.
    """
    for most in range(TRAITS_NAMED, len(clusters.columns) + 1):
        names = [name_centre(row, most) for _, row in clusters.centres.iterrows()]
        if len(set(names)) == len(names):
            return names
    names = [name_centre(row, TRAITS_NAMED) for _, row in clusters.centres.iterrows()]
    seen = {name: names.count(name) for name in names}
    return [f"{name}, group {place + 1}" if seen[name] > 1 else name for place, name in enumerate(names)]


def name_centre(centre: pd.Series, most: int) -> str:
    """The words of the strongest traits of a centre on the scaled facts, in an order that is always the same.

    >>> name_centre(pd.Series({"orders": 2.0, "spend_minor": 1.0, "tenure_days": 0.1}), 2)
    'Frequent, big-spending'
    """
    strength = centre.abs().sort_values(ascending=False, kind="stable")
    outstanding = sorted(map(str, strength.index[strength >= STANDS_OUT][:most]), key=trait_place)
    words = [trait_word(column, bool(centre[column] > 0)) for column in outstanding]
    return ", ".join(words).capitalize() if words else "Middling"


def trait_place(column: str) -> tuple[int, str]:
    """Where a trait stands in a name: known traits in their order, others behind them."""
    known = list(TRAIT_WORDS)
    return (known.index(column) if column in known else len(known), column)


def trait_word(column: str, above: bool) -> str:
    """The word for being far above or below the middle in one fact."""
    if column in TRAIT_WORDS:
        return TRAIT_WORDS[column][0 if above else 1]
    return f"{'high' if above else 'low'} {column.replace('_', ' ')}"


def compare_fact(column: str, value: float, middle: float, currency: str) -> str:
    """A group's median of one fact beside the base's.

    >>> compare_fact("orders", 9, 3, "EUR"), compare_fact("days_since_last_order", 12, 95, "EUR")
    ('Orders 3 times as often: 9 orders (all: 3)', 'Last ordered 12 days ago (all: 3.1 months)')
    """
    match column:
        case "orders":
            return f"Orders {say_ratio(value, middle)} often: {plural(round(value), 'order')} (all: {middle:.0f})"
        case "spend_minor":
            spent, usual = money(value, currency), money(middle, currency)
            return f"Spends {say_ratio(value, middle)} much: {spent} (all: {usual})"
        case "mean_order_minor":
            return f"{money(value, currency)} an order (all: {money(middle, currency)})"
        case "days_since_last_order":
            return f"Last ordered {say_days(value)} ago (all: {say_days(middle)})"
        case "tenure_days":
            return f"Customers for {say_days(value)} (all: {say_days(middle)})"
        case "usual_gap_days":
            return f"Orders every {say_days(value)} (all: {say_days(middle)})"
        case "satisfaction":
            return f"{share(value)} satisfied (all: {share(middle)})"
        case "interaction_minutes":
            return f"{plural(round(value), 'minute')} of talk (all: {middle:.0f})"
        case _:
            return f"{column.replace('_', ' ').capitalize()} {value:,.0f} (all: {middle:,.0f})"


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
