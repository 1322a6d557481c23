"""What the owner did with offers: what was shown, what was decided, and taking that back.

Offers are no facts: the revision does not rise. Whether an offer was bought is never stored but read from the orders.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from crm_core.decisions.offer_outcomes import join_showings
from crm_core.decisions.offer_rest import resting
from crm_core.errors import CrmError, NotFoundError
from crm_core.services.as_of import end_of_day
from crm_core.services.customers import CustomerBase
from crm_core.services.time_zones import as_stored, zone_of
from crm_core.store.basket_queries import product_facts
from crm_core.store.bulk import next_id
from crm_core.store.offer_queries import decided_pairs, kept_purchases, offered_rows
from crm_core.store.session import Store
from crm_core.store.tables import Base, Offer
from crm_core.vocabulary import OfferList, OfferState

__all__ = [
    "KEPT_DAYS",
    "MOST_SHOWN",
    "OfferDay",
    "decide_offer",
    "decided_offers",
    "known_until",
    "offers_of",
    "put_offer_back",
    "record_shown",
]

MOST_SHOWN = 20  # of one list
KEPT_DAYS = 3 * 365  # what was shown so long ago, and never decided, teaches nothing any more
DECISIONS = (OfferState.ACCEPTED, OfferState.DECLINED, OfferState.NOT_USEFUL)


@dataclass(frozen=True)
class OfferDay:
    """The owner's day that is looked at: today, or a past one, of which only what was known by its end is told."""

    day: date
    time_zone: str = ""

    @property
    def begins(self) -> datetime:
        """The moment, in UTC, until which decisions are of earlier days."""
        return as_stored(end_of_day(self.day - timedelta(days=1), time_zone=self.time_zone))

    @property
    def ends(self) -> datetime:
        """The moment, in UTC, after which decisions are of later days."""
        return as_stored(end_of_day(self.day, time_zone=self.time_zone))


def record_shown(
    store: Store, customer_id: int, lists: Mapping[OfferList, pd.DataFrame], *, today: date, within_days: int
) -> int:
    """Keep what was recommended for a customer today, once per list and product; says how many were new.

    In: lists[product_id, reason_kind], best first; of a list the first 20. What was shown three years ago or earlier
    and never decided goes.
    """
    shown = [
        {"product_id": int(row.product_id), "list_name": name.value, "reason_kind": str(row.reason_kind), "rank": rank}
        for name, table in lists.items()
        for rank, row in enumerate(table.head(MOST_SHOWN).itertuples(), start=1)
    ]
    with store.read() as session:
        if not _missing(session, customer_id, shown, today):
            return 0
    with store.begin() as session:  # asked again: another window may have stored them in between
        rows = _missing(session, customer_id, shown, today)
        if rows:
            same = {"customer_id": customer_id, "shown_on": today, "within_days": within_days}
            first = next_id(session, Base.metadata.tables[Offer.__tablename__])
            whole = {**same, "state": OfferState.SHOWN.value, "decided_at": None}
            session.execute(insert(Offer), [{"id": first + at, **whole, **row} for at, row in enumerate(rows)])
            old = today - timedelta(days=KEPT_DAYS)
            session.execute(delete(Offer).where(Offer.shown_on <= old, Offer.decided_at.is_(None)))
    return len(rows)


def decide_offer(
    store: Store, *, customer_id: int, product_id: int, shown_on: date, state: OfferState, now: datetime
) -> None:
    """Keep what was said to an offer of a day, on every list that it stood on; NotFoundError where there is none."""
    if state not in DECISIONS:
        raise CrmError(f"An offer is {', '.join(DECISIONS)}, not '{state}'.")
    choice = {"state": OfferState(state).value, "decided_at": as_stored(now)}
    _change(store, customer_id, product_id, shown_on, choice)


def put_offer_back(store: Store, *, customer_id: int, product_id: int, shown_on: date) -> None:
    """Forget what was said to an offer of a day, so that it may be made again."""
    _change(store, customer_id, product_id, shown_on, {"state": OfferState.SHOWN.value, "decided_at": None})


def offers_of(store: Store, base: CustomerBase, customer_id: int, *, at: OfferDay) -> pd.DataFrame:
    """What was offered to one customer up to a day and what became of it, the latest first.

    Out: as ``join_showings``, and [product: name].
    """
    with store.read() as session:
        rows = offered_rows(session, until=at.day, before=at.ends, customer_id=customer_id)
        bought = kept_purchases(session, as_of=base.as_of, customer_id=customer_id, only_offered=True)
        names = product_facts(session)["product"]
    counted = join_showings(rows, bought, known_until=known_until(base))
    return counted.assign(product=counted["product_id"].map(names).astype("str"))


def decided_offers(
    store: Store,
    *,
    at: OfferDay,
    before_today: bool = False,
    customer_id: int | None = None,
    product_id: int | None = None,
) -> pd.DataFrame:
    """The decisions that keep offers from being made on a day; ``before_today``: without those of the day itself, whose
    offers stay where they were so that they can be taken back.

    Out: as ``resting``, [customer_id, product_id, shown_on, state, within_days, decided_on, until].
    """
    moment = at.begins if before_today else at.ends
    with store.read() as session:
        said = decided_pairs(session, before=moment, customer_id=customer_id, product_id=product_id)
    said["decided_on"] = _days(said.pop("decided_at"), at.time_zone)
    return resting(said, day=at.day)


def known_until(base: CustomerBase) -> pd.Timestamp | None:
    """The last day with an order: later purchases nobody knows of yet."""
    return base.days["ordered_on"].max() if len(base.days) else None


def _missing(session: Session, customer_id: int, shown: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    stored = select(Offer.list_name, Offer.product_id).filter_by(customer_id=customer_id, shown_on=today)
    known = {tuple(row) for row in session.execute(stored)}
    return [row for row in shown if (row["list_name"], row["product_id"]) not in known]


def _change(store: Store, customer_id: int, product_id: int, shown_on: date, choice: dict[str, Any]) -> None:
    which = {"customer_id": customer_id, "product_id": product_id, "shown_on": shown_on}
    with store.begin() as session:
        found = session.scalars(select(Offer.id).filter_by(**which)).all()
        if not found:
            raise NotFoundError("This offer is not there any more. Open the page again and look at the list anew.")
        session.execute(update(Offer).where(Offer.id.in_(found)).values(**choice))


def _days(moments: pd.Series, time_zone: str) -> pd.Series:
    """The owner's days of moments in UTC, as datetime64."""
    there = pd.to_datetime(moments).dt.tz_localize("UTC").dt.tz_convert(zone_of(time_zone))
    return there.dt.tz_localize(None).dt.normalize()
