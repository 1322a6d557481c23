"""The first days of customers who came before, and how their first year ended: read from the store and learnt."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from crm_core.decisions.loyalty import score_loyalty
from crm_core.errors import CrmError, NotFoundError, TooLittleDataError
from crm_core.features.first_days import FIRST_DAYS, YEAR_DAYS, first_days_table, first_year_table
from crm_core.models.newcomers import LEAST_CUSTOMERS, RangeForest
from crm_core.services.customers import CustomerBase
from crm_core.store.newcomer_queries import first_talk_on, refund_days, request_days, talk_days
from crm_core.store.session import Store
from crm_core.wording import day

__all__ = [
    "ANSWER",
    "FIRST_DAYS",
    "TALK",
    "FirstDays",
    "FirstYears",
    "days_of",
    "first_days_of",
    "learn_first_years",
    "too_few_older",
    "year_before",
]

MOST_LEARNT = 3_000  # the forest is learnt in a second or two, and more customers hardly move it
SEED = 7
TALK, ANSWER = "interaction_minutes", "first_response_minutes"


@dataclass(frozen=True)
class FirstDays:
    """What somebody did in their first days; None: nothing known of conversations, or no request answered so far."""

    seen_days: int = FIRST_DAYS
    orders: int = 1
    interaction_minutes: float | None = None
    first_response_minutes: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.seen_days <= FIRST_DAYS:
            raise CrmError(f"The first days are 1 to {FIRST_DAYS}, not {self.seen_days}.")
        if self.orders < 1:
            raise CrmError(f"A customer has at least one order, not {self.orders}.")
        for minutes in (self.interaction_minutes, self.first_response_minutes):
            if minutes is not None and not 0 <= minutes < np.inf:
                raise CrmError(f"Minutes can't be {minutes:g}: write 0 or more.")


@dataclass(frozen=True, eq=False)
class FirstYears:
    """What was learnt. Shared between pages: never change its table.

    table: index customer_id, [orders, interaction_minutes, first_response_minutes of the first days, NaN where
    unknown, first_order_on, loyalty: 0..100 after a year]; facts: the columns the forest knows; older: customers with
    a full first year, of whom those in the table were drawn.
    """

    table: pd.DataFrame
    facts: tuple[str, ...]
    forest: RangeForest
    older: int
    seen_days: int


def too_few_older(base: CustomerBase) -> str:
    """The sentence saying how many customers are needed and when they will be there; empty where there are enough."""
    first = base.table["first_order_on"].sort_values()
    number = int((first <= year_before(base)).sum())
    if number >= LEAST_CUSTOMERS:
        return ""
    sentence = (
        f"What becomes of a new customer is learnt from customers whose first order is a year ago or longer: "
        f"{LEAST_CUSTOMERS} are needed, there {'is' if number == 1 else 'are'} {number} so far."
    )
    if len(first) < LEAST_CUSTOMERS:
        return sentence
    reached = first.iloc[LEAST_CUSTOMERS - 1].date() + timedelta(days=YEAR_DAYS)
    return f"{sentence} With the customers you have it will be {LEAST_CUSTOMERS} on {day(reached)}."


def learn_first_years(
    store: Store, base: CustomerBase, *, alpha: float, beta: float, seen_days: int = FIRST_DAYS
) -> FirstYears:
    """Learn loyalty after a year from the first ``seen_days`` days of every customer whose first year is over.

    Loyalty is scored as everywhere, with what was spent and how often in the first year alone. Of more than 3,000 such
    customers that many are drawn with a seed.
    """
    lacking = too_few_older(base)
    if lacking:
        raise TooLittleDataError(lacking)
    older = base.table.index[base.table["first_order_on"] <= year_before(base)].sort_values()
    drawn = older
    if len(older) > MOST_LEARNT:
        drawn = older[np.sort(np.random.default_rng(SEED).choice(len(older), MOST_LEARNT, replace=False))]
    table = _first_days(store, base, drawn, seen_days=seen_days)
    with store.read() as session:
        refunds = refund_days(session, customer_ids=drawn.tolist(), as_of=base.as_of, currencies=base.currencies)
    year = first_year_table(days_of(base, drawn), refunds, as_of=pd.Timestamp(base.as_of))
    ended = score_loyalty(year.rename(columns={"spend_minor": "clv_minor"}), alpha=alpha, beta=beta)
    table = table.loc[year.index].assign(loyalty=ended)
    facts = tuple(name for name in ("orders", TALK, ANSWER) if name == "orders" or (table[name] > 0).any())
    forest = RangeForest(bounds=(0.0, 100.0), seed=SEED).fit(table[list(facts)], table["loyalty"])
    return FirstYears(table, facts, forest, older=len(older), seen_days=seen_days)


def first_days_of(store: Store, base: CustomerBase, customer_id: int) -> FirstDays:
    """The first days of one customer, as far as they have passed."""
    if customer_id not in base.table.index:
        raise NotFoundError(f"Customer {customer_id} has no orders here, so there are no first days to look at.")
    first = base.table.loc[customer_id, "first_order_on"]
    seen = min(FIRST_DAYS, (pd.Timestamp(base.as_of) - first).days + 1)
    row = _first_days(store, base, pd.Index([customer_id]), seen_days=seen).iloc[0]
    minutes, answer = (None if np.isnan(row[name]) else float(row[name]) for name in (TALK, ANSWER))
    return FirstDays(seen, int(row["orders"]), minutes, answer)


def _first_days(store: Store, base: CustomerBase, people: pd.Index, *, seen_days: int) -> pd.DataFrame:
    """The first days of some customers. Out: see ``first_days_table``."""
    asked = {"customer_ids": people.tolist(), "as_of": base.as_of}
    with store.read() as session:
        talks, requests = talk_days(session, **asked), request_days(session, **asked)
        since = first_talk_on(session, as_of=base.as_of)
    return first_days_table(
        days_of(base, people),
        talks,
        requests,
        as_of=pd.Timestamp(base.as_of),
        seen_days=seen_days,
        talks_since=pd.Timestamp(since) if since else None,
    )


def days_of(base: CustomerBase, people: pd.Index) -> pd.DataFrame:
    """The purchase days of some customers. Out: as ``CustomerBase.days``."""
    return base.days[base.days["customer_id"].isin(people)]


def year_before(base: CustomerBase) -> pd.Timestamp:
    """The last day on which a customer's first order leaves them a whole first year."""
    return pd.Timestamp(base.as_of) - pd.Timedelta(days=YEAR_DAYS)
