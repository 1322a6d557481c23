"""What is never offered: to nobody, or not to this customer, now or at all; and what outcomes have taught so far."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd
from sqlalchemy import delete, insert, select

from crm_core.decisions.offer_learning import Learnt, learn_outcomes
from crm_core.decisions.offer_outcomes import join_showings
from crm_core.errors import NotFoundError
from crm_core.features.given_back import given_back
from crm_core.services.customers import CustomerBase
from crm_core.services.offer_feedback import OfferDay, decided_offers, known_until
from crm_core.services.time_zones import as_stored
from crm_core.store.bulk import next_id
from crm_core.store.offer_queries import (
    count_offers,
    kept_purchases,
    lines_of,
    never_offered,
    offered_rows,
    refunds_of,
)
from crm_core.store.session import Store
from crm_core.store.tables import Base, NeverOffered, Product

__all__ = [
    "NO_WISHES",
    "OfferWishes",
    "customers_left_out",
    "customers_who_gave_back",
    "feedback_version",
    "learn_from_offers",
    "list_never_offered",
    "never_offer",
    "offer_again",
    "pairs_left_out",
    "products_given_back",
    "wishes_for",
]


@dataclass(frozen=True, eq=False)
class OfferWishes:
    """For one customer: excluded, the products that are left out of every list; learnt: what weighs on the scores."""

    excluded: frozenset[int] = frozenset()
    learnt: Learnt | None = None

    @property
    def matter(self) -> bool:
        """Whether lists differ from what purchases alone say."""
        return bool(self.excluded) or (self.learnt is not None and not self.learnt.is_empty)


NO_WISHES = OfferWishes()


def never_offer(store: Store, product_ids: Iterable[int], *, now: datetime) -> int:
    """Have products recommended to nobody, in no list; says how many were new. It can be taken back."""
    wanted = sorted({int(product) for product in product_ids})
    with store.begin() as session:
        known = set(session.scalars(select(NeverOffered.product_id)))
        there = set(session.scalars(select(Product.id).where(Product.id.in_(wanted))))
        if missing := [product for product in wanted if product not in there]:
            raise NotFoundError(f"There is no product with number {missing[0]}; look at the list again.")
        first = next_id(session, Base.metadata.tables[NeverOffered.__tablename__])
        new = [product for product in wanted if product not in known]
        moment = as_stored(now)
        rows = [{"id": first + at, "product_id": product, "decided_at": moment} for at, product in enumerate(new)]
        if rows:
            session.execute(insert(NeverOffered), rows)
    return len(rows)


def offer_again(store: Store, product_id: int) -> None:
    """Let a product be recommended again."""
    with store.begin() as session:
        session.execute(delete(NeverOffered).where(NeverOffered.product_id == product_id))


def list_never_offered(store: Store, *, at: OfferDay) -> pd.DataFrame:
    """What the owner wants offered to nobody, the latest first. Out: [product_id, product: name, decided_at: UTC]."""
    with store.read() as session:
        return never_offered(session, before=at.ends)


def products_given_back(store: Store, customer_id: int, *, as_of: date) -> frozenset[int]:
    """What one customer gave back and has not bought since."""
    with store.read() as session:
        lines = lines_of(session, as_of=as_of, customer_id=customer_id)
        refunds = refunds_of(session, as_of=as_of, customer_id=customer_id)
    return frozenset(int(product) for product in given_back(lines, refunds)["product_id"])


def wishes_for(
    store: Store,
    base: CustomerBase,
    customer_id: int,
    *,
    at: OfferDay,
    learnt: Learnt | None = None,
    before_today: bool = False,
    returned: frozenset[int] | None = None,
) -> OfferWishes:
    """What is left out of a customer's lists on a day, and what weighs on them.

    ``before_today``: what was decided that day stays in its place; learnt, returned: the answers of
    ``learn_from_offers`` and ``products_given_back``, where the caller has kept them.
    """
    with store.read() as session:
        never = {int(product) for product in never_offered(session, before=at.ends)["product_id"]}
    resting = decided_offers(store, at=at, before_today=before_today, customer_id=customer_id)["product_id"]
    back = products_given_back(store, customer_id, as_of=base.as_of) if returned is None else returned
    return OfferWishes(frozenset(never | {int(product) for product in resting} | back), learnt)


def customers_who_gave_back(store: Store, product_id: int, *, as_of: date) -> frozenset[int]:
    """Who gave one product back and has not bought it since."""
    with store.read() as session:
        lines = lines_of(session, as_of=as_of, product_id=product_id)
        refunds = refunds_of(session, as_of=as_of, product_id=product_id)
    return frozenset(int(customer) for customer in given_back(lines, refunds)["customer_id"])


def customers_left_out(
    store: Store, product_id: int, *, at: OfferDay, returned: frozenset[int] = frozenset()
) -> frozenset[int]:
    """To whom a product is not offered: who declined it lately, for whom it is not useful, and who gave it back.

    returned: the answer of ``customers_who_gave_back``.
    """
    resting = decided_offers(store, at=at, product_id=product_id)["customer_id"]
    return returned | {int(customer) for customer in resting}


def pairs_left_out(store: Store, *, as_of: date, at: OfferDay) -> pd.MultiIndex:
    """Of all customers the products that are not offered to them: (customer_id, product_id)."""
    with store.read() as session:
        back = given_back(lines_of(session, as_of=as_of), refunds_of(session, as_of=as_of))
    resting = decided_offers(store, at=at)[["customer_id", "product_id"]]
    return pd.MultiIndex.from_frame(pd.concat([back, resting]).astype("int64").drop_duplicates())


def feedback_version(store: Store, *, at: OfferDay, until_now: bool = False) -> tuple[int, int, str]:
    """What ``learn_from_offers`` rests on besides facts: what is learnt may be kept until this changes. ``until_now``:
    the same of what the day itself brought too."""
    with store.read() as session:
        if until_now:
            return count_offers(session, until=at.day, before=at.ends)
        return count_offers(session, until=at.day - timedelta(days=1), before=at.begins)


def learn_from_offers(store: Store, base: CustomerBase, *, at: OfferDay) -> Learnt:
    """What the offers of earlier days taught, by reason and by product: a day's own decisions count from the next day
    on, so that no list changes under the hand."""
    with store.read() as session:
        rows = offered_rows(session, until=at.day - timedelta(days=1), before=at.begins)
        bought = kept_purchases(session, as_of=base.as_of, only_offered=True)
    return learn_outcomes(join_showings(rows, bought, known_until=known_until(base)))
