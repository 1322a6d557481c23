"""Whom to offer a product to, and what it may be worth: the chance that they buy it, times what an order leaves."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crm_core.models.offer_chances import OfferChances, learn_chances
from crm_core.models.tastes import Tastes
from crm_core.services.customers import CustomerBase
from crm_core.services.recommendations import offer_product
from crm_core.store.currencies import Currencies
from crm_core.store.product_queries import product_price, product_sales
from crm_core.store.session import Store
from crm_core.wording import estimate, money, plural, share

__all__ = [
    "DAYS", "OfferChances", "ProductMargin", "audience_words", "learn_offer_chances", "pick_audience",
    "price_product", "rank_audience",
]  # fmt: skip

DAYS = 30  # ahead, within which a purchase counts
MOST_ASKED = 400  # candidates that are ranked by chance


@dataclass(frozen=True)
class ProductMargin:
    """What one order of a product leaves, in the base currency, and what that rests on; None where it is unknown."""

    per_order_minor: float | None
    basis: str


def learn_offer_chances(tastes: Tastes, *, new_only: bool) -> OfferChances | None:
    """The chance behind a score, from the latest 30 days; None where the past is too short."""
    return learn_chances(tastes, days=DAYS, new_only=new_only)


def price_product(store: Store, base: CustomerBase, product_id: int, *, margin_share: float) -> ProductMargin:
    """Price less cost where both are known, times the usual quantity; else a share of what orders paid for it."""
    with store.read() as session:
        price, cost, currency = product_price(session, product_id)
        sales = product_sales(session, product_id, as_of=base.as_of)
    if price is not None and cost is not None and currency is not None:
        each = base.currencies.convert(price - cost, currency)
        if each is not None:
            known = int(sales["orders_with_quantity"].sum())
            quantity = float(sales["quantity"].sum()) / known if known else 1.0
            words = f"price less cost, {money(each, base.currency)}, times {quantity:.1f} in a usual order"
            return ProductMargin(each * quantity, words)
    counts = sales.assign(paid=_converted(sales, base.currencies)).dropna(subset="paid")
    if counts.empty:
        return ProductMargin(None, "no order of it is in a currency that counts, and its price and cost are not known")
    paid = float(counts["paid"].sum()) / int(counts["orders"].sum())
    of_it = "" if margin_share == 1 else f", of which {share(margin_share)} is margin by your settings"
    return ProductMargin(
        paid * margin_share,
        f"what an order pays for it on average, {money(paid, base.currency)}{of_it}",
    )


def _converted(sales: pd.DataFrame, currencies: Currencies) -> pd.Series:
    """The amounts in the base currency; NaN where no rate is known."""
    worth = [currencies.convert(int(a), str(c)) for a, c in zip(sales["amount_minor"], sales["currency"], strict=True)]
    return pd.Series(worth, index=sales.index, dtype="float64")


def rank_audience(
    base: CustomerBase, tastes: Tastes, product_id: int, margin: ProductMargin, chances: OfferChances | None, *,
    new_only: bool = False, without: frozenset[int] = frozenset(),
) -> pd.DataFrame:  # fmt: skip
    """The best 400 people of `offer_product`, by the chance that they buy it within 30 days where that could be learnt.

    Out: index customer_id, [label, email, stage, reason, score, rank, chance: 0..1, worth_minor: chance times margin];
    chance and worth are NaN where they are not known.
    """
    people = offer_product(base, tastes, product_id, k=MOST_ASKED, new_only=new_only, without=without)
    if chances is None:
        return people.assign(chance=np.nan, worth_minor=np.nan)
    product = int(tastes.matrix.products.get_loc(product_id))
    places = np.asarray(tastes.matrix.customers.get_indexer(people.index), dtype=np.int64)
    people = people.assign(chance=chances.of_product(tastes.parts, places, product))
    by_number = people.sort_index(kind="stable")  # equal chances in the order of customers
    people = by_number.sort_values("chance", ascending=False, kind="stable")
    each = np.nan if margin.per_order_minor is None else margin.per_order_minor
    return people.assign(rank=range(1, len(people) + 1), worth_minor=people["chance"] * each)


def pick_audience(ranked: pd.DataFrame, *, among: pd.Index | None = None, k: int = 50) -> pd.DataFrame:
    """The first k of `rank_audience`, or of those ``among`` certain customers, ranked anew."""
    people = ranked if among is None else ranked[ranked.index.isin(among)]
    people = people.head(k)
    return people.assign(rank=range(1, len(people) + 1))


def audience_words(people: pd.DataFrame, margin: ProductMargin, currency: str) -> str:
    """What the list comes to, and what is assumed, in a sentence; without chances, that they could not be learnt."""
    if people["chance"].isna().all():
        return (
            f"How many would buy it can't be said yet: that takes some months of orders, with {DAYS} days to test on. "
            "The list is ordered by how much speaks for it."
        )
    buyers, who = people["chance"].sum(), plural(len(people), "customer")
    about = f"about {buyers:.0f}" if buyers >= 1 else "hardly one"
    found = f"Of the {who} listed {about} would buy it within {DAYS} days"
    if margin.per_order_minor is None:
        return f"{found}; what that is worth is not known: {margin.basis}."
    return f"{found}, worth about {estimate(float(people['worth_minor'].sum()), currency)}."
