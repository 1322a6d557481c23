"""What was worked out, as files: facts, scores, segments, groups, tiers, today's list and offers, as of a day."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from crm_core.models.recommend import recommend_from
from crm_core.services.contribution import contribution_table
from crm_core.services.customers import CustomerBase, customer_base
from crm_core.services.natural_groups import find_natural_groups
from crm_core.services.offer_feedback import OfferDay
from crm_core.services.offer_wishes import list_never_offered, pairs_left_out
from crm_core.services.preferences import Preferences, load_preferences
from crm_core.services.recommendations import learn_shop_tastes, load_items, load_product_names, name_products
from crm_core.services.scores import score_customers
from crm_core.services.segments import segment_customers
from crm_core.services.snapshots import own_segments_of
from crm_core.services.spreadsheets import exact_money, whole_as_exact
from crm_core.services.subscriptions import offer_subscriptions, subscriptions_of
from crm_core.services.today import find_suggestions, todays_list
from crm_core.store.session import Store

__all__ = ["ANALYSES"]

OFFERS_EACH = 5


@dataclass(frozen=True)
class _Asked:
    """The base as of the day, and what it was made with."""

    store: Store
    base: CustomerBase
    wanted: Preferences

    @classmethod
    def of(cls, store: Store, as_of: date) -> "_Asked":
        wanted = load_preferences(store)
        return cls(store, customer_base(store, as_of=as_of, preferences=wanted), wanted)

    def with_people(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table by customer: their number, name and e-mail first; money exact."""
        known = self.base.table.loc[table.index]
        people = pd.DataFrame({"customer_id": known["source_id"], "name": known["label"], "email": known["email"]})
        rest = table.drop(columns=["source_id", "label", "email"], errors="ignore")
        return people.join(exact_money(rest, currency=self.base.currency)).reset_index(drop=True)


def _features(store: Store, as_of: date) -> pd.DataFrame:
    asked = _Asked.of(store, as_of)
    return asked.with_people(asked.base.table)


def _scores(store: Store, as_of: date) -> pd.DataFrame:
    asked = _Asked.of(store, as_of)
    wanted = asked.wanted
    cuts = {"low_cut": wanted.low_cut, "high_cut": wanted.high_cut}
    return whole_as_exact(score_customers(asked.base, alpha=wanted.alpha, beta=wanted.beta, **cuts), "clv")


def _value_tiers(store: Store, as_of: date) -> pd.DataFrame:
    return whole_as_exact(contribution_table(_Asked.of(store, as_of).base), "clv", "sales")


def _segments(store: Store, as_of: date) -> pd.DataFrame:
    """RFM scores and groups, and the names of the owner's own segments that somebody belongs to."""
    asked = _Asked.of(store, as_of)
    found = segment_customers(asked.base, asked.wanted)
    named = found.customers.assign(rfm_group=found.customers["rfm_group"].map(found.called))
    return asked.with_people(named.assign(own_segments=own_segments_of(store, asked.base, asked.wanted)))


def _segment_groups(store: Store, as_of: date) -> pd.DataFrame:
    asked = _Asked.of(store, as_of)
    groups = segment_customers(asked.base, asked.wanted).groups
    return exact_money(groups.assign(group=groups.pop("called")), currency=asked.base.currency)


def _natural_groups(store: Store, as_of: date) -> pd.DataFrame:
    """Everybody with their natural group; without one where people are too few or too much alike."""
    asked = _Asked.of(store, as_of)
    facts = asked.base.table[["stage", "days_since_last_order", "orders", "spend_minor", "tenure_days"]]
    table = asked.with_people(facts)
    found = find_natural_groups(asked.base)
    if found is None:
        return table.assign(group=None, group_name=None)
    clusters, profiles = found
    labels = clusters.labels.reindex(facts.index)
    names = {profile.group: profile.name for profile in profiles}
    return table.assign(group=labels.to_numpy() + 1, group_name=labels.map(names).to_numpy())


def _subscriptions(store: Store, as_of: date) -> pd.DataFrame:
    """Every subscriber, those who ended too; nobody where subscriptions are not offered."""
    asked = _Asked.of(store, as_of)
    found = subscriptions_of(asked.base, asked.wanted, offer_subscriptions(asked.base, asked.wanted))
    return asked.with_people(found.table if found else asked.base.table[["label"]].head(0))


def _today(store: Store, as_of: date) -> pd.DataFrame:
    """The day's list, as the page shows it; nothing is kept of it."""
    asked = _Asked.of(store, as_of)
    found = find_suggestions(store, asked.base, today=as_of)
    answer = todays_list(store, asked.base, found, today=as_of, share_saved=asked.wanted.share_saved, keep=False)
    table = answer.as_export()
    table.insert(2, "name", answer.table["label"])
    return whole_as_exact(table, "at_stake", "at_stake_low", "at_stake_high", "recoverable")


def _recommendations(store: Store, as_of: date) -> pd.DataFrame:
    """For everybody who has ordered what to offer, bought before or not, best first; without what is not to be."""
    asked = _Asked.of(store, as_of)
    base, at = asked.base, OfferDay(as_of, asked.wanted.time_zone)
    tastes = learn_shop_tastes(load_items(store, as_of=as_of), as_of=as_of)
    names = load_product_names(store).drop(list_never_offered(store, at=at)["product_id"], errors="ignore")
    put_away = len(tastes.matrix.products.difference(names.index))
    out = pairs_left_out(store, as_of=as_of, at=at)
    most_out = int(out.get_level_values(0).value_counts().max()) if len(out) else 0
    offers = recommend_from(tastes, k=OFFERS_EACH + put_away + most_out)
    wanted = offers["product_id"].isin(names.index) & offers["customer_id"].isin(base.table.index)
    pairs = pd.MultiIndex.from_frame(offers[["customer_id", "product_id"]])
    offers = offers[wanted & ~offers["customer_id"].isin(base.archived) & ~pairs.isin(out)]
    offers = offers.groupby("customer_id", sort=False).head(OFFERS_EACH).reset_index(drop=True)
    people = base.table[["source_id", "label"]].reindex(offers["customer_id"])
    return pd.DataFrame(
        {
            "customer_id": people["source_id"].to_numpy(),
            "name": people["label"].to_numpy(),
            "rank": offers.groupby("customer_id", sort=False).cumcount() + 1,
            "product": name_products(offers["product_id"], names),
            "reason": offers["reason"],
            "score": offers["score"],
        }
    )


ANALYSES = {
    "features": _features,
    "scores": _scores,
    "value_tiers": _value_tiers,
    "segments": _segments,
    "segment_groups": _segment_groups,
    "natural_groups": _natural_groups,
    "subscriptions": _subscriptions,
    "today": _today,
    "recommendations": _recommendations,
}
