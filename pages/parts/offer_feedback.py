"""What pages ask of and do with the owner's word on offers: what is left out, what was said today, the ways back."""

from typing import Any

import pandas as pd

from crm_core.decisions.offer_rest import DECLINE_REST_DAYS
from crm_core.services.offer_feedback import OfferDay, decided_offers, offers_of
from crm_core.services.offer_wishes import (
    OfferWishes,
    customers_left_out,
    customers_who_gave_back,
    feedback_version,
    learn_from_offers,
    list_never_offered,
    products_given_back,
    wishes_for,
)
from crm_core.wording import day
from pages.parts import loading

LEARNING = (
    f"What is declined rests for this customer for {DECLINE_REST_DAYS} days; what is not useful is not offered to them "
    "again until you take it back. From the next day on, reasons and products that are taken more often rank higher."
)


def offer_day() -> OfferDay:
    """The owner's day that this window looks at."""
    return OfferDay(loading.day_of_list(), loading.preferences().time_zone)


def version() -> tuple[Any, ...]:
    """What lists rest on besides facts: they may be kept until this changes."""
    at = offer_day()
    return (at.day, at.time_zone, *feedback_version(loading.store(), at=at))


def wishes_of(customer_id: int) -> OfferWishes:
    """What is left out of a customer's lists, and what outcomes taught up to yesterday."""
    store, base, at = loading.store(), loading.base(), offer_day()
    learnt = loading.kept("learnt from offers", *version(), compute=lambda: learn_from_offers(store, base, at=at))
    returned = loading.kept(
        "given back", customer_id, compute=lambda: products_given_back(store, customer_id, as_of=base.as_of)
    )
    return wishes_for(store, base, customer_id, at=at, learnt=learnt, before_today=True, returned=returned)


def left_out(product_id: int) -> frozenset[int]:
    """To whom a product is not offered."""
    store, base, at = loading.store(), loading.base(), offer_day()
    back = loading.kept(
        "who gave back", product_id, compute=lambda: customers_who_gave_back(store, product_id, as_of=base.as_of)
    )
    return customers_left_out(store, product_id, at=at, returned=back)


def never_offered_products() -> pd.DataFrame:
    """What is offered to nobody: [product_id, product, decided_at]."""
    return list_never_offered(loading.store(), at=offer_day())


def never_offered_ids() -> tuple[int, ...]:
    """Their numbers, a part of the keys of what is kept."""
    return tuple(int(product) for product in never_offered_products()["product_id"])


def names_to_offer() -> pd.Series:
    """Index product id -> name, of what is still sold and may be offered."""
    return loading.names_of_products().drop(list(never_offered_ids()), errors="ignore")


def offers_so_far(customer_id: int) -> pd.DataFrame:
    """Everything that was offered to a customer and what became of it, the latest first."""
    return offers_of(loading.store(), loading.base(), customer_id, at=offer_day())


def resting_offers(customer_id: int) -> pd.DataFrame:
    """What is not offered to a customer because of what was said, [product_id, state, until, decided_on, shown_on]."""
    return decided_offers(loading.store(), at=offer_day(), customer_id=customer_id)


def say_rest(until: pd.Timestamp) -> str:
    """How long an offer rests, in words."""
    return "is not offered to them until you take it back" if pd.isna(until) else f"rests until {day(until.date())}"
