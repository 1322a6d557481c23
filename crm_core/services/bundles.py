"""Which products belong together: rules from the orders of a shop, and bundles with the money they might make."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from math import prod

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crm_core.models.association_rules import find_rules
from crm_core.models.item_sets import ItemSets, find_item_sets
from crm_core.models.line_layout import place_on_line
from crm_core.provenance import Provenance
from crm_core.services.recommendations import name_products
from crm_core.store.basket_queries import basket_lines, product_facts
from crm_core.store.currencies import Currencies
from crm_core.store.session import Store
from crm_core.wording import count, plural

__all__ = [
    "TAKEN_SHARE",
    "Bundles",
    "Network",
    "bundle_ideas",
    "bundle_network",
    "find_bundles",
    "leave_out",
    "pick_rules",
]

LEAST_BASKETS = 3  # below, one customer's habit would be a rule
LEAST_SUPPORT = 0.001
MOST_SETS = 5_000  # pairs, and triples: more than anybody reads
MOST_IDEAS = 20  # of each size
MOST_LINKS = 30
TAKEN_SHARE = 0.1
EXACT = 10**9  # minor units that are converted to learn a rate
SOURCE = "Agrawal, Imielinski & Swami 1993; Brin et al. 1997; Benjamini & Hochberg 1995"


@dataclass(frozen=True, eq=False)
class Bundles:
    """What a shop's orders say of products together. Shared between pages: never change its tables.

    rules: [first_ids, second_ids: tuples of product_id, first, second: names, what `AssociationRules.table` counts and
    measures], of products still sold, strongest first. products: index product_id, those in frequent sets and still
    sold, most bought first, [product: name, category, baskets: count, usual_minor: what one order pays for it, median,
    NaN where no amount could be converted]. orders, with_two: orders that name a product, and two or more; first_day,
    last_day: of these. least: orders a pair must be in; counted_from: the same as a sentence. notes: sentences.
    """

    rules: pd.DataFrame
    products: pd.DataFrame
    orders: int
    with_two: int
    first_day: date | None
    last_day: date | None
    least: int
    counted_from: str
    notes: tuple[str, ...]
    made_by: Provenance

    @property
    def sure(self) -> pd.DataFrame:
        """The rules that are hardly chance."""
        return self.rules[self.rules["significant"]]


@dataclass(frozen=True, eq=False)
class Network:
    """The strongest pairs as a picture. nodes: [product_id, product: name, place: 0.., baskets]; links: [first, second:
    names, first_place, second_place, first_baskets, baskets: counts, confidence, lift], from the product that brings
    the other along more surely.
    """

    nodes: pd.DataFrame
    links: pd.DataFrame


def find_bundles(store: Store, *, as_of: date, currencies: Currencies) -> Bundles:
    """Rules and products of all paid orders up to the end of a day; one order is one basket, guests' orders too."""
    with store.read() as session:
        lines, facts = basket_lines(session, as_of=as_of), product_facts(session)
    sets = find_item_sets(lines, min_support=LEAST_SUPPORT, least_baskets=LEAST_BASKETS, most_sets=MOST_SETS)
    found = find_rules(sets)
    rules = _named(found.table, facts)
    days = lines["ordered_on"]
    return Bundles(
        rules=rules,
        products=_products(lines, sets, facts, currencies),
        orders=sets.baskets,
        with_two=sets.baskets_of_two,
        first_day=days.min().date() if len(days) else None,
        last_day=days.max().date() if len(days) else None,
        least=sets.least_baskets[1],
        counted_from=_counted_from(sets),
        notes=found.notes,
        made_by=Provenance(
            method=f"item sets and rules, one-sided exact tests, {count(found.tested)} rules looked at",
            customers=0,
            orders=sets.baskets,
            as_of=as_of,
            source=SOURCE,
        ),
    )


def _named(table: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Rules of products that are still sold, with names."""
    gone = set(facts.index[~facts["sold"]])
    table = table[_without(gone, table["first"], table["second"])].reset_index(drop=True)
    names = facts["product"].to_dict()
    sides = {side: table[side].map(lambda ids: " + ".join(names[key] for key in ids)) for side in ("first", "second")}
    table = table.rename(columns={"first": "first_ids", "second": "second_ids"})
    for place, (side, words) in enumerate(sides.items(), start=2):
        table.insert(place, side, words)
    return table


def _without(products: AbstractSet[int], first: pd.Series, second: pd.Series) -> NDArray[np.bool_]:
    """Which rules hold none of these products. In: both sides, tuples of product_id."""
    return np.array([products.isdisjoint(one + other) for one, other in zip(first, second, strict=True)], dtype=bool)


def leave_out(found: Bundles, products: AbstractSet[int]) -> Bundles:
    """The same without some products: in no rule, no bundle, and nothing to choose."""
    if products.isdisjoint(found.products.index):
        return found
    rules = found.rules[_without(products, found.rules["first_ids"], found.rules["second_ids"])]
    return replace(
        found,
        rules=rules.reset_index(drop=True),
        products=found.products[~found.products.index.isin(list(products))],
    )


def _products(lines: pd.DataFrame, sets: ItemSets, facts: pd.DataFrame, currencies: Currencies) -> pd.DataFrame:
    ids = sets.products[sets.members[0][:, 0]]
    table = pd.DataFrame({"baskets": sets.counts[0]}, index=pd.Index(ids, name="product_id"))
    table["usual_minor"] = _usual_amounts(lines[lines["product_id"].isin(ids)], currencies)
    table = facts.drop(columns="sold")[facts["sold"]].join(table, how="inner")
    table["product"] = name_products(table.index.to_series(), table["product"])
    return table.sort_values("baskets", ascending=False, kind="stable")


def _usual_amounts(lines: pd.DataFrame, currencies: Currencies) -> pd.Series:
    """The median of what an order pays for each product, in the base currency's minor units."""
    worth = {code: currencies.convert(EXACT, code) for code in lines["currency"].cat.categories}
    rates = np.array([np.nan if amount is None else amount / EXACT for amount in worth.values()])
    in_base = lines["amount_minor"] * (rates[lines["currency"].cat.codes] if len(rates) else 1.0)
    paid = in_base.groupby([lines["product_id"], lines["order_id"]]).sum(min_count=1)
    return paid.groupby("product_id").median()


def _counted_from(sets: ItemSets) -> str:
    """How many orders the sets must be in, and why."""
    first, pairs, triples = sets.least_baskets
    if pairs > first:
        return (
            f"Counted are the most frequent pairs, in {plural(pairs, 'order')} or more, and threes, in "
            f"{count(triples)} or more: the shop has more than {count(MOST_SETS)} of a kind."
        )
    why = "at least 1 in 1,000" if first > LEAST_BASKETS else "fewer say too little"
    return f"Counted is what was bought together in {plural(first, 'order')} or more ({why})."


def pick_rules(
    found: Bundles, *, product_id: int | None = None, category: str | None = None, min_confidence: float = 0.0
) -> pd.DataFrame:
    """The rules with a product, or with any of a category, and with so much confidence, strongest first."""
    rules = found.rules[found.rules["confidence"] >= min_confidence]
    wanted = _wanted(found, product_id, category)
    if wanted is None:
        return rules
    return rules[~_without(wanted, rules["first_ids"], rules["second_ids"])]


def _wanted(found: Bundles, product_id: int | None, category: str | None) -> set[int] | None:
    if product_id is not None:
        return {product_id}
    return None if category is None else set(found.products.index[found.products["category"] == category])


def bundle_ideas(
    found: Bundles, *, taken_share: float = TAKEN_SHARE, product_id: int | None = None, category: str | None = None
) -> pd.DataFrame:
    """The strongest pairs and threes that are hardly chance, and what they might have made, most money first.

    An order that lacked just one product of a bundle is one short. If `taken_share` of those had taken the missing one
    at its usual amount, sales would have been higher by extra_minor. An assumption, no prediction; the same order may
    be one short of several bundles, so rows don't add up.

    Out: [bundle: names, together, one_short: orders, times_chance, usual_minor: of all its products, extra_minor].
    """
    rules = pick_rules(found, product_id=product_id, category=category)
    ideas = _sets_of(found, rules[rules["second_ids"].map(len) == 1])
    strongest = ideas.sort_values("beyond_chance", ascending=False, kind="stable").groupby("size").head(MOST_IDEAS)
    names, usual = found.products["product"], found.products["usual_minor"]
    rows = [list(ids) for ids in strongest.index]
    strongest = strongest.assign(
        bundle=[" + ".join(names[row]) for row in rows],
        usual_minor=np.array([usual[row].sum(skipna=False) for row in rows], dtype=np.float64),
        extra_minor=taken_share * strongest["missed_minor"],
    )
    strongest = strongest.sort_values("extra_minor", ascending=False, kind="stable").reset_index(drop=True)
    return strongest[["bundle", "together", "one_short", "times_chance", "usual_minor", "extra_minor"]]


def _sets_of(found: Bundles, rules: pd.DataFrame) -> pd.DataFrame:
    """One row per set all of whose rules to one product are significant: its orders, and those that are one short."""
    usual, share = found.products["usual_minor"].to_dict(), (found.products["baskets"] / max(found.orders, 1)).to_dict()
    ids = [tuple(sorted(one + two)) for one, two in zip(rules["first_ids"], rules["second_ids"], strict=True)]
    short = rules["first_baskets"] - rules["baskets"]
    missing = np.array([usual[two] for (two,) in rules["second_ids"]], dtype=np.float64)
    rows = rules.assign(ids=pd.Series(ids, index=rules.index, dtype=object), short=short, missed=short * missing)
    by_set = rows.groupby("ids", sort=False)
    sets = by_set.agg(together=("baskets", "first"), one_short=("short", "sum"), sure=("significant", "all"))
    sets["missed_minor"] = by_set["missed"].sum(min_count=1)
    sets = sets[sets["sure"].astype(bool)]
    expected = np.array([found.orders * prod(share[one] for one in ids) for ids in sets.index], dtype=np.float64)
    return sets.assign(
        size=[len(ids) for ids in sets.index],
        times_chance=sets["together"] / expected,
        beyond_chance=sets["together"] - expected,
    )


def bundle_network(found: Bundles, rules: pd.DataFrame) -> Network:
    """The strongest pairs among some rules, at most 30, with places on a line for their products."""
    sure = rules[rules["significant"] & (rules["first_ids"].map(len) + rules["second_ids"].map(len) == 2)]
    ends = {"one": sure["first_ids"].map(lambda ids: ids[0]), "two": sure["second_ids"].map(lambda ids: ids[0])}
    pairs = sure.assign(**ends)
    pairs = pairs.assign(low=pairs[["one", "two"]].min(axis="columns"), high=pairs[["one", "two"]].max(axis="columns"))
    surest = pairs.sort_values("confidence", ascending=False, kind="stable").drop_duplicates(["low", "high"])
    pairs = pairs[pairs.index.isin(surest.index)].head(MOST_LINKS)
    places = place_on_line(list(zip(pairs["low"].tolist(), pairs["high"].tolist(), strict=True)))
    nodes = found.products.loc[list(places), ["product", "baskets"]].assign(place=list(places.values()))
    links = pairs.assign(first_place=pairs["one"].map(places), second_place=pairs["two"].map(places))
    columns = ["first", "second", "first_place", "second_place", "first_baskets", "baskets", "confidence", "lift"]
    return Network(nodes.reset_index(), links[columns].reset_index(drop=True))
