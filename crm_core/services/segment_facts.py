"""Everybody's facts that a segment can be made of, buyers or not: the base, groups, tiers, and what no order tells."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from crm_core.decisions.rfm_groups import GROUPS, called_groups
from crm_core.decisions.segment_facts import NEXT_MONTH, THIS_MONTH, Fact, Kind
from crm_core.decisions.segment_rules import Condition
from crm_core.decisions.value_tiers import value_tiers
from crm_core.features.ages import ages
from crm_core.services.customers import CustomerBase
from crm_core.services.loyalty import standings_of
from crm_core.services.preferences import Preferences
from crm_core.services.segment_fields import list_fields, values_of_field
from crm_core.services.segments import segment_customers
from crm_core.store.daily_queries import tickets_waiting_then, waiting_tickets
from crm_core.store.segment_queries import (
    beside_orders,
    buyers_of,
    counted_customers,
    products_bought,
    profiles,
)
from crm_core.store.session import Store
from crm_core.vocabulary import Stage, Tier

__all__ = ["SegmentFacts", "choices_of", "gather_facts", "group_names"]

AHEAD = ["clv_minor", "expected_purchases", "expected_spend_minor"]
MONEY = ["spend_minor", "mean_order_minor", "clv_minor", "expected_spend_minor"]
FROM_BASE = [
    "orders", "spend_minor", "mean_order_minor", "first_order_on", "last_order_on", "days_since_last_order",
    "tenure_days", "usual_gap_days", "lateness", "stage", *AHEAD,
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class SegmentFacts:
    """Everybody who is not put away; ``column`` has the owner's own fields. Shared: never change its table.

    table: index customer_id, [label, source_id, a column for each of decisions.segment_facts.FACTS but what was
    bought]; as_of: the day that figures are of; today: the day whose month a birthday may be in.
    """

    store: Store
    table: pd.DataFrame
    as_of: date
    today: date
    currency: str
    called: dict[str, str]
    _found: dict[Condition, pd.Index] = field(default_factory=dict)
    _told: dict[str, pd.Series] = field(default_factory=dict)

    @cached_property
    def products(self) -> pd.DataFrame:
        """What was bought: index "source/number", [name, category, lines], most bought first."""
        with self.store.read() as session:
            return products_bought(session, as_of=self.as_of)

    @cached_property
    def names(self) -> dict[str, str]:
        """How products, by their key, and named groups are called."""
        return {str(key): str(name) for key, name in self.products["name"].items()} | self.called

    @cached_property
    def fields(self) -> tuple[Fact, ...]:
        """The owner's own fields of people, the most known first."""
        with self.store.read() as session:
            return list_fields(session)

    def told(self, fact: Fact) -> pd.Series:
        """What is known of an own field, of anybody; read when it is first asked for."""
        if fact.name not in self._told:
            with self.store.read() as session:
                self._told[fact.name] = values_of_field(session, fact)
        return self._told[fact.name]

    def column(self, fact: Fact) -> pd.Series:
        """Everybody's values of a fact but of what was bought."""
        return self.told(fact).reindex(self.table.index) if fact.field else self.table[fact.name]

    def buyers(self, condition: Condition) -> pd.Index:
        """Who bought what a condition names; asked of the database once."""
        if condition not in self._found:
            kinds = {"products": "product", "categories": "category"}
            wanted = {name: condition.choices for name, fact in kinds.items() if fact == condition.fact}
            with self.store.read() as session:
                self._found[condition] = buyers_of(session, as_of=self.as_of, days=condition.days, **wanted)
        return self._found[condition]


def gather_facts(
    store: Store, base: CustomerBase, preferences: Preferences, *, today: date, replayed: bool = False
) -> SegmentFacts:
    """The facts as of the base's day; ``replayed``: of a past day, so that nobody who came later is there."""
    then = base.as_of if replayed else None
    with store.read() as session:
        people = profiles(session, until=then)
        beside = beside_orders(session, as_of=base.as_of)
        waiting = tickets_waiting_then(session, day=base.as_of) if then else waiting_tickets(session, today=today)
        counted = counted_customers(session, as_of=base.as_of, currency=base.currencies) if base.data_notes else None
    table = people[["label", "source_id"]].join(_own_figures(base, preferences).reindex(people.index))
    if counted is not None:  # money in a currency without a rate is not known
        uncounted = table["orders"].notna() & ~table.index.isin(counted)
        table[MONEY] = table[MONEY].mask(uncounted)
    never = table["orders"].isna()
    table["stage"] = table["stage"].where(~never, Stage.PROSPECT.value)
    table = table.fillna({"orders": 0.0}).assign(spend_minor=table["spend_minor"].mask(never, 0.0))
    table = table.join(beside.reindex(people.index).fillna({"requests": 0, "interactions": 0}))
    requests = waiting["customer_id"].value_counts().reindex(people.index, fill_value=0)
    return SegmentFacts(
        store=store,
        table=table.join(_who(people, base.as_of)).assign(waiting_requests=requests.astype("float64")),
        as_of=base.as_of,
        today=today,
        currency=base.currency,
        called={kind.name: kind.shown for kind in called_groups(preferences.group_words)},
    )


def group_names() -> tuple[str, ...]:
    """The named groups of the RFM grid, best first."""
    return tuple(group.name for group in GROUPS)


def choices_of(facts: SegmentFacts, fact: Fact) -> list[str]:
    """What a fact can be chosen to be, in a sensible order."""
    tiers = [tier.value for tier in Tier]
    known = {
        "stage": [stage.value for stage in Stage],
        "rfm_group": list(group_names()),
        "value_tier": tiers,
        "loyalty_tier": tiers,
        "birthday_month": [THIS_MONTH, NEXT_MONTH, *map(str, range(1, 13))],
    }
    if fact.name in known:
        return known[fact.name]
    if fact.kind is Kind.BOUGHT:
        products = facts.products
        if fact.name == "product":
            return [str(key) for key in products.index]
        return _by_name(products["category"])
    return _by_name(facts.column(fact))


def _by_name(column: pd.Series) -> list[str]:
    found = {str(value) for value in column.dropna().unique() if str(value)}
    return sorted(found, key=lambda value: (value.casefold(), value))


def _own_figures(base: CustomerBase, preferences: Preferences) -> pd.DataFrame:
    """What is known of buyers; nothing ahead where there is too little to predict from."""
    table = base.table
    figures = table[FROM_BASE].copy()
    figures["rfm_group"] = segment_customers(base, preferences).customers["rfm_group"].reindex(table.index)
    figures["value_tier"] = value_tiers(table["clv_minor"]).astype(object)
    if not base.value_is_learnt:
        figures[AHEAD] = np.nan
        figures["value_tier"] = None
    scores, tiers = standings_of(table, preferences)
    return figures.assign(loyalty=scores, loyalty_tier=tiers.astype(object))


def _who(people: pd.DataFrame, as_of: date) -> pd.DataFrame:
    born = pd.to_datetime(people["birthday"], errors="coerce")
    years = np.floor(ages(born, pd.Timestamp(as_of)))
    texts = {name: people[name].astype(object).where(people[name].notna()) for name in ("country", "channel")}
    known = {name: people[name].where(people[name].notna() & (people[name] != "")) for name in ("email", "phone")}
    return pd.DataFrame(
        {**texts, **known, "birthday_month": born.dt.month, "age_years": years},
        index=people.index,
    )
