"""How offers did: how many were bought in time, how many bestsellers would have been, and what was learnt from it."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from crm_core.decisions.bestsellers import BESTSELLER_DAYS, bestseller_shares
from crm_core.decisions.grading import wilson_range
from crm_core.decisions.offer_learning import Learnt, learn_outcomes
from crm_core.decisions.offer_outcomes import hit_rates, join_showings
from crm_core.services.customers import CustomerBase
from crm_core.services.offer_feedback import OfferDay, known_until
from crm_core.store.basket_queries import product_facts
from crm_core.store.offer_queries import kept_purchases, offered_rows, orders_by_day
from crm_core.store.queries import customer_labels
from crm_core.store.session import Store
from crm_core.vocabulary import OfferReason, OfferState
from crm_core.wording import count, day, plural, share

__all__ = ["LEAST_OFFERS", "OfferResults", "describe_outcomes", "offer_results"]

LEAST_OFFERS = 20  # whose days are over, before anything is said of how they do
NOTABLE = 0.1  # a factor that lies so far from 1 is told
REASONS = {
    OfferReason.OWN.value: "of what the customer bought before",
    OfferReason.NEIGHBOURS.value: "because of customers alike",
    OfferReason.POPULAR.value: "of what is popular",
}


@dataclass(frozen=True)
class OfferResults:
    """Offers beside what happened.

    rates: as ``hit_rates``; offers: every offer, the latest first, [customer_id (ours), customer, product_id, product,
    list, reason_kind, shown_on, within_days, state, bought_on, outcome: in a word]; over, bought: counts of those whose
    days have passed; share, low, high: of them, with Wilson's 10 % and 90 % points; popular_share: the same of as many
    bestsellers; waiting: whose days are not over; first_due: when the first of these are; learnt: by reason and
    product; lessons: that in sentences.
    """

    rates: pd.DataFrame
    offers: pd.DataFrame
    over: int
    bought: int
    share: float
    low: float
    high: float
    popular_share: float
    waiting: int
    first_due: date | None
    learnt: Learnt
    lessons: tuple[str, ...]

    @property
    def headline(self) -> str:
        """How offers do beside bestsellers, in a line."""
        if self.over < LEAST_OFFERS:
            return "Too early to say how offers do"
        if self.low > self.popular_share > 0:
            return f"Offers are bought {self.share / self.popular_share:.1f} times as often as bestsellers would be"
        if self.low > self.popular_share:
            return "Offers are bought more often than bestsellers would be"
        if self.high < self.popular_share:
            return "Bestsellers would be bought more often than these offers"
        return "Offers are bought about as often as bestsellers would be"

    @property
    def sentence(self) -> str:
        """The counts behind it, or what they wait for."""
        if not self.over:
            return self._not_yet()
        more = f" {self._not_yet()}" if self.over < LEAST_OFFERS and self.waiting else ""
        were = "was" if self.bought == 1 else "were"
        return (
            f"Of {plural(self.over, 'offer')} whose days are over, {count(self.bought)} {were} bought in time: "
            f"{share(self.share)}, likely {share(self.low)} to {share(self.high)}. Of as many bestsellers it would "
            f"have been {share(self.popular_share)}.{more}"
        )

    def _not_yet(self) -> str:
        if self.first_due is None:
            return (
                "Nothing has been offered yet: each product on a customer's lists is an offer from the day you see it."
            )
        waiting = plural(self.waiting, "offer")
        return (
            f"{waiting} may still be bought; the first is judged once your orders up to {day(self.first_due)} are in."
        )


def offer_results(store: Store, base: CustomerBase, *, at: OfferDay) -> OfferResults:
    """Everything offered up to a day, as far as the base's day knows what became of it."""
    with store.read() as session:
        rows = offered_rows(session, until=at.day, before=at.ends)
        bought = kept_purchases(session, as_of=base.as_of)
        people, products = customer_labels(session)["label"], product_facts(session)["product"]
    counted = join_showings(rows, bought, known_until=known_until(base))
    over = counted[counted["is_over"]]
    popular = bestseller_shares(over, bought, _daily_orders(store, over))
    learnt = learn_outcomes(counted)
    number, hits = len(over), int(over["bought_on"].notna().sum())
    taken = pd.Series([hits / number if number else np.nan])
    low, high = wilson_range(taken, pd.Series([max(number, 1)]))
    waiting = counted[~counted["is_over"]]
    named = {"customer": counted["customer_id"].map(people), "product": counted["product_id"].map(products)}
    return OfferResults(
        rates=hit_rates(counted, popular),
        offers=counted.assign(outcome=describe_outcomes(counted), **named),
        over=number,
        bought=hits,
        share=float(taken.iloc[0]),
        low=float(low.iloc[0]),
        high=float(high.iloc[0]),
        popular_share=float(popular.mean()) if number else float("nan"),
        waiting=len(waiting),
        first_due=waiting["ends_on"].min().date() if len(waiting) else None,
        learnt=learnt,
        lessons=tell_lessons(learnt),
    )


def describe_outcomes(counted: pd.DataFrame) -> pd.Series:
    """What became of each offer, in a word or two: what was said first, then whether it was bought."""
    bought = counted["bought_on"].notna()
    said = counted["state"].where(counted["state"] != OfferState.SHOWN.value, "")
    quiet = pd.Series(np.where(counted["is_over"].astype(bool), "not bought", "may still be bought"), counted.index)
    alone = quiet.where(~bought, "bought")
    both = (said + ", bought").where(bought, said)
    return both.where(said != "", alone)


def tell_lessons(learnt: Learnt) -> tuple[str, ...]:
    """What was learnt of reasons that are taken clearly more or less often than the others of their list."""
    told = []
    for row in learnt.reasons.itertuples():
        if abs(row.factor - 1) < NOTABLE:
            continue
        times, way = row.share / row.usual, "higher" if row.factor > 1 else "lower"
        often = f"{times:.1f} times as often as usual" if times > 1 else f"only {share(times)} as often as usual"
        reason = REASONS.get(row.reason_kind, f"for the reason “{row.reason_kind}”")
        told.append(f"Offers {reason} are taken {often} on “{row.list}”, so they rank {way} there.")
    return tuple(told)


def _daily_orders(store: Store, over: pd.DataFrame) -> pd.DataFrame:
    """The orders that bestsellers are counted from."""
    if over.empty:
        return pd.DataFrame({"ordered_on": [], "product_id": [], "orders": []})
    since = over["shown_on"].min().date() - timedelta(days=BESTSELLER_DAYS)
    with store.read() as session:
        return orders_by_day(session, since=since, until=over["shown_on"].max().date())
