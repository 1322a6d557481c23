"""The demonstration company, simulated: people, what they bought and what was said. Nothing here is stored or real.

Orders follow the buy-till-you-drop picture: each customer buys at a rate drawn from a gamma distribution, drops out
after a purchase with a probability drawn from a beta distribution, and the year has its seasons. Spend is log-normal
through the quantities; products follow Zipf's law within a kind, with tastes, favourites and companions.
"""

import string
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from crm_core.demo_orders import draw_lines, draw_purchases
from crm_core.demo_words import (
    COUNTRIES,
    FAMILY_NAMES,
    FIRMS,
    GIVEN_NAMES,
    NOTES,
    PRODUCTS,
    SUBJECTS,
    SURVEY_QUESTION,
)
from crm_core.vocabulary import OrderStatus

__all__ = ["DAYS", "Company", "make_company"]

DAYS = 3 * 365
CUSTOMERS = 800
PROSPECTS = 48
GUEST_ORDERS = 140
STALL, WEB, SHOP = "market stall", "web shop", "shop"


@dataclass(frozen=True)
class Company:
    """Everything the demonstration company knows; people, products and orders are referred to by position.

    customers[name, email, phone, postcode, country, birthday, channel], products[name, category],
    orders[customer: position or -1 for a guest, day, status, channel, amount_minor], lines[order, product, quantity,
    amount_minor], refunds[order, customer, day, amount_minor], interactions[customer, day, channel, minutes, note],
    tickets[customer, day, subject, first_response_minutes: NaN unanswered, resolved_on], answers[customer, day,
    question, score: 0..1]. Amounts in cents of a euro, days as datetime.date.
    """

    customers: pd.DataFrame
    products: pd.DataFrame
    orders: pd.DataFrame
    lines: pd.DataFrame
    refunds: pd.DataFrame
    interactions: pd.DataFrame
    tickets: pd.DataFrame
    answers: pd.DataFrame


def make_company(*, last_day: date, seed: int = 37) -> Company:
    """The company whose three years end on ``last_day``; the same day and seed give the same company.

    >>> company = make_company(last_day=date(2026, 3, 14))
    >>> len(company.customers), company.orders["day"].max() <= date(2026, 3, 14)
    (800, True)
    """
    rng = np.random.default_rng(seed)
    first_day = last_day - timedelta(days=DAYS - 1)
    firms = len(FIRMS)
    purchases = draw_purchases(rng, CUSTOMERS - PROSPECTS, GUEST_ORDERS, first_day=first_day, days=DAYS, firms=firms)
    lines = draw_lines(rng, purchases.customer, purchases.size)
    orders = _orders(rng, purchases.customer, purchases.offset, lines, first_day)
    joined = pd.Series(orders["day"].to_numpy()).groupby(purchases.customer).min().drop(-1, errors="ignore")
    tickets = _tickets(rng, orders, last_day)
    return Company(
        customers=_people(rng, first_day),
        products=pd.DataFrame([{"name": name, "category": kind.capitalize()} for name, kind, *_ in PRODUCTS]),
        orders=orders,
        lines=lines,
        refunds=_refunds(rng, orders, last_day),
        interactions=_interactions(rng, orders, joined, last_day),
        tickets=tickets,
        answers=_answers(rng, orders, tickets, last_day),
    )


def _people(rng: Generator, first_day: date) -> pd.DataFrame:
    names = list(_names(rng))
    countries = rng.choice(len(COUNTRIES), CUSTOMERS, p=[share for _, share, _ in COUNTRIES])
    numbers = rng.permutation(1000)[:CUSTOMERS]
    known = rng.random((3, CUSTOMERS)) < [[0.93], [0.4], [0.55]]
    ages = rng.integers(19 * 365, 78 * 365, CUSTOMERS)
    return pd.DataFrame(
        {
            "name": names,
            "email": [_address(name) if yes else None for name, yes in zip(names, known[0], strict=True)],
            # Berlin's numbers that are set aside for films
            "phone": [f"+493023125{n:03d}" if yes else None for n, yes in zip(numbers, known[1], strict=True)],
            "postcode": [_postcode(rng, COUNTRIES[c][2]) for c in countries],
            "country": [COUNTRIES[c][0] for c in countries],
            "birthday": [
                first_day - timedelta(days=int(age)) if yes and i >= len(FIRMS) else None
                for i, (age, yes) in enumerate(zip(ages, known[2], strict=True))
            ],
            "channel": rng.choice([WEB, STALL, SHOP], CUSTOMERS, p=[0.6, 0.28, 0.12]),
        }
    )


def _names(rng: Generator) -> Iterator[str]:
    yield from FIRMS
    pairs = rng.permutation(len(GIVEN_NAMES) * len(FAMILY_NAMES))[: CUSTOMERS - len(FIRMS)]
    for pair in pairs:
        given, family = divmod(int(pair), len(FAMILY_NAMES))
        yield f"{GIVEN_NAMES[given]} {FAMILY_NAMES[family]}"


def _address(name: str) -> str:
    """An e-mail address in a domain that is reserved for examples."""
    plain = unicodedata.normalize("NFKD", name.translate(str.maketrans("łŁøØ", "lLoO")))
    words = "".join(c for c in plain if c.isascii() and (c.isalpha() or c == " ")).lower().split()
    return f"{'.'.join(words)}@{'example.org' if len(name) % 2 else 'post.example'}"


def _postcode(rng: Generator, pattern: str) -> str:
    draw = {"#": string.digits, "@": string.ascii_uppercase}
    return "".join(draw[c][rng.integers(len(draw[c]))] if c in draw else c for c in pattern)


def _orders(
    rng: Generator, customer: NDArray[np.int64], offset: NDArray[np.int64], lines: pd.DataFrame, first_day: date
) -> pd.DataFrame:
    chance = rng.random(len(customer))
    recent = offset > DAYS - 6
    status = np.where(chance < 0.012, OrderStatus.CANCELLED.value, OrderStatus.PAID.value)
    saturday = np.array([(first_day + timedelta(days=int(d))).weekday() == 5 for d in offset])
    at_stall = (customer < 0) | (saturday & (rng.random(len(customer)) < 0.5))
    return pd.DataFrame(
        {
            "customer": customer,
            "day": [first_day + timedelta(days=int(d)) for d in offset],
            "status": np.where(recent & (chance > 0.93), OrderStatus.PENDING.value, status),
            "channel": np.where(at_stall, STALL, np.where(rng.random(len(customer)) < 0.85, WEB, SHOP)),
            "amount_minor": lines.groupby("order")["amount_minor"].sum().to_numpy(),
        }
    )


def _days_after(rng: Generator, days: Iterable[date], fewest: int, most: int) -> list[date]:
    """Each day moved on by fewest..most-1 days."""
    return [day + timedelta(days=int(rng.integers(fewest, most))) for day in days]


def _refunds(rng: Generator, orders: pd.DataFrame, last_day: date) -> pd.DataFrame:
    sold = orders[(orders["status"] == OrderStatus.PAID.value) & (orders["customer"] >= 0)]
    back = sold[rng.random(len(sold)) < 0.025]
    share = rng.choice([1.0, 0.5, 0.25], len(back), p=[0.5, 0.25, 0.25])
    refunds = pd.DataFrame(
        {
            "order": back.index,
            "customer": back["customer"].to_numpy(),
            "day": _days_after(rng, back["day"], 2, 15),
            "amount_minor": np.round(back["amount_minor"].to_numpy() * share).astype("int64"),
        }
    )
    return refunds[refunds["day"] <= last_day].reset_index(drop=True)


def _interactions(rng: Generator, orders: pd.DataFrame, joined: "pd.Series[date]", last_day: date) -> pd.DataFrame:
    """Conversations around orders, and a first one with some who have not bought yet."""
    asked = orders[(orders["customer"] >= 0) & (rng.random(len(orders)) < 0.16)]
    prospects = np.arange(len(joined), CUSTOMERS)
    prospects = prospects[rng.random(len(prospects)) < 0.6]
    customer = np.concatenate([asked["customer"].to_numpy(), prospects])
    before = [last_day - timedelta(days=int(n)) for n in rng.integers(3, 240, len(prospects))]
    days = [min(last_day, day) for day in _days_after(rng, asked["day"], 0, 12)]
    return pd.DataFrame(
        {
            "customer": customer,
            "day": days + before,
            "channel": rng.choice(["e-mail", "phone", STALL], len(customer), p=[0.5, 0.2, 0.3]),
            "minutes": np.round(rng.lognormal(1.7, 0.7, len(customer)), 1),
            "note": rng.choice(NOTES, len(customer)),
        }
    )


def _tickets(rng: Generator, orders: pd.DataFrame, last_day: date) -> pd.DataFrame:
    """Requests after orders; two of the last week's still wait for a first answer, some others are not resolved."""
    known = orders[(orders["customer"] >= 0) & (orders["status"] == OrderStatus.PAID.value)]
    late = known[known["day"] <= last_day - timedelta(days=8)].sort_values("day", kind="stable").tail(4)
    asked = known[(rng.random(len(known)) < 0.05) | known.index.isin(late.index)]
    opened = _days_after(rng, asked["day"], 1, 9)
    in_time = [day <= last_day for day in opened]
    asked, opened = asked[in_time], [day for day in opened if day <= last_day]
    response = np.round(rng.lognormal(5.4, 1.0, len(asked)))
    newest = np.argsort([d.toordinal() for d in opened], kind="stable")[::-1][:6]
    response[newest[:2]] = np.nan
    resolved: list[date | None] = [min(last_day, day) for day in _days_after(rng, opened, 0, 7)]
    for position in newest:
        resolved[position] = None
    return pd.DataFrame(
        {
            "customer": asked["customer"].to_numpy(),
            "day": opened,
            "subject": rng.choice(SUBJECTS, len(asked)),
            "first_response_minutes": response,
            "resolved_on": resolved,
        }
    )


def _answers(rng: Generator, orders: pd.DataFrame, tickets: pd.DataFrame, last_day: date) -> pd.DataFrame:
    """Survey answers after orders: those who waited long for help, and those who did not come back, are less happy."""
    known = orders[orders["customer"] >= 0]
    asked = known[rng.random(len(known)) < 0.12]
    wait = (
        tickets.groupby("customer")["first_response_minutes"].mean().reindex(asked["customer"]).fillna(120).to_numpy()
    )
    last = known.groupby("customer")["day"].max().reindex(asked["customer"]).to_numpy()
    gone = np.array([(last_day - day).days > 240 for day in last])
    feeling = 0.85 - 0.07 * np.log(wait / 120) - 0.18 * gone + rng.normal(0, 0.17, len(asked))
    days = [min(last_day, day) for day in _days_after(rng, asked["day"], 3, 15)]
    return pd.DataFrame(
        {
            "customer": asked["customer"].to_numpy(),
            "day": days,
            "question": SURVEY_QUESTION,
            "score": np.clip(np.round(feeling * 4) / 4, 0, 1),
        }
    )
