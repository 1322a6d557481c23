"""What customers can be grouped by: how they behave, who they are, what they buy, and the owner's own fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from crm_core.features.ages import ages
from crm_core.features.fact_words import COMPARABLE_FACTS, OWN, name_fact
from crm_core.features.kinds_of_fact import MOST_KINDS, OTHER_KIND, UNKNOWN_KIND, as_kinds
from crm_core.importing.text_table import TextColumn
from crm_core.services.customers import CustomerBase
from crm_core.services.own_numbers import read_own_numbers
from crm_core.store.session import Store
from crm_core.store.trait_queries import (
    bought_by_category,
    customer_traits,
    field_values,
    has_categories,
    names_of_fields,
)
from crm_core.wording import share

__all__ = ["DEFAULT_FACTS", "NEEDS", "GroupFacts", "behaviour_facts", "group_facts", "with_needs"]

DEFAULT_FACTS = ("days_since_last_order", "orders", "spend_minor", "tenure_days")
NEEDS = "needs"
MOSTLY_KNOWN, MOSTLY_OTHER = 0.5, 0.5
SHARED_BY = 2  # at least so many people to a word on average
MOST_FIELDS = 8


@dataclass(frozen=True)
class GroupFacts:
    """The facts, and what is said of them.

    table: index customer_id (or row), numbers, and categories of categorical type; offered: the facts to choose from,
    in order, ``needs`` counted only when it is chosen; shares: of facts that are made of shares, their columns and
    kinds; flatten: whether long tails are compared by ratio; who: one of those who are grouped; spend: minor units;
    lacking: what can't be chosen and why, as sentences.
    """

    table: pd.DataFrame
    offered: tuple[str, ...]
    default: tuple[str, ...]
    currency: str = ""
    who: str = "customer"
    flatten: bool = True
    spend: pd.Series | None = None
    shares: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()


def behaviour_facts(base: CustomerBase) -> GroupFacts:
    """How the customers of a base behave: facts that are known for most, and differ between them."""
    offered = tuple(fact for fact in COMPARABLE_FACTS if fact in base.table.columns and tells_apart(base.table[fact]))
    return GroupFacts(
        table=base.table[[fact for fact in COMPARABLE_FACTS if fact in base.table.columns]],
        offered=offered,
        default=tuple(fact for fact in DEFAULT_FACTS if fact in offered),
        currency=base.currency,
        spend=base.table["spend_minor"],
    )


def group_facts(store: Store, base: CustomerBase) -> GroupFacts:
    """The same with age, country, channel, needs and the owner's own fields, as far as they are stored."""
    facts = behaviour_facts(base)
    people = base.table.index
    with store.read() as session:
        traits = customer_traits(session).reindex(people)
        needs = has_categories(session)
        fields = names_of_fields(session)
        most_known = fields[fields["customers"] > MOSTLY_KNOWN * len(people)].head(MOST_FIELDS)
        values = field_values(session, list(most_known["name"])) if len(most_known) else None
    more: dict[str, pd.Series] = {"age_years": ages(traits["birthday"], pd.Timestamp(base.as_of))}
    more |= {name: as_kinds(traits[name]) for name in ("country", "channel")}
    if values is not None:
        more |= own_fields(values, people)
    kept = {name: column for name, column in more.items() if tells_apart(column)}
    lacking = [say_lack(name, column) for name, column in more.items() if name not in kept]
    if not needs:
        lacking.append(f"{name_fact(NEEDS)} (your products have no categories)")
    return replace(
        facts,
        table=facts.table.assign(**kept),
        offered=(*facts.offered, *kept, *([NEEDS] if needs else [])),
        lacking=tuple(lacking),
    )


def with_needs(store: Store, base: CustomerBase, facts: GroupFacts) -> GroupFacts:
    """The same with each customer's shares of purchases by product category, the six largest categories and the rest;
    unknown where nothing that a customer bought has one."""
    with store.read() as session:
        bought = bought_by_category(session, as_of=base.as_of)
    counts = bought.groupby("category")["lines"].sum().sort_index().sort_values(ascending=False, kind="stable")
    common = list(counts.index[:MOST_KINDS])
    kinds = bought["category"].where(bought["category"].isin(common), OTHER_KIND)
    wide = bought.assign(kind=kinds).pivot_table(index="customer_id", columns="kind", values="lines", aggfunc="sum")
    columns = [*common, *([OTHER_KIND] if len(counts) > len(common) else [])]
    wide = wide.reindex(index=facts.table.index, columns=columns).astype("float64")
    each = wide.fillna(0).div(wide.sum(axis=1).replace(0, np.nan), axis=0)
    named = {f"{NEEDS}: {kind}": str(kind) for kind in columns}
    return replace(facts, table=facts.table.join(each.set_axis(list(named), axis=1)), shares={NEEDS: named})


def own_fields(values: pd.DataFrame, people: pd.Index) -> dict[str, pd.Series]:
    """The further fields that hold numbers, and don't number the customers, or a few words. In: as ``field_values``."""
    found = {}
    for name, rows in values.groupby("name", sort=True):
        numbers = read_own_numbers(TextColumn.of(rows["value"].astype(str).tolist()), str(name))
        if numbers.measure:
            by_customer = pd.Series(numbers.values, index=rows["customer_id"].to_numpy())
            found[f"{OWN}{name}"] = by_customer.reindex(people)
        elif numbers.why_not == "text" and (kinds := few_words(rows.set_index("customer_id")["value"])) is not None:
            found[f"{OWN}{name}"] = as_kinds(kinds.reindex(people))
    return found


def few_words(values: pd.Series) -> pd.Series | None:
    """Text, where a few words stand for most people; None where it is notes or names.

    >>> few_words(pd.Series(["S", "M", "S", "M", "M", "L"])) is None, few_words(pd.Series(["Graz", "Linz"])) is None
    (False, True)
    """
    shared = values.nunique() * SHARED_BY <= len(values)
    return values if shared and (as_kinds(values) == OTHER_KIND).mean() <= MOSTLY_OTHER else None


def tells_apart(fact: pd.Series) -> bool:
    """Whether a fact is known for most, and differs between them."""
    known = fact.dropna()
    if isinstance(fact.dtype, pd.CategoricalDtype):
        known = known[known != UNKNOWN_KIND]
    return bool(len(known) > MOSTLY_KNOWN * len(fact) and (known != known.iloc[0]).any())


def say_lack(name: str, fact: pd.Series) -> str:
    """Why a fact can't be chosen."""
    known = fact.dropna()
    known = known[known != UNKNOWN_KIND] if isinstance(fact.dtype, pd.CategoricalDtype) else known
    part = len(known) / max(len(fact), 1)
    if part <= MOSTLY_KNOWN:
        return f"{name_fact(name)} ({f'known for {share(part)}' if part else 'not known'})"
    return f"{name_fact(name)} (the same for everyone)"
