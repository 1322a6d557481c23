"""Customers like this one: the nearest neighbours on scaled facts."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crm_core.errors import CrmError, NotFoundError
from crm_core.features.fact_words import say_fact
from crm_core.features.scaled_facts import scale_facts

__all__ = ["DEFAULT_FACTS", "similar_customers"]

DEFAULT_FACTS = ("days_since_last_order", "orders", "spend_minor", "mean_order_minor", "tenure_days")
FACTS_NAMED = 3


def similar_customers(
    table: pd.DataFrame,
    customer_id: int | str,
    *,
    columns: Sequence[str] = DEFAULT_FACTS,
    k: int = 5,
    currency: str = "EUR",
) -> pd.DataFrame:
    """The k customers nearest to one on standardised facts, nearest first.

    In: one row per customer (index customer_id) with the facts. Out: index customer_id, [distance: in standard
    deviations, shared: the facts in which the two are closest, in the neighbour's own numbers]; empty without others.
    One customer is asked for at a time, so all distances are taken: exact, and quicker than building a tree.

    >>> base = pd.DataFrame({"orders": [9, 8, 1], "spend_minor": [90_000, 85_000, 900]}, index=[1, 2, 3])
    >>> similar_customers(base, 1, columns=["orders", "spend_minor"], k=1)["shared"].to_dict()
    {2: '€850 spent, 8 orders'}
    """
    if customer_id not in table.index:
        raise NotFoundError(f"Customer {customer_id} has no orders here, so nobody can be compared with them.")
    if k < 1:
        raise CrmError(f"Ask for at least one neighbour, not {k}.")
    scaled = scale_facts(table, columns=columns).values.sort_index()
    gaps = np.abs(scaled.to_numpy() - scaled.loc[customer_id].to_numpy())
    distances = np.sqrt((gaps**2).sum(axis=1))
    others = np.flatnonzero(scaled.index != customer_id)
    nearest = others[np.argsort(distances[others], kind="stable")[:k]]
    found = table.loc[scaled.index[nearest]]
    shared = [
        describe_shared(row, gap, columns=list(scaled.columns), currency=currency)
        for row, gap in zip(found.to_dict("records"), gaps[nearest], strict=True)
    ]
    return pd.DataFrame({"distance": distances[nearest], "shared": pd.Series(shared, index=found.index, dtype="str")})


def describe_shared(row: dict[str, float], gaps: np.ndarray, *, columns: list[str], currency: str) -> str:
    """The facts with the smallest gaps, as the neighbour's own numbers."""
    closest = np.argsort(gaps, kind="stable")[:FACTS_NAMED]
    return ", ".join(say_fact(columns[place], float(row[columns[place]]), currency=currency) for place in closest)
