"""How the demonstration company's customers buy: when, how much, and which products together."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from crm_core.demo_words import COMPANIONS, KINDS, PRODUCTS

__all__ = ["Purchases", "draw_lines", "draw_purchases"]

Numbers = NDArray[np.int64]
Shares = NDArray[np.float64]

MOST_ORDERS = 120  # more than the keenest customer reaches in three years
SEASON = (0.72, 0.85, 1.0, 1.0, 1.1, 0.9, 0.8, 0.75, 0.95, 1.05, 1.5, 1.75)  # January first
KIND_WEIGHTS = (0.27, 0.22, 0.18, 0.11, 0.15, 0.07)


@dataclass(frozen=True)
class Purchases:
    """One entry per order, in the order of time: who (-1: a guest), days since the first day, how large (usual: 1)."""

    customer: Numbers
    offset: Numbers
    size: Shares


def draw_purchases(rng: Generator, customers: int, guests: int, *, first_day: date, days: int, firms: int) -> Purchases:
    """When each customer orders: gamma rates, dropout, seasons, and a steadier rhythm for some.

    The first ``firms`` customers are firms, which buy more at a time.
    """
    pace = np.cumsum([SEASON[(first_day + timedelta(days=d)).month - 1] for d in range(days)])
    joined = _join_days(rng, customers, pace)
    rate = np.minimum(rng.gamma(1.15, 1 / 50, customers), 1 / 10)
    steady = np.where(rng.random(customers) < 0.3, 5.0, 1.2)
    gaps = rng.gamma(steady[:, None], 1 / (steady * rate)[:, None], (customers, MOST_ORDERS))
    gaps[:, 0] = 0
    bought = pace[joined][:, None] + np.cumsum(gaps, axis=1)
    stays = rng.geometric(np.clip(rng.beta(0.75, 3.2, customers), 0.005, 1))
    seen = (bought <= pace[-1]) & (np.arange(MOST_ORDERS) < stays[:, None])
    who = np.nonzero(seen)[0]
    size = rng.lognormal(0, 0.45, customers) * np.where(np.arange(customers) < firms, 4.0, 1.0)
    who = np.concatenate([who, np.full(guests, -1)])
    offset = np.concatenate([np.searchsorted(pace, bought[seen]), rng.integers(0, days, guests)])
    in_time = np.lexsort((who, offset))
    who, offset = who[in_time], offset[in_time]
    return Purchases(who, offset.astype("int64"), np.where(who < 0, 0.8, size[who]) * rng.lognormal(0, 0.3, len(who)))


def _join_days(rng: Generator, customers: int, pace: Shares) -> Numbers:
    """The day of each first order: the shop grows, and wins most people in its good months."""
    weight = np.diff(pace, prepend=0) * np.linspace(0.7, 1.3, len(pace))
    weight[:30] *= 3  # those who had known the market stall before
    return rng.choice(len(pace), customers, p=weight / weight.sum()).astype("int64")


def draw_lines(rng: Generator, customer: Numbers, size: Shares) -> pd.DataFrame:
    """What lies in each basket.

    Out: one row per order and product, [order: position, product: position in PRODUCTS, quantity, amount_minor].
    """
    order = np.repeat(np.arange(len(customer)), 1 + np.minimum(rng.poisson(0.9, len(customer)), 5))
    product = _draw_products(rng, customer[order])
    partner = _partners()[product]
    added = (partner >= 0) & (rng.random(len(product)) < 0.33)
    order, product = np.concatenate([order, order[added]]), np.concatenate([product, partner[added]])
    basket = np.unique(order * len(PRODUCTS) + product)
    order, product = np.divmod(basket, len(PRODUCTS))
    price = np.array([cents for _, _, cents, _ in PRODUCTS])[product]
    wanted = size[order] * np.where(price < 2000, 1.4, 0.7) * rng.lognormal(0, 0.25, len(order))
    quantity = np.maximum(1, np.round(wanted)).astype("int64")
    return pd.DataFrame({"order": order, "product": product, "quantity": quantity, "amount_minor": quantity * price})


def _draw_products(rng: Generator, customer: Numbers) -> Numbers:
    """A product per line: by the person's taste for kinds, by Zipf's law in a kind, often their favourite again."""
    people = int(customer.max()) + 2  # the last one stands for the guests, who are -1
    taste = rng.dirichlet(np.array(KIND_WEIGHTS) * 4, people)
    taste[-1] = KIND_WEIGHTS
    kind = (
        (rng.random(len(customer))[:, None] > np.cumsum(taste, axis=1)[customer]).sum(axis=1).clip(max=len(KINDS) - 1)
    )
    favourite = np.stack([_by_popularity(rng, np.full(people, number)) for number in range(len(KINDS))], axis=1)
    usual = favourite[customer, kind]
    used_up = np.array([refill for *_, refill in PRODUCTS])[usual]
    again = used_up & (customer >= 0) & (rng.random(len(customer)) < 0.5)
    return np.where(again, usual, _by_popularity(rng, kind))


def _by_popularity(rng: Generator, kind: Numbers) -> Numbers:
    drawn = np.empty(len(kind), dtype="int64")
    for number, name in enumerate(KINDS):
        members = np.array([position for position, row in enumerate(PRODUCTS) if row[1] == name])
        zipf = 1 / np.arange(1, len(members) + 1)
        here = kind == number
        drawn[here] = rng.choice(members, int(here.sum()), p=zipf / zipf.sum())
    return drawn


def _partners() -> Numbers:
    position = {name: number for number, (name, *_) in enumerate(PRODUCTS)}
    return np.array([position.get(COMPANIONS.get(name, ""), -1) for name, *_ in PRODUCTS])
